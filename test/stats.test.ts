import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateMedian, interquartileMean, scaled } from '../src/stats.js'
import { autocorrelated, noise, share } from './traces.js'

const simulations = 300
const holds = (samples: readonly number[], truth: number): boolean => {
  const { lower, upper } = estimateMedian([samples])
  return lower <= truth && truth <= upper
}
const coverage = (trace: (seed: number) => number[], truth = 10): number =>
  share(simulations, (seed) => holds(trace(seed), truth))

describe('the interval of a median holds the truth', () => {
  // the median of 10 exp(0.05 z) is 10; 95 % is promised, and 300 simulations show it to within 4 %
  it('in independent runs', () => {
    expect(coverage((seed) => autocorrelated(seed, 400, 0))).toBeGreaterThanOrEqual(0.91)
  })

  it.each([200, 1000, 5000])('in %i runs whose neighbours resemble each other', (runs) => {
    expect(coverage((seed) => autocorrelated(seed, runs, 0.7))).toBeGreaterThanOrEqual(0.9)
  })

  it('though one run in twenty is interrupted', () => {
    const trace = (seed: number) => {
      const next = noise(seed + 1000)
      return autocorrelated(seed, 1000, 0.7).map((ms) => (next() > 1.645 ? ms * (2 + 8 * Math.abs(next())) : ms))
    }
    // the shifted twentieth moves the median of the mixture by 0.066 of a deviation: to 10 exp(0.05 · 0.066)
    expect(coverage(trace, 10 * Math.exp(0.05 * 0.066))).toBeGreaterThanOrEqual(0.9)
  })

  it('though a neighbour slows everything fourfold in bursts of runs', () => {
    // 50 of 1000 runs, in one burst: one or two blocks of twenty
    const trace = (seed: number) =>
      autocorrelated(seed, 1000, 0.7).map((ms, run) => (run >= 300 && run < 350 ? 4 * ms : ms))
    expect(coverage(trace, 10 * Math.exp(0.05 * 0.066))).toBeGreaterThanOrEqual(0.9)
  })

  it('and tells of drift by its width', () => {
    const width = (samples: readonly number[]) => {
      const { point, lower, upper } = estimateMedian([samples])
      return (upper - lower) / point
    }
    const drifting = (seed: number) => autocorrelated(seed, 1000, 0.7).map((ms, run) => ms * (1 + (0.2 * run) / 1000))
    // 20 % over the run: the middle is 10 %, and blocks from a quarter to three quarters of the way are between 5 and 15 %
    expect(coverage(drifting, 11)).toBeGreaterThanOrEqual(0.95)
    // in blocks of 50 runs that resemble each other some nine count, so their medians stray by 1.25 · 5 % / 3 = 2.1 %, and
    // the middle half of twenty of them by 2.8 % at most without drift; with it, by its 9 of 20 parts of 20 % over 110
    const mean = (trace: (seed: number) => number[]) =>
      Array.from({ length: 20 }, (_, seed) => width(trace(seed))).reduce((sum, value) => sum + value) / 20
    expect(mean((seed) => autocorrelated(seed, 1000, 0.7))).toBeLessThan(0.03)
    expect(mean(drifting)).toBeGreaterThan(0.06)
    expect(mean(drifting)).toBeLessThan(0.11)
  })

  it('and is not fooled by resemblance: without blocks it would be', () => {
    // of single runs the sign test takes ranks 469 and 532 of 1000, and resemblance makes that too narrow
    const single = (seed: number) => {
      const sorted = autocorrelated(seed, 1000, 0.7).sort((a, b) => a - b)
      return (sorted[468] as number) <= 10 && 10 <= (sorted[531] as number)
    }
    expect(share(simulations, single)).toBeLessThan(0.75)
  })
})

describe('the ranks', () => {
  const counting = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

  // measured values are 1, 2, 3, …, so a bound is its own rank; five runs make one block at least
  it('of ten runs are the second and the ninth', () => {
    expect(estimateMedian([counting(10)])).toMatchObject({ point: 5.5, lower: 2, upper: 9 })
  })

  it('of twenty runs are the sixth and the fifteenth', () => {
    expect(estimateMedian([counting(20)])).toMatchObject({ point: 10.5, lower: 6, upper: 15 })
  })

  it('of twenty blocks are those of twenty values: rank 6 of the block medians', () => {
    // blocks of 5: medians 3, 8, 13, …; the sixth is 28, the fifteenth 73
    expect(estimateMedian([counting(100)])).toMatchObject({ point: 50.5, lower: 28, upper: 73 })
    // blocks of 50: medians 25.5, 75.5, …
    expect(estimateMedian([counting(1000)])).toMatchObject({ point: 500.5, lower: 275.5, upper: 725.5 })
  })

  // 1 - 2 · P(fewer than k heads of n): 1 - 22/1024, and 1 - 2 · 21700/2^20
  it('reach 95 % and say how much', () => {
    expect(estimateMedian([counting(10)]).confidenceLevel).toBeCloseTo(1 - 22 / 1024, 12)
    expect(estimateMedian([counting(20)]).confidenceLevel).toBeCloseTo(1 - (2 * 21_700) / 2 ** 20, 12)
    expect(estimateMedian([counting(1000)]).confidenceLevel).toBeCloseTo(1 - (2 * 21_700) / 2 ** 20, 12)
  })
})

