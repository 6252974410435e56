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
