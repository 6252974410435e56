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
  | { readonly kind: 'text'; readonly values: readonly string[] }
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
  /** Of a sparse tensor: how many values it stores, and the bytes of their indices. `data` is then the values alone. */
  readonly sparse?: { readonly values: number; readonly indexBytes: number }
}

export type Attribute =
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'tensor'; readonly value: Weight }
  | { readonly type: 'graph'; readonly value: Body }
  /** In a function: the attribute of that name of the node that calls it. */
  | { readonly type: 'reference'; readonly value: string }
  /** What flopgap does not look into, as its AttributeProto. */
  | { readonly type: 'other'; readonly bytes: Uint8Array }

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

/** A graph: the whole of a model's, a branch of If, the body of Loop or Scan. The latter see the tensors around them. */
export interface Body {
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly nodes: readonly ModelNode[]
  readonly weights: ReadonlyMap<string, Weight>
  /** Types that the file states of tensors inside the graph; they may be stale. */
  readonly declared: ReadonlyMap<string, TensorType>
}

/** A function that a model brings along: an operator defined by nodes. */
export interface LocalFunction {
  readonly name: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly ModelNode[]
  /** Values of attributes that a call leaves out. */
  readonly defaults: Readonly<Record<string, Attribute>>
  readonly opsets: Readonly<Record<string, number>>
  /** Its FunctionProto. */
  readonly bytes: Uint8Array
}

/** A network as written: the graph of an ONNX file or of a built architecture, without its weights' values. */
export interface Model extends Body {
  readonly name: string
  readonly origin:
    | { readonly kind: 'spec'; readonly spec: string }
    | { readonly kind: 'file'; readonly path: string; readonly byteLength: number }
  readonly irVersion: number
  /** Opset version by domain; the empty string is ai.onnx. */
  readonly opsets: Readonly<Record<string, number>>
  /** By `domain:name`. */
  readonly functions: ReadonlyMap<string, LocalFunction>
}

/** A model and the types of its tensors; a dimension that is still a name could not be inferred. */
export interface Graph {
  readonly model: Model
  readonly tensors: ReadonlyMap<string, TensorType>
  /** How the types are known that onnxruntime did not infer. */
  readonly shapesFrom: ReadonlyMap<string, 'declared' | 'run'>
  /** By node: the graphs inside it. */
  readonly bodies: ReadonlyMap<ModelNode, readonly BodyGraph[]>
}

/** A graph inside a node, typed: a branch, the body of a loop, or the definition of a function that the node calls. */
export interface BodyGraph {
  /** The attribute that holds it, or the function's name. */
  readonly name: string
  readonly graph: Graph
  /** How often it runs for one run of the node; null where that depends on data. */
  readonly times: number | null
  /** Of a branch: whether it is the one that runs; null where that depends on data. */
  readonly isTaken: boolean | null
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
  /**
   * Element types of the two operands that the MACs multiply, `float32 x int8`: of what a DequantizeLinear reads, since a
   * quantised model's arithmetic is that of integers. Null where there are no MACs.
   */
  readonly operandTypes: string | null
  /** How the shapes are known: `inferred` by onnxruntime, `declared` in the file, seen in a `run`, or not at all. */
  readonly shapesFrom: ShapeSource
  /** Of a node with graphs inside: what these cost; the node's own figures are their sum. */
  readonly bodies?: readonly BodyCost[]
}

export type ShapeSource = 'inferred' | 'declared' | 'run' | 'unknown'

/** A branch of If, the body of a loop, or the definition of a function that a node calls. */
export interface BodyCost {
  readonly name: string
  /** How often it runs for one run of its node; null where that depends on data. */
  readonly times: number | null
  /** How often it is counted: once per loop where the trip count is not known, and of two open branches the dearer one. */
  readonly countedTimes: number
  readonly layers: readonly LayerCost[]
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
  /** MACs by the element types that they multiply, most first. */
  readonly macsByType: readonly { readonly types: string; readonly macs: number }[]
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
  /** Which operators are not counted and why, most nodes first. */
  readonly uncountedBy: readonly {
    readonly op: string
    readonly reason: 'no-rule' | 'unknown-shape'
    readonly nodes: number
    /** Of all nodes. */
    readonly share: number
  }[]
}

/** A node of the graph that onnxruntime executes, by what it costs there. */
export interface ExecutedLayer {
  readonly name: string
  readonly op: string
  readonly domain: string
  /** Names of the source layers that it stands for. */
  readonly nodes: readonly string[]
  /** True where onnxruntime added it: no source layer asked for it. */
  readonly inserted: boolean
  readonly outputShape: readonly number[] | null
  readonly macs: number | null
  readonly flops: number | null
  readonly readBytes: number | null
  readonly writeBytes: number | null
}

