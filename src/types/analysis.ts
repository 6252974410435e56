import type { ConventionCount, ConventionDetail } from './convention.js'
import type { Coverage, LayerCost, OpTotals, Totals } from './cost.js'
import type { ExecutedCost } from './executed.js'
import type { MemoryAccess, PeakActivations } from './memory.js'
import type { Dim } from './model.js'
import type { ReceptiveFields } from './receptive-field.js'

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
  /** `shape` is null for one that is no tensor. */
  readonly inputs: readonly {
    readonly name: string
    readonly elementType: string
    readonly shape: readonly Dim[] | null
  }[]
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

/** An analysis with what is only worked out when asked for. */
export interface DetailedAnalysis extends Analysis {
  readonly memory?: { readonly access: MemoryAccess; readonly peak: PeakActivations | null }
  /** Null where no input is an image that something reads in windows. */
  readonly receptiveField?: ReceptiveFields | null
  readonly executed?: ExecutedCost
  readonly convention?: ConventionDetail
  readonly reconciliation?: readonly ConventionCount[]
}
