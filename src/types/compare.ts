import type { Cause, GapReport } from './gap.js'
import type { Environment, Estimate } from './machine.js'

/** One of the models of a comparison, measured and explained as `profile` would. */
export interface ComparedModel extends GapReport {
  /** What the comparison calls it: its spec or its path as given, with sizes that were varied. */
  readonly label: string
  /** Of the environment it was measured in; times of one fingerprint may be compared. */
  readonly fingerprint: string
  /** The data set that it is for and that published accuracies are on; null for a file. */
  readonly dataSet: string | null
  /** What was given before options were varied. */
  readonly base: string
  /** The options that were varied, with this model's values. */
  readonly varied: Readonly<Record<string, string>>
}

/** A model's runs beside those of the reference, in one process and by turns. */
export interface PairedRuns {
  readonly model: string
  readonly fingerprint: string
  /** In milliseconds; run i was taken beside run i of the model's `measurement.runsMs`, in the same launches. */
  readonly referenceRunsMs: readonly number[]
}

/** A model against the reference. */
export interface ModelPair extends PairedRuns {
  /** MACs of the reference over the model's; null where the model has none. */
  readonly theoreticalSpeedup: number | null
  /** Latency of the reference over the model's, from runs by turns. */
  readonly actualSpeedup: Estimate
  /** Theoretical over actual speedup: above one, counting MACs promises more than comes true. */
  readonly gap: Estimate | null
}

/** Kendall's tau-b of the latency with what may foretell it; null where it cannot be told. */
export interface RankCorrelation {
  readonly models: number
  readonly macs: number | null
  /** Bytes that the kernels move, as executed. */
  readonly bytes: number | null
  readonly roofline: number | null
  /** The latency predicted from kernel times; null unless all models have one. */
  readonly prediction: number | null
}

/** Two models of which the one with fewer MACs takes longer. */
export interface MisorderedPair {
  readonly fewerMacs: string
  readonly moreMacs: string
  /** MACs of the one with more over those of the one with fewer; above one. */
  readonly macsRatio: number
  /** Latency of the one with fewer over that of the one with more; above one. */
  readonly latencyRatio: number
  /** Where the one with fewer MACs takes longer, largest first; `share` is of the difference in latency. */
  readonly causes: readonly Cause[]
}

/** How well MACs order the models by latency. */
export interface MacsOrder {
  /** Pairs of models with different MACs. */
  readonly pairs: number
  readonly right: number
  readonly wrong: number
  /** Pairs whose intervals overlap: their order is not known. */
  readonly tooClose: number
}

/** What can be said of all models measured in one environment. */
export interface EnvironmentComparison {
  readonly fingerprint: string
  readonly environment: Environment
  readonly rankCorrelation: RankCorrelation
  readonly order: MacsOrder
  /** The worst first. */
  readonly misordered: readonly MisorderedPair[]
}

/** A model that could not be measured, while others could. */
export interface FailedModel {
  readonly model: string
  readonly fingerprint: string
  readonly code: string
  readonly message: string
}

/** Theory beside reality for many models. */
export interface Comparison {
  readonly models: readonly ComparedModel[]
  /** The label of the model that all others are compared with. */
  readonly reference: string
  readonly pairs: readonly ModelPair[]
  /** That of the only environment; of several, all null: see `environments`. */
  readonly rankCorrelation: RankCorrelation
  readonly environments: readonly EnvironmentComparison[]
  readonly failed: readonly FailedModel[]
  /** All models that were asked for, in order, whichever shard has them. */
  readonly plan: readonly string[]
  /** Those of the plan that are neither measured nor failed. */
  readonly missing: readonly string[]
}
