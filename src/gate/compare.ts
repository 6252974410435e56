import type { CheckVerdict, GateCheck, GateFacts, StaticMetric } from '../types.js'
import { amount, moreOrLess, percentOf } from './amount.js'
import { changedLayers } from './changed-layers.js'
import { metrics } from './metrics.js'
import type { GateRules, Limit } from './rules.js'

/** What a model is held against. */
export interface Before {
  readonly facts: GateFacts
  /** False where it was counted on another machine than this. */
  readonly isOfThisMachine: boolean
  /** What a person does who means the change. */
  readonly accept: string
}

/**
 * Every figure of a model beside the one before, exactly, and beside its limits.
 *
 * @param before null where the model is new or nothing is known of it; then limits alone are judged
 */
export function compareFacts(before: Before | null, after: GateFacts, rules: GateRules): GateCheck[] {
  const layersOf = before === null ? () => [] : changedLayers(before.facts, after)
  return metrics.flatMap(({ id, unit, name, isOfMachine }) => {
    const level = rules.levels[id] ?? 'error'
    const current = after.figures[id]
    const baseline = before?.facts.figures[id] ?? null
    if (level === 'off' || (current === null && baseline === null)) return []
    const isForeign = isOfMachine && before !== null && !before.isOfThisMachine
    const figure = { name, unit, baseline, current, limit: rules.limits[id] ?? {}, isForeign }
    const { cause, ...judged } = judge(figure)
    const check: GateCheck = {
      ...{ model: after.model, metric: id, unit, level, baseline, current, ...judged },
      try: cause === null ? null : advice(id, cause, before),
      layers: isForeign || baseline === current ? [] : layersOf(id),
    }
    return [check]
  })
}

/** Why a figure fails. */
type FailureCause = 'max' | 'baseline' | 'unknown'

interface Judged {
  readonly verdict: CheckVerdict
  readonly limit: number | null
  readonly message: string
  readonly cause: FailureCause | null
}

type Figure = Pick<GateCheck, 'unit' | 'baseline' | 'current'> & {
  readonly name: string
  readonly limit: Limit
  readonly isForeign: boolean
}

function judge(figure: Figure): Judged {
  const { name, unit, baseline, current, isForeign } = figure
  const { max, increase = 0 } = figure.limit
  const limit = limitOf(figure)
  const judged = (verdict: CheckVerdict, message: string, cause: FailureCause | null = null) => ({
    ...{ verdict, limit, message, cause },
  })
  if (current === null) return judged('missing', `${name} cannot be told any more`, 'unknown')
  const told = `${amount(current, unit)}${sinceText(baseline, current, unit)}`
  if (max !== undefined && current > max)
    return judged('regressed', `${told}; the limit is ${amount(max, unit)}`, 'max')
  if (isForeign) return judged('information', `${told}; not judged: the baseline is of another machine`)
  if (baseline === null) return judged(limit === null ? 'information' : 'passed', told)
  if (current <= baseline) return judged(current < baseline ? 'improved' : 'passed', told)
  const isWithin = current <= (limit ?? baseline)
  const allowed = increase === 0 ? '' : `; up to ${percentOf(increase)} more passes`
  return judged(isWithin ? 'passed' : 'regressed', `${told}${allowed}`, isWithin ? null : 'baseline')
}

/** The most that passes, by the baseline and the maximum together; null where neither says. */
function limitOf({ baseline, limit: { max, increase = 0 }, isForeign }: Figure): number | null {
  const grown = baseline === null || isForeign ? null : Math.floor(baseline * (1 + increase))
  return max === undefined ? grown : Math.min(max, grown ?? max)
}

function sinceText(baseline: number | null, current: number, unit: GateCheck['unit']): string {
  if (baseline === null) return ''
  if (baseline === current) return ', as before'
  const relative = baseline === 0 ? '' : `, ${moreOrLess(current / baseline)}`
  return `, was ${amount(baseline, unit)}${relative}`
}

const advice = (metric: StaticMetric, cause: FailureCause, before: Before | null): string =>
  ({
    max: `Make it less, or raise gate.limits.${metric}.max in the configuration.`,
    unknown: 'flopgap analyze --executed says what onnxruntime does not take.',
    baseline: `Undo it, or if it is meant: ${before?.accept}`,
  })[cause]