/** What a model costs after onnxruntime has folded, fused and re-laid it out: tensors inside a fused kernel do not move. */
export interface ExecutedCost {
  readonly provider: string
  readonly onnxruntime: string
  readonly totals: Totals
  readonly coverage: Coverage
  readonly layers: readonly ExecutedLayer[]
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

/** Why a convention counts other than we do: so many more or less, by so many nodes. */
export interface ConventionReason {
  /**
   * `bias`, `two-per-mac` (a multiply-accumulate counts two), `stride-in-1x1` and `stride-in-3x3` (of bottlenecks that have
   * it elsewhere), else the kind of node: `fully-connected`, `batch-norm`, `activation`, `pooling`, …
   */
  readonly reason: string
  /** The operator, where the kind has several. */
  readonly op: string | null
  readonly amount: number
  readonly nodes: number
}

/** What a paper or a tool would report for a model. */
export interface ConventionCount {
  readonly name: string
  readonly title: string
  /** What it calls its figure; several call multiply-accumulates FLOPs. */
  readonly unit: string
  readonly source: string
  readonly total: number
  readonly params: number
  /** `total` less our MACs; the amounts of `byReason` sum to it. */
  readonly difference: number
  readonly byReason: readonly ConventionReason[]
  /** Operators of which no rule of it is known; their MACs are taken as ours. */
  readonly assumed: readonly string[]
}

/** With every node, in the file's order, those inside other nodes in their place and as often as they run. */
export interface ConventionDetail extends ConventionCount {
  readonly layers: readonly ConventionLayer[]
}

export interface ConventionLayer {
  readonly name: string
  readonly op: string
  /** As we count; null where a shape or a rule is not known. */
  readonly macs: number | null
  /** As the convention counts; null where `macs` is. */
  readonly amount: number | null
}

/** An analysis with what is only worked out when asked for. */
export interface DetailedAnalysis extends Analysis {
  readonly memory?: { readonly access: MemoryAccess; readonly peak: PeakActivations | null }
  /** Null where no input is an image that something reads in windows. */
  readonly receptiveField?: ReceptiveFields | null
  readonly executed?: ExecutedCost
  readonly convention?: ConventionDetail
  readonly reconciliation?: readonly ConventionCount[]
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

// ---------------------------------------------------------------------------------------------- receptive field

/**
 * What one output of a layer may depend on along one axis of the input, in input pixels. The image is taken to go on
 * behind its borders, but for `inside`.
 */
export interface AxisReceptiveField {
  /**
   * From the first pixel to the last that the widest output sees through paths that keep positions apart; where there is
   * no such path, what all outputs see together. Null where it is not known.
   */
  readonly size: number | null
  /** Pixels from one output's field to the next, where outputs are in a row; null where not known, or all see the same. */
  readonly stride: number | null
  /**
   * The pixel that the first output's field begins with: negative where it hangs over the border, the effective padding
   * with its sign turned. Null where there is no first output.
   */
  readonly offset: number | null
  /** The most of the image that one output sees, through any path, in pixels. */
  readonly inside: number | null
  /** A path brings the same pixels to every output, as global pooling does; `size` leaves it out where there are others. */
  readonly global: boolean
}

export interface LayerReceptiveField {
  readonly name: string
  readonly op: string
  readonly output: string
  readonly outputShape: readonly number[] | null
  /** By spatial axis of the input. */
  readonly axes: readonly AxisReceptiveField[]
  /** Whether the field is another than that of each input. */
  readonly changed: boolean
}

/** What the layers of a network see of one input. */
export interface ReceptiveFields {
  readonly input: string
  readonly inputShape: readonly number[]
  /** Axes of the input that are its space: [2, 3] of [N, C, H, W]. */
  readonly spatialAxes: readonly number[]
  /** Every layer that depends on the input, in the file's order. */
  readonly layers: readonly LayerReceptiveField[]
  /** The last of the layers with the widest field, before positions are pooled or flattened; null where none has any. */
  readonly widest: LayerReceptiveField | null
  /** By graph output; no axes where an output does not depend on the input. */
  readonly outputs: readonly { readonly name: string; readonly axes: readonly AxisReceptiveField[] }[]
}

// ---------------------------------------------------------------------------------------------- memory

/** What a convolution reads and writes at least, in elements: ShuffleNet V2's memory access cost. */
export interface ConvolutionAccess {
  readonly name: string
  readonly op: string
  /** Sizes of the kernel by spatial axis. */
  readonly kernel: readonly number[]
  readonly group: number
  readonly inputChannels: number
  readonly outputChannels: number
  /** Elements that some window reads. */
  readonly inputElements: number
  readonly weightElements: number
  readonly outputElements: number
  /** All three. */
  readonly accessElements: number
  readonly macs: number
  /** Of a 1 x 1 convolution, and how far above it is; null for others. */
  readonly bound: PointwiseBound | null
}

/** The least access with which a 1 x 1 convolution does its MACs, and why this one has more, in elements. */
export interface PointwiseBound {
  readonly accessElements: number
  /** Because it has not as many output as input channels (G1). */
  readonly unequalWidthElements: number
  /** Because it is in groups, and wider for it (G2). */
  readonly groupElements: number
  /** Access over bound, less one. */
  readonly excess: number
}

export interface MemoryAccess {
  /** Every convolution, in the file's order. */
  readonly convolutions: readonly ConvolutionAccess[]
  /** Convolutions whose shapes are not known, by name. */
  readonly unknown: readonly string[]
  readonly accessElements: number
  /** Of the 1 x 1 convolutions that have a bound. */
  readonly pointwise: {
    readonly layers: number
    readonly accessElements: number
    readonly boundElements: number
    /** Null where there are none. */
    readonly excess: number | null
  }
}

/** A tensor in memory, and the layer that wrote it; null for an input of the graph. */
export interface LiveTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly elementType: ElementType
  readonly bytes: number
  readonly layer: string | null
}

/** The moment at which activations take most. */
export interface PeakActivations {
  readonly bytes: number
  /** The layer that is running; null where the inputs alone are the most. */
  readonly layer: string | null
  /** Largest first. */
  readonly tensors: readonly LiveTensor[]
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
  readonly totals: Readonly<Record<Exclude<keyof Totals, 'macsByType'> | 'nodes', FigureChange>>
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
