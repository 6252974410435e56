/**
 * The records that flow through flopgap, from a model to a report. No code.
 *
 * Units are in the names. `macs` are multiply-accumulates, `flops` floating-point operations (one MAC is two),
 * bytes are what a kernel must read and write once. `null` is "not known", never zero.
 */

// ---------------------------------------------------------------------------------------------- model

/** An ONNX element type by the name onnxruntime gives it (`float32`, `int64`, …). */
export type ElementType = string

/** A size, or the name of a free dimension. */
export type Dim = number | string

export interface TensorType {
  readonly elementType: ElementType
  readonly dims: readonly Dim[]
}

/** A graph input or output; `type` is null where the file does not declare a tensor type. */
export interface ValueInfo {
  readonly name: string
  readonly type: TensorType | null
}

/** Values drawn evenly between two bounds from the weight's own seeded stream. */
export interface UniformFill {
  readonly lower: number
  readonly upper: number
}

/** Where a constant tensor's values are. Only `inline` ones are in memory; `filled` is one value throughout. */
export type TensorData =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string; readonly offset: number; readonly byteLength: number }
  | { readonly kind: 'elided' }
  | { readonly kind: 'filled' }
  | { readonly kind: 'generated'; readonly fill: UniformFill }

/** A constant tensor: an initializer, or the value of a Constant node. */
export interface Weight {
  readonly name: string
  readonly elementType: ElementType
  readonly dims: readonly number[]
  readonly data: TensorData
}

export type Attribute =
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'tensor'; readonly value: Weight }
  | { readonly type: 'other' }

