import type { GateCheck, GateReport, GateVerdict } from '../../types.js'

/** What a check comes to, once its level is heard: `undecided` where it could not be told, `noted` where nothing was judged. */
export type Outcome = 'failed' | 'undecided' | 'warned' | 'improved' | 'noted' | 'passed'

export function outcomeOf({ level, verdict }: GateCheck): Outcome {
  if (verdict === 'passed' || verdict === 'improved') return verdict
  if (verdict === 'information' || level === 'off') return 'noted'
  if (verdict === 'inconclusive') return 'undecided'
  return level === 'error' ? 'failed' : 'warned'
}

const gravest: readonly Outcome[] = ['failed', 'undecided', 'warned', 'improved', 'noted', 'passed']

/** Failing ones first; as they came where they are alike. */
export const byGravity = (checks: readonly GateCheck[]): GateCheck[] =>
  checks.toSorted((a, b) => gravest.indexOf(outcomeOf(a)) - gravest.indexOf(outcomeOf(b)))

/** Verdicts in words. */
export const verdictText: Readonly<Record<GateVerdict, string>> = {
  passed: 'passed',
  improved: 'passed, better than before',
  regressed: 'failed',
  inconclusive: 'cannot tell',
  error: 'could not judge',
}

const counted: readonly (readonly [Outcome, string])[] = [
  ['failed', 'failed'],
  ['undecided', 'could not be told'],
  ['warned', 'warned'],
  ['improved', 'improved'],
  ['noted', 'not judged'],
  ['passed', 'passed'],
]

/** `1 failed, 2 warned, 6 passed`; empty where nothing was checked. */
export const tally = (checks: readonly GateCheck[]): string =>
  counted
    .map(([outcome, words]) => [checks.filter((check) => outcomeOf(check) === outcome).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ')

/** Whether `--expect-fail` got what it expects; null without it. */
export function expectation({ expectFail, verdict }: GateReport): { isMet: boolean; message: string } | null {
  if (!expectFail) return null
  if (verdict === 'regressed') return { isMet: true, message: 'it failed, as --expect-fail expects' }
  if (verdict === 'error') return { isMet: false, message: 'nothing was judged, so --expect-fail proves nothing' }
  return { isMet: false, message: 'nothing failed, though --expect-fail expects it' }
}

/** True where a check that could not be told makes the gate fail. */
export const isFatal = (outcome: Outcome, { strict }: GateReport): boolean =>
  outcome === 'failed' || (outcome === 'undecided' && strict)
