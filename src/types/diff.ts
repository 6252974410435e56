import type { ModelIdentity, Warning } from './analysis.js'
import type { LayerCost, Totals } from './cost.js'

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
