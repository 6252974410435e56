import type { Analysis } from './analysis.js'
import type { KernelClass } from './cost.js'
import type { Ceilings, Environment, Estimate, Measurement } from './machine.js'

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
  readonly macs: number
  readonly flops: number
  readonly bytes: number
  readonly flopsMs: number
  readonly rooflineMs: number
  /** ms / rooflineMs; null where the roofline is zero or the time not known. */
  readonly gap: number | null
  readonly bound: Bound
}

export interface Cause {
  /** `arithmetic`, `memory`, `dispatch`, `layout`, `efficiency:<class>`, `runtime`, `untimed`, `unexplained`. */
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

export interface GapReport extends Analysis {
  readonly environment: Environment
  readonly ceilings: Ceilings
  readonly measurement: Measurement & {
    readonly latencyMs: Estimate
    /** `profiledWallMs` over `latencyMs`. */
    readonly profilerInflation: number
  }
  readonly theory: { readonly flopsTimeMs: number; readonly rooflineMs: number }
  /** Measured latency over `flopsTimeMs`; null where the model has no FLOPs. */
  readonly gap: Estimate | null
  readonly causes: readonly Cause[]
  readonly kernels: readonly KernelGap[]
  readonly opShares: readonly OpShare[]
  readonly attribution: AttributionSummary
}
