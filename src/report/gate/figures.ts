import type { Estimate, GateReport, GateUnit } from '../../types.js'

/** A figure for a chart over time; the smaller the better. */
export interface Figure {
  readonly model: string
  /** The check's metric, `latency` in milliseconds or `latencyRatio`. */
  readonly metric: string
  readonly unit: GateUnit
  readonly value: number
  readonly interval: Estimate | null
  /** What it was judged by, one line. */
  readonly note: string
}

/**
 * Every figure that is known: of latency what was measured, time and ratio, of all else what was checked.
 *
 * A model that is not there any more has none.
 */
export function figures({ checks, latency }: GateReport): Figure[] {
  const isMeasured = (model: string) => latency.some((one) => one.model === model)
  const checked = checks.flatMap(({ model, metric, unit, current, message }): Figure[] => {
    if (current === null || (metric === 'latency' && isMeasured(model))) return []
    const named = metric === 'latency' && unit === 'ratio' ? 'latencyRatio' : metric
    return [{ model, metric: named, unit, value: current, interval: null, note: message }]
  })
  const measured = latency.flatMap(({ model, beside, candidateMs, ratio, pairs }): Figure[] => [
    ofEstimate(model, 'latency', 'ms', candidateMs, `${pairs} runs`),
    ofEstimate(model, 'latencyRatio', 'ratio', ratio, `beside ${beside}, ${pairs} pairs`),
  ])
  return [...checked, ...measured]
}

const ofEstimate = (model: string, metric: string, unit: GateUnit, interval: Estimate, note: string): Figure => ({
  ...{ model, metric, unit, value: interval.point, interval, note },
})
