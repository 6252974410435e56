import type { Precision, Probes } from './ceilings.js'
import type { Profiled } from './machine.js'

/** A network that was measured alone, and then under the profiler. */
export interface CalibrationNetwork {
  readonly latencyMs: number
  readonly profiled: Profiled
}

/** What calibrating a machine saw, unjudged. */
export interface CalibrationRuns {
  readonly arithmetic: readonly {
    readonly name: string
    readonly precision: Precision
    readonly flops: number
    /** Null where the provider does not take the model. */
    readonly profiled: Profiled | null
  }[]
  /**
   * Chains of `length` additions over arrays that together take `workingSetBytes`. Where there are long chains, the one of
   * the smallest arrays shows what an addition costs beside its bytes.
   */
  readonly additions: readonly {
    readonly workingSetBytes: number
    readonly length: number
    readonly profiled: Profiled
  }[]
  /** Chains of kernels with next to nothing to do. */
  readonly chains: readonly { readonly kernels: number; readonly profiled: Profiled }[]
  readonly output: { readonly bytes: number; readonly profiled: Profiled }
  /** Whole networks; none where the provider does not time its kernels. */
  readonly networks: readonly CalibrationNetwork[]
  readonly probes: Probes
}
