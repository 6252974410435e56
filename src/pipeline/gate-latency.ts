import { latencyCheck, latencyEvidence, limitOf, needsConfirmation } from '../gate/latency.js'
import { referenceNetwork } from '../gate/reference.js'
import { build } from '../models/spec.js'
import { noBinding } from '../onnx/bind.js'
import { environmentOf, fingerprint } from '../runtime/environment.js'
import type { LaunchPlan } from '../runtime/launches.js'
import { pairedRatio } from '../stats.js'
import type { BaselineLatency, BaselineModel, Estimate, GateCheck, LatencyEvidence, SessionSettings } from '../types.js'
import type { PlannedModel } from './gate-plan.js'
import { pairedLaunches, type Sized } from './paired.js'

export interface LatencyPlan {
  readonly settings: SessionSettings
  /** Time to measure a model for. */
  readonly maxTimeMs: number
  readonly onProgress: LaunchPlan['onProgress']
}

/** What was measured, and what it comes to. */
export interface JudgedLatency {
  readonly check: GateCheck
  /** Null where nothing was measured. */
  readonly evidence: LatencyEvidence | null
}

/** What a candidate runs beside, and the ratio that it had to it. */
interface Beside extends Sized {
  readonly label: string
  readonly earlier: Estimate | null
}

/**
 * A model's latency against that of an older one, by turns; a slowdown is confirmed in a second process.
 *
 * @throws FlopgapError as `profileModel`
 */
export const againstModel = (
  one: PlannedModel,
  candidate: Sized,
  old: Sized & { readonly label: string },
  plan: LatencyPlan,
): Promise<JudgedLatency> => judged(one, candidate, { ...old, earlier: null }, plan)

/**
 * A model's latency against its baseline, both beside the reference network; not measured where that was on another machine.
 *
 * @returns null where the baseline has no latency
 */
export async function againstBaseline(
  one: PlannedModel,
  candidate: Sized,
  { latency, environment }: BaselineModel,
  plan: LatencyPlan,
): Promise<JudgedLatency | null> {
  if (latency === null) return null
  if (fingerprint(environment) !== fingerprint(environmentOf(plan.settings))) {
    return { check: foreign(one, latency), evidence: null }
  }
  const reference = { model: build(latency.reference), binding: noBinding }
  return judged(one, candidate, { ...reference, label: latency.reference, earlier: latency.ratio }, plan)
}

async function judged(
  { label, rules }: PlannedModel,
  candidate: Sized,
  { label: beside, earlier, ...other }: Beside,
  { settings, maxTimeMs, onProgress }: LatencyPlan,
): Promise<JudgedLatency> {
  const standard = { ...{ model: label, beside, settings, earlier }, threshold: 1 + rules.threshold }
  const launches = await pairedLaunches(candidate, other, {
    ...{ settings, totalMs: maxTimeMs, launches: 2, limit: limitOf(standard), onProgress },
    isOpen: ([first]) => first !== undefined && needsConfirmation(first, standard),
  })
  const { verdict, evidence } = latencyEvidence(launches, standard)
  return { check: latencyCheck(verdict, evidence, rules.levels.latency ?? 'error', earlier), evidence }
}

const foreign = ({ label, rules }: PlannedModel, { ratio }: BaselineLatency): GateCheck => ({
  ...{ model: label, metric: 'latency', unit: 'ratio', level: rules.levels.latency ?? 'error' },
  ...{ baseline: ratio.point, current: null, limit: null, verdict: 'information', layers: [] },
  message: 'not measured: the baseline is of another machine',
  try: 'Measure both models here: --against OLD.',
})

const baselineLaunches = 4

/**
 * A model's latency over that of the reference network, for a baseline: the interval holds the whole of what its processes
 * showed, since each is a little faster or slower for as long as it lives.
 *
 * @throws FlopgapError as `profileModel`
 */
export async function latencyForBaseline(
  candidate: Sized,
  { settings, maxTimeMs, onProgress }: LatencyPlan,
): Promise<BaselineLatency> {
  const launches = await pairedLaunches(
    candidate,
    { model: build(referenceNetwork), binding: noBinding },
    {
      ...{ settings, totalMs: maxTimeMs, launches: baselineLaunches, onProgress, isOpen: () => true },
      // never told: all of the runs are taken
      limit: { below: 0, above: Number.POSITIVE_INFINITY },
    },
  )
  const all = pairedRatio(
    launches.flatMap(({ candidateMs }) => candidateMs),
    launches.flatMap(({ besideMs }) => besideMs),
  )
  const own = launches.map(({ candidateMs, besideMs }) => pairedRatio(candidateMs, besideMs).point)
  return {
    reference: referenceNetwork,
    ratio: { ...all, lower: Math.min(all.lower, ...own), upper: Math.max(all.upper, ...own) },
  }
}
