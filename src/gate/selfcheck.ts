import { besideLimit, median, pairedRatio } from '../stats.js'
import type { Selfcheck, SelfcheckGate } from '../types.js'
import type { PairedLaunch } from './latency.js'

const verdicts = { below: 'passed', above: 'failed', open: 'cannot-tell' } as const

/** A threshold under two percent is about layout of memory, not about models, however quiet the machine. */
const leastThreshold = 1.02

/** What processes that ran a model beside itself say of the machine. */
export function selfcheck(
  launches: readonly PairedLaunch[],
  { model, environment, threshold }: Pick<Selfcheck, 'model' | 'environment' | 'threshold'>,
): Selfcheck {
  const gates = launches.map(({ candidateMs, besideMs }): SelfcheckGate => {
    const ratio = pairedRatio(candidateMs, besideMs)
    const verdict = verdicts[besideLimit(ratio, { below: threshold, above: threshold })]
    return { ratio, pairs: candidateMs.length, verdict }
  })
  const points = gates.map(({ ratio }) => ratio.point)
  const recommendedThreshold = recommended(gates)
  return {
    ...{ model, environment, threshold, gates },
    spread: { median: median(points), lowest: Math.min(...points), highest: Math.max(...points) },
    minimumDetectable: threshold * nineOfTen(gates.map(({ ratio }) => ratio.upper / ratio.lower)) ** 0.5,
    recommendedThreshold,
    isFit: threshold >= recommendedThreshold,
  }
}

/** Which of two is the candidate is chance: an interval counts by its farther end. */
function recommended(gates: readonly SelfcheckGate[]): number {
  const farthest = Math.max(...gates.map(({ ratio }) => Math.max(ratio.upper, 1 / ratio.lower)))
  return Math.max(leastThreshold, 1 + Math.ceil((farthest - 1) * 200) / 200)
}

function nineOfTen(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(0.9 * sorted.length) - 1] ?? 1
}
