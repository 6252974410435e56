import { binomialDistribution, mean, median } from 'simple-statistics'
import type { Estimate } from './types.js'

const confidence = 0.95
const blocks = 20
const smallestBlock = 5

/** As many medians of launches hold the true one between them with 95 %. */
const enoughLaunches = 6

/**
 * The median of runs taken in time order, launch after launch, with an interval that autocorrelation does not fool.
 *
 * Runs of one launch share its luck with memory and cores, so with six launches or more the interval is taken over the
 * launches' medians. With fewer, runs are cut into up to 20 blocks of consecutive ones, since neighbouring runs resemble
 * each other, and it is taken over the blocks' medians. Either way by order statistics (sign test): no distribution is
 * assumed and no sample is dropped. Few runs may not reach 95 %; the level they do reach is in the estimate.
 */
export function estimateMedian(launches: readonly (readonly number[])[]): Estimate {
  if (launches.length >= enoughLaunches) return orderInterval(launches.map((runs) => median([...runs])))
  const all = launches.flat()
  const medians = launches.flatMap((runs) => blockMedians(runs, Math.round((blocks * runs.length) / all.length)))
  return orderInterval(medians.length < 6 ? all : medians)
}

/** Medians of up to `most` blocks of consecutive samples. */
function blockMedians(samples: readonly number[], most: number): number[] {
  const count = Math.min(most, Math.max(1, Math.floor(samples.length / smallestBlock)))
  const edge = (block: number) => Math.round((block * samples.length) / count)
  return Array.from({ length: count }, (_, block) => median(samples.slice(edge(block), edge(block + 1))))
}

/**
 * A ratio a / b from pairs of samples taken by turns, launch after launch: the median of the logarithms of the pairs'
 * ratios, in which what slows both cancels. The interval is over launches where there are six, else over pairs.
 */
export function estimateRatio(launches: readonly (readonly (readonly [a: number, b: number])[])[]): Estimate {
  const logs = launches.map((pairs) => pairs.map(([a, b]) => Math.log(a / b)))
  const { point, lower, upper, confidenceLevel } = orderInterval(
    logs.length >= enoughLaunches ? logs.map((launch) => median(launch)) : logs.flat(),
  )
  return { point: Math.exp(point), lower: Math.exp(lower), upper: Math.exp(upper), confidenceLevel }
}

/** What is looked at several times is told at a level that leaves room for it. */
const repeatedConfidence = 0.99

/**
 * A ratio a / b from pairs of samples that were taken by turns in one process, with its 99 % interval over pairs.
 *
 * It says nothing about what differs from one process to the next.
 */
export function pairedRatio(a: readonly number[], b: readonly number[]): Estimate {
  const logs = a.map((value, index) => Math.log(value / (b[index] as number)))
  const { point, lower, upper, confidenceLevel } = orderInterval(logs, repeatedConfidence)
  return { point: Math.exp(point), lower: Math.exp(lower), upper: Math.exp(upper), confidenceLevel }
}

/** Ratios between which it is open whether a limit is passed: one value where the limit is known exactly. */
export interface RatioLimit {
  readonly below: number
  readonly above: number
}

/** Whether a ratio is over a limit, under it, or could be either. */
export function besideLimit({ lower, upper }: Estimate, { below, above }: RatioLimit): 'above' | 'below' | 'open' {
  return lower > above ? 'above' : upper < below ? 'below' : 'open'
}

/** Cuts a list into parts of given lengths. */
export function parted<T>(list: readonly T[], lengths: readonly number[]): T[][] {
  let start = 0
  return lengths.map((length) => {
    start += length
    return list.slice(start - length, start)
  })
}

/** The median of `values` between the order statistics that hold it with at least the wanted confidence. */
function orderInterval(values: readonly number[], wanted = confidence): Estimate {
  const sorted = [...values].sort((a, b) => a - b)
  const { rank, level } = signTestRank(sorted.length, wanted)
  return {
    point: median(sorted),
    lower: sorted[rank - 1] as number,
    upper: sorted[sorted.length - rank] as number,
    confidenceLevel: level,
  }
}

/** The largest k for which [x(k), x(n+1-k)] holds the median with at least what is wanted, and what it holds it with. */
function signTestRank(n: number, wanted: number): { rank: number; level: number } {
  const probabilities = binomialDistribution(n, 0.5) ?? []
  let tail = 0
  let best = { rank: 1, level: 1 - 2 * 0.5 ** n }
  for (let rank = 1; rank <= n / 2; rank++) {
    tail += probabilities[rank - 1] ?? 0
    if (1 - 2 * tail < wanted) break
    best = { rank, level: 1 - 2 * tail }
  }
  return best
}

/**
 * A range that holds the next value as often as `level` says, if it is drawn like those given: between the order
 * statistics k and n + 1 - k, which hold it with 1 - 2k / (n + 1); 90 % or more where there are 19 values.
 */
export function quantileRange(values: readonly number[]): { lower: number; upper: number; level: number } {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = Math.max(1, Math.floor((sorted.length + 1) * 0.05))
  return {
    lower: sorted[rank - 1] as number,
    upper: sorted[sorted.length - rank] as number,
    level: Math.max(0, 1 - (2 * rank) / (sorted.length + 1)),
  }
}

/**
 * Kendall's rank correlation tau-b of two lists: 1 where they order all pairs alike, -1 where they order all oppositely; pairs
 * that tie in one list count for neither.
 *
 * @returns null where one list does not order anything, as with fewer than two items
 * @see Kendall, The Treatment of Ties in Ranking Problems, Biometrika 33, 1945
 */
export function kendallTau(xs: readonly number[], ys: readonly number[]): number | null {
  let [score, untiedX, untiedY] = [0, 0, 0]
  for (let i = 0; i < xs.length; i++) {
    for (let j = 0; j < i; j++) {
      const x = Math.sign((xs[i] as number) - (xs[j] as number))
      const y = Math.sign((ys[i] as number) - (ys[j] as number))
      score += x * y
      untiedX += Math.abs(x)
      untiedY += Math.abs(y)
    }
  }
  return untiedX === 0 || untiedY === 0 ? null : score / Math.sqrt(untiedX * untiedY)
}

/** Mean of the middle half: as steady as a median, and finer than the whole microseconds that profiles count in. */
export function interquartileMean(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const quarter = Math.floor((sorted.length + 1) / 4)
  return mean(sorted.slice(quarter, sorted.length - quarter))
}

export { median }

/** A number known exactly over an estimate. */
export const over = (value: number, { point, lower, upper, confidenceLevel }: Estimate): Estimate => ({
  point: value / point,
  lower: value / upper,
  upper: value / lower,
  confidenceLevel,
})

/** An estimate times a number known exactly. */
export const scaled = (estimate: Estimate, factor: number): Estimate => ({
  point: estimate.point * factor,
  lower: estimate.lower * factor,
  upper: estimate.upper * factor,
  confidenceLevel: estimate.confidenceLevel,
})
