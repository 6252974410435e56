import type { Analysis } from './analysis.js'
import type { Ceilings } from './ceilings.js'
import type { KernelClass } from './cost.js'
import type { Prediction } from './gap.js'
import type { Environment } from './machine.js'

/** A kernel that would run. */
export interface PredictedKernelCost {
  readonly name: string
  readonly op: string
  readonly class: KernelClass
  /** Names of the source layers it stands for. */
  readonly nodes: readonly string[]
  readonly inserted: boolean
  readonly rooflineMs: number
  readonly ms: number
  /** True where the calibration has no kernel of its kind, and that of any kernel is taken. */
  readonly isGuess: boolean
}

/** What `predict` reports: no time in it is measured. */
export interface PredictionReport extends Analysis {
  readonly environment: Environment
  readonly ceilings: Ceilings
  readonly theory: { readonly flopsTimeMs: number; readonly rooflineMs: number }
  readonly prediction: Prediction
  readonly kernels: readonly PredictedKernelCost[]
}