describe('few runs', () => {
  // from smallest to largest, n values miss the median only if all are on one side: 2 · 0.5^n
  it.each([
    [1, 0],
    [2, 0.5],
    [3, 0.75],
    [4, 0.875],
    [5, 0.9375],
    [6, 0.96875],
    [8, 0.9921875],
  ])('%i have the confidence that their range has', (n, level) => {
    const samples = Array.from({ length: n }, (_, index) => n - index)
    expect(estimateMedian([samples])).toEqual({ point: (n + 1) / 2, lower: 1, upper: n, confidenceLevel: level })
  })

  it('are taken one by one up to 29, and in blocks from 30 on', () => {
    const shuffled = (n: number) => Array.from({ length: n }, (_, index) => (index * 7) % n)
    // 29 values 0 to 28: rank 9 and 21
    expect(estimateMedian([shuffled(29)])).toMatchObject({ lower: 8, upper: 20 })
    // six blocks of five: their smallest and largest median
    const medians = [0, 1, 2, 3, 4, 5].map((block) => {
      const values = shuffled(30).slice(5 * block, 5 * block + 5)
      return values.sort((a, b) => a - b)[2] as number
    })
    expect(estimateMedian([shuffled(30)])).toMatchObject({ lower: Math.min(...medians), upper: Math.max(...medians) })
  })
})

describe('any estimate', () => {
  const times = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 })

  it('has its point inside its interval, inside what was measured', () => {
    fc.assert(
      fc.property(times, (samples) => {
        const { point, lower, upper, confidenceLevel } = estimateMedian([samples])
        expect(lower).toBeLessThanOrEqual(point)
        expect(point).toBeLessThanOrEqual(upper)
        expect(lower).toBeGreaterThanOrEqual(Math.min(...samples))
        expect(upper).toBeLessThanOrEqual(Math.max(...samples))
        expect(confidenceLevel).toBeGreaterThanOrEqual(samples.length < 6 ? 0 : 0.95)
        expect(confidenceLevel).toBeLessThan(1)
      }),
    )
  })

  it('scales with its unit', () => {
    fc.assert(
      fc.property(times, (samples) => {
        const { point, lower, upper, confidenceLevel } = scaled(estimateMedian([samples]), 2)
        expect(estimateMedian([samples.map((ms) => 2 * ms)])).toEqual({ point, lower, upper, confidenceLevel })
      }),
    )
  })

  it('does not change what it was given', () => {
    const samples = Object.freeze([3, 1, 2])
    expect(estimateMedian([samples]).point).toBe(2)
    expect(interquartileMean(samples)).toBe(2)
  })
})

describe('the mean of the middle half', () => {
  it.each([
    [[5], 5],
    [[5, 7], 6],
    [[1, 5, 90], 5],
    [[1, 5, 7, 90], 6],
    [[1, 5, 6, 7, 90], 6],
    [[8, 1, 2, 3, 4, 5, 6, 1000], 4.5], // without 1, 2 and 8, 1000
  ])('of %j is %d', (samples, mean) => {
    expect(interquartileMean(samples)).toBe(mean)
  })

  it('is finer than the whole numbers it is made of, and ignores outliers', () => {
    const microseconds = [...Array<number>(30).fill(2), ...Array<number>(70).fill(3), ...Array<number>(20).fill(500)]
    const mean = interquartileMean(microseconds)
    expect(mean).toBeGreaterThan(2.5)
    expect(mean).toBeLessThanOrEqual(3)
  })

  it('lies among the samples', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (samples) => {
          const mean = interquartileMean(samples)
          expect(mean).toBeGreaterThanOrEqual(Math.min(...samples) * (1 - 1e-12))
          expect(mean).toBeLessThanOrEqual(Math.max(...samples) * (1 + 1e-12))
        },
      ),
    )
  })
})
