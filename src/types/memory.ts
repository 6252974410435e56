import type { ElementType } from './model.js'

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
