import { binomialDistribution, mean, median } from 'simple-statistics'
import type { Estimate } from './types.js'

const confidence = 0.95
const blocks = 20
const smallestBlock = 5

/**
 * The median of samples taken in time order, with an interval that autocorrelation does not fool.
 *
 * Neighbouring runs resemble each other, so the samples are cut into up to 20 blocks of consecutive runs and the
 * interval is taken over the blocks' medians, by order statistics (sign test): no distribution is assumed and no sample
 * is dropped. Fewer than six blocks cannot reach 95 %; the level they do reach is in the estimate.
 */
export function estimateMedian(samples: readonly number[]): Estimate {
  const count = Math.min(blocks, Math.max(1, Math.floor(samples.length / smallestBlock)))
  return orderInterval(count < 6 ? samples : blockMedians(samples, count))
}

function blockMedians(samples: readonly number[], count: number): number[] {
  const edge = (block: number) => Math.round((block * samples.length) / count)
  return Array.from({ length: count }, (_, block) => median(samples.slice(edge(block), edge(block + 1))))
}

/** The median of `values` between the order statistics that hold it with at least the wanted confidence. */
function orderInterval(values: readonly number[]): Estimate {
  const sorted = [...values].sort((a, b) => a - b)
  const { rank, level } = signTestRank(sorted.length)
  return {
    point: median(sorted),
    lower: sorted[rank - 1] as number,
    upper: sorted[sorted.length - rank] as number,
    confidenceLevel: level,
  }
}

/** The largest k for which [x(k), x(n+1-k)] holds the median with at least 95 %, and what it holds it with. */
function signTestRank(n: number): { rank: number; level: number } {
  const probabilities = binomialDistribution(n, 0.5) ?? []
  let tail = 0
  let best = { rank: 1, level: 1 - 2 * 0.5 ** n }
  for (let rank = 1; rank <= n / 2; rank++) {
    tail += probabilities[rank - 1] ?? 0
    if (1 - 2 * tail < confidence) break
    best = { rank, level: 1 - 2 * tail }
  }
  return best
}

/** Mean of the middle half: as steady as a median, and finer than the whole microseconds that profiles count in. */
export function interquartileMean(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const quarter = Math.floor((sorted.length + 1) / 4)
  return mean(sorted.slice(quarter, sorted.length - quarter))
}

export { median }

/** An estimate times a number known exactly. */
export const scaled = (estimate: Estimate, factor: number): Estimate => ({
  point: estimate.point * factor,
  lower: estimate.lower * factor,
  upper: estimate.upper * factor,
  confidenceLevel: estimate.confidenceLevel,
})