export interface ModelNode {
  readonly name: string
  readonly op: string
  /** Operator domain; the empty string is ai.onnx. */
  readonly domain: string
  /** Tensor names; the empty string is an omitted optional input. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** A network as written: the graph of an ONNX file or of a built architecture, without its weights' values. */
export interface Model {
  readonly name: string
  readonly origin: { readonly kind: 'spec'; readonly spec: string } | { readonly kind: 'file'; readonly path: string }
  readonly irVersion: number
  /** Opset version by domain; the empty string is ai.onnx. */
  readonly opsets: Readonly<Record<string, number>>
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly nodes: readonly ModelNode[]
  readonly weights: ReadonlyMap<string, Weight>
  /** A loaded file's bytes with the values of large tensors left out; null for a built model, which has no file. */
  readonly skeleton: Uint8Array | null
}

/** A model whose every tensor has a type; a dimension that is still a name could not be inferred. */
export interface Graph {
  readonly model: Model
  readonly tensors: ReadonlyMap<string, TensorType>
}

/** A built architecture that was written to a file. */
export interface BuiltFile {
  readonly spec: string
  readonly path: string
  readonly seed: number
  readonly params: number
  readonly byteLength: number
  readonly sha256: string
}

// ---------------------------------------------------------------------------------------------- theory

/**
 * `counted`: a rule gave the arithmetic. `free`: the operator does no arithmetic. `uncounted`: no rule, or a shape the
 * rule needs is not known.
 */
export type CostStatus = 'counted' | 'free' | 'uncounted'

export interface LayerCost {
  /** The node's name, or its first output's where it has none. */
  readonly name: string
  readonly op: string
  readonly domain: string
  readonly outputs: readonly string[]
  readonly outputShape: readonly number[] | null
  readonly status: CostStatus
  readonly macs: number | null
  readonly flops: number | null
  /** Trainable elements first used by this layer. */
  readonly params: number
  /** Non-trainable state first used by this layer (BatchNorm's running mean and variance), in elements. */
  readonly buffers: number
  /** Bytes of `params` and `buffers` as stored. */
  readonly paramBytes: number
  readonly readBytes: number | null
  readonly writeBytes: number | null
  readonly kernelClass: KernelClass
}

/** Kinds of kernels that reach different rates on the same machine. */
export type KernelClass =
  | 'dense-conv'
  | 'pointwise-conv'
  | 'grouped-conv'
  | 'depthwise-conv'
  | 'matmul'
  | 'pooling'
  | 'normalization'
  | 'elementwise'
  | 'reduction'
  | 'data-movement'
  | 'layout'
  | 'other'

export interface Totals {
  readonly macs: number
  readonly flops: number
  readonly params: number
  readonly buffers: number
  readonly paramBytes: number
  readonly readBytes: number
  readonly writeBytes: number
  readonly peakActivationBytes: number | null
  /** FLOPs per byte read or written; null where no byte moves. */
  readonly arithmeticIntensity: number | null
}

export interface OpTotals {
  readonly op: string
  readonly count: number
  /** Null where a node of the operator is not counted. */
  readonly macs: number | null
  readonly flops: number | null
  readonly params: number
  readonly readBytes: number
  readonly writeBytes: number
}

export interface Coverage {
  readonly nodes: number
  readonly counted: number
  readonly free: number
  readonly uncounted: number
  readonly uncountedOps: readonly string[]
}

/** Something the reader should know, and what to try next. */
export interface Warning {
  readonly code: string
  readonly message: string
  readonly hint: string | null
}

export interface ModelIdentity {
  readonly name: string
  readonly spec: string | null
  readonly path: string | null
  /** Of the file's bytes; null where the weights were not read. */
  readonly sha256: string | null
  /** Of the model without its large weights' values: equal for two files that differ only in those. Null if not asked for. */
  readonly structureSha256: string | null
  readonly irVersion: number
  readonly opset: number
  readonly inputs: readonly { readonly name: string; readonly elementType: string; readonly shape: readonly Dim[] }[]
}

/** Figures as a paper or its authors published them, with where they stand. */
export interface PublishedFigures {
  readonly params?: string
  readonly macs?: string
  /** Accuracy in percent, on ImageNet unless the options name another data set. */
  readonly top1?: number
  readonly top5?: number
  /** A detector's mean average precision in percent, on the data and at the overlap that the source says. */
  readonly map?: number
  readonly latency?: string
  readonly source: string
}

export interface Analysis {
  readonly model: ModelIdentity
  /** What was published of this very variant, and why it differs from what is counted; null for files and other variants. */
  readonly published: (PublishedFigures & { readonly note: string | null }) | null
  readonly totals: Totals
  readonly layers: readonly LayerCost[]
  readonly byOp: readonly OpTotals[]
  readonly coverage: Coverage
  readonly warnings: readonly Warning[]
}

// ---------------------------------------------------------------------------------------------- machine

export interface Estimate {
  readonly point: number
  readonly lower: number
  readonly upper: number
  readonly confidenceLevel: number
}

/** Everything that decides what a time means, and where it was taken. */
export interface Environment {
  readonly provider: string
  readonly threads: number
  readonly onnxruntime: string
  readonly node: string
  readonly platform: string
  readonly arch: string
  readonly cpu: string
  readonly logicalCpus: number
  readonly memoryBytes: number
}

/** How a session is made: the options that change what runs. */
export interface SessionSettings {
  readonly provider: string
  readonly threads: number
}

/** Bandwidth reached by a chain of additions whose two inputs and output together take `workingSetBytes`. */
export interface BandwidthPoint {
  readonly workingSetBytes: number
  readonly bytesPerSecond: number
}

/** What this machine reaches through onnxruntime. */
export interface Ceilings {
  readonly measuredAt: string
  readonly fingerprint: string
  readonly flopsPerSecond: number
  /** The micro-models behind `flopsPerSecond`, which is their best. */
  readonly arithmetic: readonly { readonly name: string; readonly flopsPerSecond: number }[]
  /** Ascending in `workingSetBytes`. */
  readonly bandwidth: readonly BandwidthPoint[]
  /** Cost of one more kernel in a run, not profiled. */
  readonly dispatchMs: number
  /** Cost of one `run()` of a one-kernel model, through the Node binding. */
  readonly runMs: number
  /** What profiling adds to the reported time of one kernel. */
  readonly profilerMs: number
  /** What profiling adds to a run for each of its kernels, reported or not. */
  readonly profilerRunMs: number
}

/** A kernel that onnxruntime executes, and its times in a profiled session. */
export interface ExecutedKernel {
  readonly name: string
  readonly op: string
  readonly domain: string
  readonly provider: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly group: number | null
  readonly inputTypes: readonly TensorType[]
  readonly outputTypes: readonly TensorType[]
  /** Median over the profiled runs, as the profiler reports it. */
  readonly profiledMs: number
}

/** The graph onnxruntime executes, after folding, fusing and re-laying out. */
export interface ExecutedGraph {
  readonly kernels: readonly ExecutedKernel[]
  /** Names of constant tensors. */
  readonly constants: readonly string[]
  readonly profiledRuns: number
  /** Median wall time of one profiled run. */
  readonly profiledRunMs: number
}

/** What one measuring process saw, in time order and unjudged: everything after it is arithmetic. */
export interface Measurement {
  readonly settings: SessionSettings
  readonly sessionCreateMs: number
  readonly firstRunMs: number
  readonly warmupRuns: number
  readonly reachedSteadyState: boolean
  /** Wall time of each run after warm-up. */
  readonly runsMs: readonly number[]
  /** CPU time of the process over the same runs, all threads, in all. */
  readonly cpuMs: number
  readonly outputBytes: number
  readonly executed: ExecutedGraph
  /** Median wall time of one profiled run as the caller sees it: `executed.profiledRunMs`, binding and output copies. */
  readonly profiledWallMs: number
}

// ---------------------------------------------------------------------------------------------- gap

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
  readonly ms: number
  readonly share: number
  readonly macs: number
  readonly flops: number
  readonly bytes: number
  readonly flopsMs: number
  readonly rooflineMs: number
  /** ms / rooflineMs; null where the roofline is zero. */
  readonly gap: number | null
  readonly bound: Bound
}

