import type { InterleavedMeasurement } from './interleaved.js'
import type { Environment, Estimate } from './machine.js'

/** The widths of an experiment: those that its paper measured on a GPU, or those for an ARM processor. */
export type WidthSet = 'gpu' | 'arm'

/** What the channels are multiplied by, as the columns of the paper's tables. */
export type Scale = 1 | 2 | 4

/** How a guideline expects the other rows of its table to run, beside the first. */
export type Expectation = 'slower' | 'faster'

/** Of one row: the effect is there, it is smaller than the margin, or the interval does not tell. */
export type RowFinding = 'shown' | 'absent' | 'unclear'

export type GuidelineVerdict = 'holds' | 'does-not-hold' | 'cannot-tell'

/** What the network of a row costs, from its graph. */
export interface ExperimentCost {
  readonly macs: number
  /** Of its first convolution. */
  readonly channels: readonly [input: number, output: number]
  /** Elements that its convolutions read and write, and the least for their MACs; null where not all are 1 x 1. */
  readonly memoryAccess: { readonly accessElements: number; readonly boundElements: number } | null
}

/** How onnxruntime runs a network on the CPU. */
export interface ConvolutionKernels {
  readonly convolutions: number
  /** Those in the blocked layout, which takes whole blocks of channels alone; onnxruntime runs the others as matrix products. */
  readonly blocked: number
  /** Kernels that onnxruntime added to change from one layout to the other. */
  readonly reorders: number
}

/** A network of an experiment beside that of the table's first row. */
export interface GuidelineRow extends ExperimentCost {
  readonly variant: string
  /** MACs over those of the first row; widths are whole, so that it is not always 1. */
  readonly macsRatio: number
  /** Null where it ran on another provider than the CPU. */
  readonly kernels: ConvolutionKernels | null
  readonly latencyMs: Estimate
  /** How many times as fast as the first row. */
  readonly relativeSpeed: Estimate
  /** Null for the first row. */
  readonly finding: RowFinding | null
  /** The paper's, of published speeds at this scale; its interval is what their last digit leaves open. */
  readonly published: Readonly<Record<WidthSet, Estimate>>
}

/** One table of the paper, measured here at one of its width sets and scales. */
export interface GuidelineTable {
  readonly guideline: string
  readonly title: string
  readonly source: string
  readonly expectation: Expectation
  readonly widths: WidthSet
  readonly scale: Scale
  readonly verdict: GuidelineVerdict
  /** The same rule over the paper's own figures at these widths. */
  readonly publishedVerdict: GuidelineVerdict
  readonly rows: readonly GuidelineRow[]
  /** Of the rows, in their order and by turns. */
  readonly measurement: InterleavedMeasurement
}

/** What `guidelines` reports. */
export interface GuidelinesReport {
  readonly environment: Environment
  readonly batch: number
  /** An effect is one that is larger than this share. */
  readonly margin: number
  readonly tables: readonly GuidelineTable[]
}
