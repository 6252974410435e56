import { besideLimit, pairedRatio, type RatioLimit } from '../stats.js'
import type { Runs } from './sample.js'

/** Two models have run enough when the ratio of their times is over a limit, or under it. */
export interface StopRule extends RatioLimit {
  /** Which of the two is over the other in the ratio. */
  readonly over: 0 | 1
}

/**
 * When the ratio is looked at. Looks are few, since each is a chance to be wrong; all are multiples of the four runs A B B A.
 * More pairs than the most are told no better: what is left then differs from process to process.
 */
export const looks = { first: 40, every: 20, most: 1000 } as const

const isLook = (pairs: number): boolean =>
  pairs >= looks.most || (pairs >= looks.first && (pairs - looks.first) % looks.every === 0)

/** True where pairs of runs tell enough, at those counts of them at which they are looked at. */
export const isTold = (over: readonly number[], under: readonly number[], limit: RatioLimit): boolean =>
  isLook(over.length) && besideLimit(pairedRatio(over, under), limit) !== 'open'

/** A rule as limits of an interleaved measurement of two models. */
export const stopping = ({ over, ...limit }: StopRule) => ({
  atMost: looks.most,
  isEnough: (runs: readonly Runs[]): boolean => isTold(runs[over]?.runsMs ?? [], runs[1 - over]?.runsMs ?? [], limit),
})
