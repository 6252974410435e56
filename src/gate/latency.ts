import { besideLimit, estimateMedian, pairedRatio, type RatioLimit } from '../stats.js'
import type { Estimate, GateCheck, InconclusiveReason, LatencyEvidence } from '../types.js'
import { percentOf } from './amount.js'

/** Runs of one process: run i of both was taken in one pair. */
export type PairedLaunch = LatencyEvidence['runs'][0]

/** What a latency is held against. */
export interface LatencyStandard {
  readonly model: string
  /** What the candidate runs by turns with. */
  readonly beside: string
  readonly settings: LatencyEvidence['settings']
  /** 1.05: five percent longer passes. */
  readonly threshold: number
  /** The ratio that the baseline had to what it ran beside; null where that is the old model itself. */
  readonly earlier: Estimate | null
}

const same: Estimate = { point: 1, lower: 1, upper: 1, confidenceLevel: 1 }

/** Between what measured ratios it is open whether the threshold is passed. */
export const limitOf = ({ threshold, earlier }: Pick<LatencyStandard, 'threshold' | 'earlier'>): RatioLimit => ({
  below: threshold * (earlier ?? same).lower,
  above: threshold * (earlier ?? same).upper,
})

const ratioOf = ({ candidateMs, besideMs }: PairedLaunch): Estimate => pairedRatio(candidateMs, besideMs)

/** Whether what a first process saw has to be seen in a second one before it fails. */
export const needsConfirmation = (first: PairedLaunch, standard: LatencyStandard): boolean =>
  besideLimit(ratioOf(first), limitOf(standard)) === 'above'

/** How a candidate's ratio changed, the uncertainty of both added. */
const since = ({ point, lower, upper, confidenceLevel }: Estimate, old: Estimate): Estimate => ({
  ...{ point: point / old.point, lower: lower / old.upper, upper: upper / old.lower },
  confidenceLevel,
})

type Verdict = 'passed' | 'improved' | 'regressed' | 'inconclusive'

/** A slowdown of less is within what one run's own cost, some ten microseconds, varies by. */
const leastSlowdownMs = 0.01

/**
 * What the runs of one process, or of two where the first saw a slowdown, come to.
 *
 * A slowdown fails only where both processes have the whole 99 % interval over the threshold: one of them may be unlucky in
 * where its memory lies, for as long as it lives. It passes where the first has the whole interval under it.
 */
export function latencyEvidence(
  launches: readonly PairedLaunch[],
  standard: LatencyStandard,
): { readonly verdict: Verdict; readonly evidence: LatencyEvidence } {
  const { model, beside, settings, threshold } = standard
  const ratios = launches.map((launch) => since(ratioOf(launch), standard.earlier ?? same))
  const [ratio = same, confirmation = null] = ratios
  const candidateMs = estimateMedian(launches.map((launch) => launch.candidateMs))
  const { verdict, reason } = judge(ratio, confirmation, threshold, candidateMs.point)
  const minimumDetectable = threshold * halfWidth(ratio)
  return {
    verdict,
    evidence: {
      ...{ model, beside, settings, ratio, confirmation, threshold, candidateMs },
      besideMs: estimateMedian(launches.map(({ besideMs }) => besideMs)),
      minimumDetectable,
      pairs: launches.reduce((sum, launch) => sum + launch.candidateMs.length, 0),
      launches: launches.length,
      reason,
      hint: reason === null ? null : hints[reason](minimumDetectable),
      runs: launches,
    },
  }
}

/** Of an interval of a ratio, as a factor. */
const halfWidth = ({ lower, upper }: Estimate): number => Math.sqrt(upper / lower)

function judge(
  ratio: Estimate,
  confirmation: Estimate | null,
  threshold: number,
  candidateMs: number,
): { readonly verdict: Verdict; readonly reason: InconclusiveReason | null } {
  const limit = { below: threshold, above: threshold }
  const first = besideLimit(ratio, limit)
  const told = (verdict: Verdict, reason: InconclusiveReason | null = null) => ({ verdict, reason })
  if (first === 'below') return told(ratio.upper < 1 / threshold ? 'improved' : 'passed')
  if (first === 'open') return told('inconclusive', whyOpen(ratio, threshold))
  if (candidateMs * (1 - 1 / ratio.point) < leastSlowdownMs) return told('inconclusive', 'below-floor')
  const isSeenAgain = confirmation !== null && besideLimit(confirmation, limit) === 'above'
  return isSeenAgain ? told('regressed') : told('inconclusive', 'not-reproduced')
}

/** How many times the margin of the threshold an interval may be wide on each side, for the machine to be fit to judge. */
const unfit = 4

function whyOpen(ratio: Estimate, threshold: number): InconclusiveReason {
  const noise = halfWidth(ratio) - 1
  if (noise > unfit * (threshold - 1)) return 'unfit-environment'
  // were it exactly as before, would these runs have told so?
  return noise > threshold - 1 ? 'noise' : 'at-threshold'
}

const hints: Readonly<Record<InconclusiveReason, (minimumDetectable: number) => string>> = {
  noise: (least) =>
    `Give it more time (--max-time 3m), a quieter machine, or a threshold that it can tell: ${thresholdText(least)}.`,
  'at-threshold': () =>
    'It is about what the threshold allows, so more runs hardly tell. Is it meant? Then raise the threshold.',
  'not-reproduced': () => 'One process saw it and another did not: run the gate again.',
  'below-floor': () => 'The difference is under 10 µs, less than what calling a run varies by: try a larger batch.',
  'unfit-environment': () => 'The machine is too noisy: flopgap gate --selfcheck says what threshold it is fit for.',
}

/** The next half percent that is at least as much. */
const thresholdText = (ratio: number): string => `--threshold ${Math.ceil((ratio - 1) * 200) / 2}%`

/** The evidence as a line among the checks. */
export function latencyCheck(
  verdict: Verdict,
  { model, beside, ratio, threshold, reason, hint, confirmation, minimumDetectable }: LatencyEvidence,
  level: GateCheck['level'],
  earlier: Estimate | null,
): GateCheck {
  const of = earlier === null ? beside : `what it was beside ${beside}`
  const told = `${ratio.point.toFixed(3)} x ${of}, ${ratio.lower.toFixed(3)} to ${ratio.upper.toFixed(3)}`
  const again = confirmation === null ? '' : `; ${confirmation.point.toFixed(3)} x in a second process`
  const allowed = `; up to ${percentOf(threshold - 1)} longer passes`
  const why = reason === null ? '' : `; ${reasons[reason]}`
  const could = reason === null ? '' : `, these runs could have told ${percentOf(minimumDetectable - 1)}`
  return {
    ...{ model, metric: 'latency', unit: 'ratio', level, baseline: 1, current: ratio.point, limit: threshold, verdict },
    message: `${told}${again}${allowed}${why}${could}`,
    try: verdict === 'regressed' ? `Where the time goes: flopgap compare ${beside} ${model}` : hint,
    layers: [],
  }
}

const reasons: Readonly<Record<InconclusiveReason, string>> = {
  noise: 'too much noise to tell',
  'at-threshold': 'too close to the threshold to tell',
  'not-reproduced': 'a second process did not see it',
  'below-floor': 'too short to tell',
  'unfit-environment': 'far too much noise to tell',
}
