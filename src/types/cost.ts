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
  /** How many of these nodes the figures leave out. */
  readonly uncounted: number
  /** Null where no node of the operator is counted. */
  readonly macs: number | null
  readonly flops: number | null
  readonly params: number
  /** Null where a tensor of a node of the operator has no known size. */
  readonly readBytes: number | null
  readonly writeBytes: number | null
}

export interface Coverage {
  readonly nodes: number
  readonly counted: number
  readonly free: number
  readonly uncounted: number
  /** Nodes with a tensor of unknown size, whose bytes the totals leave out; one may be counted all the same. */
  readonly unsized: number
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
