import { kendallTau, over } from '../stats.js'
import type {
  ComparedModel,
  Comparison,
  EnvironmentComparison,
  Estimate,
  FailedModel,
  ModelPair,
  PairedRuns,
  RankCorrelation,
} from '../types.js'
import { relativeSpeed } from './latency.js'
import { orderByMacs } from './macs-order.js'

/** What was measured for a comparison; all else follows. */
export interface ComparisonInput {
  readonly models: readonly ComparedModel[]
  readonly reference: string
  readonly runs: readonly PairedRuns[]
  readonly failed: readonly FailedModel[]
  readonly plan: readonly string[]
}

/** Puts theory beside reality for many models: each against the reference, and all of an environment in their order. */
export function comparison({ reference, failed, plan, ...measured }: ComparisonInput): Comparison {
  const models = ordered(measured.models, plan, ({ label }) => label)
  const runs = ordered(measured.runs, plan, ({ model }) => model)
  const pairs = runs.map((paired) => pairOf(paired, models, reference))
  const fingerprints = [...new Set(models.map(({ fingerprint }) => fingerprint))]
  const environments = fingerprints.map((fingerprint) =>
    environmentComparison(models.filter(within(fingerprint)), pairs.filter(within(fingerprint)), reference),
  )
  const done = new Set([...models.map(({ label }) => label), ...failed.map(({ model }) => model)])
  return {
    models,
    reference,
    pairs,
    rankCorrelation: environments.length === 1 ? (environments[0]?.rankCorrelation ?? unknown) : unknown,
    environments,
    failed,
    plan,
    missing: plan.filter((label) => !done.has(label)),
  }
}

/** In the order of the plan. */
const ordered = <T>(items: readonly T[], plan: readonly string[], label: (item: T) => string): T[] =>
  [...items].sort((a, b) => plan.indexOf(label(a)) - plan.indexOf(label(b)))

const within =
  (fingerprint: string) =>
  (one: { readonly fingerprint: string }): boolean =>
    one.fingerprint === fingerprint

const unknown: RankCorrelation = { models: 0, macs: null, bytes: null, roofline: null, prediction: null }

function pairOf(paired: PairedRuns, models: readonly ComparedModel[], reference: string): ModelPair {
  const own = models.filter(within(paired.fingerprint))
  const [model, base] = [paired.model, reference].map((name) => own.find(({ label }) => label === name))
  if (model === undefined || base === undefined) throw new Error(`no measurement of ${paired.model} or its reference`)
  const actualSpeedup = relativeSpeed({ runsMs: paired.referenceRunsMs }, model.measurement)
  const theoreticalSpeedup = model.totals.macs === 0 ? null : base.totals.macs / model.totals.macs
  const gap = theoreticalSpeedup === null ? null : over(theoreticalSpeedup, actualSpeedup)
  return { ...paired, theoreticalSpeedup, actualSpeedup, gap }
}

/** The reference against itself. */
const itself: Estimate = { point: 1, lower: 1, upper: 1, confidenceLevel: 1 }

function environmentComparison(
  models: readonly ComparedModel[],
  pairs: readonly ModelPair[],
  reference: string,
): EnvironmentComparison {
  const [{ fingerprint, environment }] = models as [ComparedModel]
  const speedups = new Map(pairs.map(({ model, actualSpeedup }) => [model, actualSpeedup]))
  const ranked = models.map((model) => ({
    model,
    speedup: model.label === reference ? itself : (speedups.get(model.label) as Estimate),
  }))
  const referenceMs = models.find(({ label }) => label === reference)?.measurement.latencyMs.point ?? 0
  const { order, misordered } = orderByMacs(
    ranked.map(({ model: { label, totals, measurement, causes }, speedup }) => ({
      label,
      macs: totals.macs,
      speedup,
      latencyMs: measurement.latencyMs.point,
      causes,
    })),
    referenceMs,
  )
  return { fingerprint, environment, rankCorrelation: rankCorrelation(ranked), order, misordered }
}

/** Fewer models than this have no order worth a number. */
const fewestModels = 3

/** Latency is told by the speedup over the reference, in which the machine's drift cancels. */
function rankCorrelation(ranked: readonly { model: ComparedModel; speedup: Estimate }[]): RankCorrelation {
  const latencies = ranked.map(({ speedup }) => 1 / speedup.point)
  const tau = (figure: (model: ComparedModel) => number | null): number | null => {
    const figures = ranked.map(({ model }) => figure(model))
    const isKnown = figures.length >= fewestModels && figures.every((value) => value !== null)
    return isKnown ? kendallTau(latencies, figures as number[]) : null
  }
  return {
    models: ranked.length,
    macs: tau(({ totals }) => totals.macs),
    bytes: tau(({ kernels }) => kernels.reduce((sum, { bytes }) => sum + bytes, 0)),
    roofline: tau(({ theory }) => theory.rooflineMs),
    prediction: tau(predictedMs),
  }
}

/** Null where the provider does not time its kernels. */
const predictedMs = ({ prediction }: ComparedModel): number | null => prediction?.latencyMs.point ?? null
