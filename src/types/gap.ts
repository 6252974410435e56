import type { Analysis } from './analysis.js'
import type { Ceilings } from './ceilings.js'
import type { KernelClass } from './cost.js'
import type { Environment, Estimate, Measurement } from './machine.js'

export type Bound = 'compute' | 'memory' | 'dispatch'

/** What a source node became in the graph as executed. */
export type NodeFate = 'executed' | 'fused' | 'folded' | 'removed' | 'unmatched'

/** Which source nodes each kernel stands for. */
export interface Attribution {
  /** By kernel, indices into the model's nodes, in the file's order. */
  readonly sources: readonly (readonly number[])[]
  /** By kernel, the node that it helps another kernel to compute, whose source it is; null for all others. */
  readonly parts: readonly (number | null)[]
  /** By kernel, whether onnxruntime added it: no source node asked for it. */
  readonly inserted: readonly boolean[]
  /** By source node. */
  readonly fates: readonly NodeFate[]
}

export interface KernelGap {
  readonly name: string
  readonly op: string
  readonly provider: string
  readonly class: KernelClass
  /** Names of the source layers this kernel stands for. */
  readonly nodes: readonly string[]
  /** True where onnxruntime added the kernel (layout change, copy, cast): no source layer asked for it. */
  readonly inserted: boolean
  /** Null where onnxruntime tells only when the provider got the kernel. */
  readonly ms: number | null
  readonly share: number | null
  /** Of the source layers. */
  readonly macs: number
  readonly flops: number
  /** Of the kernel as it runs: with the channels that it pads. Null where no rule counts it. */
  readonly executedFlops: number | null
  readonly bytes: number
  /** What the source's FLOPs promise. */
  readonly flopsMs: number
  /** Of the kernel as it runs. */
  readonly rooflineMs: number
  /** By the calibration alone; null where it knows no such kernel. */
  readonly predictedMs: number | null
  /** ms / rooflineMs; null where the roofline is zero or the time not known. */
  readonly gap: number | null
  readonly bound: Bound
  /** False where it is faster than the machine's ceilings allow: then the time is not its own. */
  readonly isValid: boolean
  /** They sum to `ms`; none where it is not known. */
  readonly causes: readonly Pick<Cause, 'cause' | 'ms'>[]
}

/** Kernels of one part of a network, by the layers' names. */
export interface BlockGap {
  readonly name: string
  readonly kernels: number
  /** Null where a kernel's time is not known. */
  readonly ms: number | null
  readonly share: number | null
  readonly macs: number
  readonly flopsMs: number
  readonly rooflineMs: number
  readonly causes: readonly Pick<Cause, 'cause' | 'ms'>[]
}

/** A latency by the calibration alone. */
export interface Prediction {
  readonly latencyMs: Estimate
  /** Share of it in kernels of kinds that the calibration does not have. */
  readonly guessedShare: number
}

export interface Cause {
  /**
   * `arithmetic`, `padding`, `memory`, `dispatch`, `fragmentation`, `layout`, `efficiency:<class>`, `runtime`,
   * `untimed`, `unexplained`.
   */
  readonly cause: string
  readonly ms: number
  readonly share: number
}

export interface OpShare {
  readonly op: string
  readonly macsShare: number | null
  /** Null where a kernel's time is not known. */
  readonly timeShare: number | null
  readonly ms: number | null
  readonly kernels: number
}

/** What one execution provider ran. */
export interface ProviderShare {
  /** As onnxruntime calls it. */
  readonly provider: string
  readonly kernels: number
  /** Null where a kernel's time is not known. */
  readonly ms: number | null
  readonly share: number | null
}

export interface InsertedKernel {
  readonly name: string
  readonly op: string
  readonly ms: number | null
  /** Source layers on either side. */
  readonly after: string | null
  readonly before: string | null
}

export interface AttributionSummary {
  /** Share of kernel time whose kernel is mapped to source layers or named as inserted; null where no time is known. */
  readonly timeShare: number | null
  /** Share of the MACs that kernels stand for, of those not folded away or removed. */
  readonly macsShare: number
  /** Share of source nodes with a known fate. */
  readonly nodeShare: number
  /** How many source nodes had each fate. */
  readonly fates: Readonly<Record<NodeFate, number>>
  readonly unmatched: readonly string[]
  readonly inserted: readonly InsertedKernel[]
  /** More than one where kernels fell back to another provider than the one asked for. */
  readonly providers: readonly ProviderShare[]
}

/** Medians over the launches of what a user waits for once, and two parts of the session's creation. */
export interface Startup {
  readonly runtimeLoadMs: number
  readonly sessionCreateMs: number
  readonly modelLoadMs: number
  readonly initializeMs: number
  readonly firstRunMs: number
}

export interface GapReport extends Analysis {
  readonly environment: Environment
  readonly ceilings: Ceilings
  readonly measurement: Measurement & {
    readonly latencyMs: Estimate
    /** How many times as long the profiler makes a run: `profiledWallMs` over `plainWallMs`. */
    readonly profilerInflation: number
    readonly startup: Startup
    /** Items a second: the first dimension of the first input over the latency; null where it has none. */
    readonly throughput: { readonly batch: number; readonly perSecond: Estimate } | null
  }
  readonly theory: { readonly flopsTimeMs: number; readonly rooflineMs: number }
  /** Measured latency over `flopsTimeMs`; null where the model has no FLOPs. */
  readonly gap: Estimate | null
  readonly causes: readonly Cause[]
  readonly kernels: readonly KernelGap[]
  /** In order of execution; none where the layers' names do not tell of parts. */
  readonly blocks: readonly BlockGap[]
  readonly prediction: Prediction | null
  readonly opShares: readonly OpShare[]
  readonly attribution: AttributionSummary
}