export interface Cause {
  /** `arithmetic`, `memory`, `dispatch`, `layout`, `efficiency:<class>`, `runtime`, `unexplained`. */
  readonly cause: string
  readonly ms: number
  readonly share: number
}

export interface OpShare {
  readonly op: string
  readonly macsShare: number | null
  readonly timeShare: number
  readonly ms: number
  readonly kernels: number
}

export interface InsertedKernel {
  readonly name: string
  readonly op: string
  readonly ms: number
  /** Source layers on either side. */
  readonly after: string | null
  readonly before: string | null
}

export interface AttributionSummary {
  /** Share of kernel time whose kernel is mapped to source layers or named as inserted. */
  readonly timeShare: number
  /** Share of the MACs that kernels stand for, of those not folded away or removed. */
  readonly macsShare: number
  /** Share of source nodes with a known fate. */
  readonly nodeShare: number
  /** How many source nodes had each fate. */
  readonly fates: Readonly<Record<NodeFate, number>>
  readonly unmatched: readonly string[]
  readonly inserted: readonly InsertedKernel[]
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

// ---------------------------------------------------------------------------------------------- diff

/** A figure of two models or layers. */
export interface FigureChange {
  readonly before: number | null
  readonly after: number | null
  /** `after - before`; null where one is not known. */
  readonly change: number | null
  /** `change / before`; null where one is not known or `before` is zero. */
  readonly relative: number | null
}

/**
 * Something that is not a figure and differs: a `setting` (an attribute, or a constant input that is one), an `output`'s
 * shape, its element `type`, where an `input` comes from, or an `opset`. Null is absent.
 */
export interface ValueChange {
  readonly kind: 'setting' | 'output' | 'type' | 'input' | 'opset'
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

/** `renamed`: the name is all that differs. */
export type LayerDiffStatus = 'unchanged' | 'renamed' | 'changed' | 'added' | 'removed'

/** The figures of a layer whose differences add up to those of the totals. */
export type LayerFigure = 'macs' | 'flops' | 'params' | 'buffers' | 'paramBytes' | 'readBytes' | 'writeBytes'

export interface LayerDiff {
  readonly status: LayerDiffStatus
  /** It stands elsewhere in the file's order, relative to the other layers that both models have. */
  readonly moved: boolean
  /** Null for an added layer. */
  readonly before: LayerCost | null
  /** Null for a removed layer. */
  readonly after: LayerCost | null
  /** What the layer adds to the change of each total: all it costs where it is added or removed; null if not known. */
  readonly change: Readonly<Record<LayerFigure, number | null>>
  readonly differences: readonly ValueChange[]
}

export interface OpDiff {
  readonly op: string
  readonly nodes: FigureChange
  readonly macs: FigureChange
  readonly flops: FigureChange
  readonly params: FigureChange
  readonly readBytes: FigureChange
  readonly writeBytes: FigureChange
}

/** What changed from one model to another. */
export interface ModelDiff {
  readonly before: ModelIdentity
  readonly after: ModelIdentity
  /** Nothing differs but names and order of layers. */
  readonly equal: boolean
  readonly totals: Readonly<Record<keyof Totals | 'nodes', FigureChange>>
  /** Inputs, outputs and opsets that differ. */
  readonly interface: readonly ValueChange[]
  /** How many layers there are of each status, and how many of them moved. */
  readonly counts: Readonly<Record<LayerDiffStatus | 'moved', number>>
  /** Operators of either model, those whose FLOPs change most first. */
  readonly byOp: readonly OpDiff[]
  /** In the order of the second model; removed layers stand where they stood in the first. */
  readonly layers: readonly LayerDiff[]
  readonly warnings: readonly Warning[]
}
