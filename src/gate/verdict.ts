import type { GateCheck, GateVerdict } from '../types.js'

/** What all checks come to. Warnings change nothing; of a gate that found nothing to judge it is `passed`. */
export function verdictOf(checks: readonly GateCheck[]): GateVerdict {
  const graver = checks.filter(({ level }) => level === 'error')
  const has = (...verdicts: GateCheck['verdict'][]) => graver.some(({ verdict }) => verdicts.includes(verdict))
  if (has('regressed', 'missing')) return 'regressed'
  if (has('inconclusive')) return 'inconclusive'
  return has('improved') ? 'improved' : 'passed'
}

const order: readonly GateCheck['verdict'][] = [
  'missing',
  'regressed',
  'inconclusive',
  'improved',
  'information',
  'passed',
]

const levels: readonly GateCheck['level'][] = ['error', 'warn', 'off']

/** Checks that fail first, then those that warn; as they came where they are alike. */
export const failingFirst = (checks: readonly GateCheck[]): GateCheck[] =>
  checks.toSorted((a, b) => rank(a) - rank(b) || order.indexOf(a.verdict) - order.indexOf(b.verdict))

const rank = ({ verdict, level }: GateCheck): number =>
  order.indexOf(verdict) < order.indexOf('improved') ? levels.indexOf(level) : levels.length

/** A model of the baseline that is not among those that were looked at. */
export const missingModel = (model: string, accept: string): GateCheck => ({
  ...{ model, metric: 'model', unit: 'count', level: 'error' },
  ...{ baseline: 1, current: null, limit: null, verdict: 'missing', layers: [] },
  message: 'it is in the baseline, and not there any more',
  try: `Bring it back, name it, or judge the named ones alone with --partial. If it is meant: ${accept}`,
})

/** A model that there is nothing to hold against yet. */
export const newModel = (model: string, where: string): GateCheck => ({
  ...{ model, metric: 'model', unit: 'count', level: 'error' },
  ...{ baseline: null, current: 1, limit: null, verdict: 'information', layers: [] },
  message: `it is new: ${where} has no such model`,
  try: null,
})
