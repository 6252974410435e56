import type { Precision, Probes } from './ceilings.js'
import type { Profiled } from './machine.js'

/** A network that was measured alone, and then under the profiler. */
export interface CalibrationNetwork {
  readonly latencyMs: number
  readonly profiled: Profiled
}

/** A micro-model, made to show how long one kind of kernel takes. */
export interface Shown {
  /** Null where the provider does not take the model. */
  readonly profiled: Profiled | null
  /**
   * A model that has `fewer` of the kernels, for those that have no times of their own, or none beside the profiler's; null
   * where the kernels' own times tell.
   */
  readonly beside: { readonly fewer: number; readonly profiled: Profiled | null } | null
}

/** What calibrating a machine saw, unjudged. */
export interface CalibrationRuns {
  readonly arithmetic: readonly (Shown & {
    readonly name: string
    readonly precision: Precision
    readonly flops: number
  })[]
  /** Additions over arrays that together take `workingSetBytes`. */
  readonly additions: readonly (Shown & { readonly workingSetBytes: number })[]
  /** Chains of kernels with next to nothing to do. */
  readonly chains: readonly { readonly kernels: number; readonly profiled: Profiled }[]
  readonly output: { readonly bytes: number; readonly profiled: Profiled }
  /** Whole networks; none where the provider does not time its kernels. */
  readonly networks: readonly CalibrationNetwork[]
  readonly probes: Probes
}
