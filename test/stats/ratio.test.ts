import { describe, expect, it } from 'vitest'
import { estimateRatio, median, quantileRange } from '../../src/stats.js'
import { autocorrelated, even, noise, share, strays } from '../traces.js'

type Pair = readonly [a: number, b: number]

const simulations = 1000
const promised = 1 - 2 * 0.5 ** 6

/** What slows two models alike over `rounds`: resemblance, a drift of 20 %, and bursts of ten rounds, up to tenfold. */
function shared(seed: number, rounds: number): number[] {
  const next = even(3_000_000 + seed)
  const start = Math.floor(next() * rounds)
  const burst = 2 + 8 * next()
  return autocorrelated(seed, rounds, 0.7).map((ms, round) => {
    const isBurst = round >= start && round < start + 10
    return ms * (1 + (0.2 * round) / rounds) * (isBurst ? burst : 1)
  })
}

interface Turns {
  readonly ratio?: number
  readonly rounds?: number
  /** How much slower the second of a round is. */
  readonly orderBias?: number
  /** Whether the order is A B A B instead of A B B A. */
  readonly alwaysForth?: boolean
}

/** Turns of two models whose own noise is 1 %, in what slows both. */
function turns(seed: number, { ratio = 1, rounds = 40, orderBias = 0, alwaysForth = false }: Turns = {}): Pair[] {
  const own = noise(5_000_000 + seed)
  return shared(seed, rounds).map((ms, round): Pair => {
    const isForth = alwaysForth || round % 2 === 0
    const [first, second] = [1, 1 + orderBias]
    const a = ms * ratio * Math.exp(0.01 * own()) * (isForth ? first : second)
    const b = ms * Math.exp(0.01 * own()) * (isForth ? second : first)
    return [a, b]
  })
}

const launches = (seed: number, what: Turns = {}): Pair[][] =>
  Array.from({ length: 6 }, (_, launch) => turns(1000 * seed + launch, what))

const holds = (samples: readonly (readonly Pair[])[], truth: number): boolean => {
  const { lower, upper } = estimateRatio(samples)
  return lower <= truth && truth <= upper
}

const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

describe('the ratio of two models that take turns', () => {
  it('is by hand the median of the pairs, on a scale where twice and half are as far from one', () => {
    // six launches of one pair each: ratios 1/2, 1/2, 1/2, 2, 2, 2, whose logarithms have zero in their middle
    const pairs = [1, 1, 1, 4, 4, 4].map((a): Pair[] => [[a, 2]])
    const { point, lower, upper, confidenceLevel } = estimateRatio(pairs)
    expect(point).toBeCloseTo(1, 12)
    expect(lower).toBeCloseTo(0.5, 12)
    expect(upper).toBeCloseTo(2, 12)
    expect(confidenceLevel).toBe(promised)
  })

  it.each([1, 1.1, 0.5])('is held by its interval as often as it says, at %d', (ratio) => {
    const held = share(simulations, (seed) => holds(launches(seed, { ratio }), ratio))
    expect(Math.abs(held - promised)).toBeLessThan(strays(promised, simulations))
  })

  it('in one launch is held by the interval over pairs', () => {
    // of 40 pairs the sign test takes ranks 14 and 27, with 1 - 2 · P(fewer than 14 heads of 40) = 96.2 %
    const level = estimateRatio([turns(0)]).confidenceLevel
    expect(level).toBeCloseTo(0.9615, 4)
    const held = share(simulations, (seed) => holds([turns(seed)], 1))
    expect(Math.abs(held - level)).toBeLessThan(strays(level, simulations))
  })

  it('is free of what slows both: drift and bursts move it no more than its own noise does', () => {
    // a median of 40 pairs of 1 % noise each: 1.25 · √2 · 1 % / √40 = 0.28 %
    const ratios = Array.from({ length: 300 }, (_, seed) => Math.log(estimateRatio([turns(seed)]).point))
    expect(deviation(ratios)).toBeGreaterThan(0.0028 * 0.85)
    expect(deviation(ratios)).toBeLessThan(0.0028 * 1.15)
  })

  it('strays far less than medians of the one and then the other do', () => {
    // one after the other, half of the drift of 20 % is between them: 9 % or so, where the turns stray by 0.3 %
    const sequential = (seed: number) => {
      const pairs = turns(seed)
      const [first, second] = [pairs.slice(0, 20), pairs.slice(20)]
      return Math.log(median(first.map(([a]) => a)) / median(second.map(([, b]) => b)))
    }
    const paired = (seed: number) => Math.log(estimateRatio([turns(seed)]).point)
    const error = (estimate: (seed: number) => number) =>
      Math.sqrt(
        Array.from({ length: 300 }, (_, seed) => estimate(seed) ** 2).reduce((sum, square) => sum + square) / 300,
      )
    expect(error(sequential)).toBeGreaterThan(20 * error(paired))
  })

  it('is free of order: what makes the second of a round slower meets both', () => {
    const held = share(simulations, (seed) => holds(launches(seed, { orderBias: 0.015 }), 1))
    expect(Math.abs(held - promised)).toBeLessThan(strays(promised, simulations))
    // always in one order, the second would be 1.5 % slower for certain: five deviations of a launch's median
    const onesided = share(100, (seed) => holds(launches(seed, { orderBias: 0.015, alwaysForth: true }), 1))
    expect(onesided).toBeLessThan(0.05)
  })
})

describe('the range of the next value', () => {
  // of n + 1 values in any order each is as likely the k-th: between the k-th and the k-th from above of n falls the next
  // with 1 - 2k / (n + 1)
  it.each([
    [1, 1, 0],
    [6, 1, 5 / 7],
    [19, 1, 0.9],
    [24, 1, 0.92],
    [39, 2, 0.9],
    [79, 4, 0.9],
  ])('of %i values is from the %i. on either side, and holds it with %d', (n, rank, level) => {
    const values = Array.from({ length: n }, (_, index) => n - index)
    expect(quantileRange(values)).toEqual({ lower: rank, upper: n + 1 - rank, level: expect.closeTo(level, 12) })
  })

  it.each([
    ['even', even],
    ['normal', noise],
    [
      'lopsided',
      (seed: number) => {
        const next = even(seed)
        return () => -Math.log(next())
      },
    ],
  ] as const)('holds the next %s one as often as it says', (_, draw) => {
    const held = share(5000, (seed) => {
      const next = draw(seed)
      const { lower, upper } = quantileRange(Array.from({ length: 24 }, next))
      const value = next()
      return lower <= value && value <= upper
    })
    expect(Math.abs(held - 0.92)).toBeLessThan(strays(0.92, 5000))
  })

  it('reaches 90 % wherever there are values enough, and says so', () => {
    for (let n = 19; n <= 500; n++) {
      expect(quantileRange(Array.from({ length: n }, (_, index) => index)).level).toBeGreaterThanOrEqual(0.9 - 1e-12)
    }
  })
})
