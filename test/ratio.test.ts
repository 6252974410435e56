import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { median } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { estimateRatio, over } from '../src/stats.js'

type Pair = readonly [a: number, b: number]

/** Normal deviates from a seed. */
function noise(seed: number): () => number {
  const random = xoroshiro128plus(seed)
  const even = () => (random.next() + 2 ** 31 + 0.5) / 2 ** 32
  return () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even())
}

/** A machine that drifts by tens of percent in the course of `steps`, for all that runs on it. */
function drift(next: () => number, steps: number): number[] {
  let state = 0.2 * next()
  return Array.from({ length: steps }, () => {
    state = 0.995 * state + 0.02 * next()
    return Math.exp(state)
  })
}

const [runs, launches] = [60, 6]

/** Two models of 10 and 10 · `ratio` ms by turns, in six launches; each is a little faster or slower for a launch. */
function byTurns(seed: number, ratio: number): Pair[][] {
  const next = noise(seed)
  const machine = drift(next, runs * launches)
  return Array.from({ length: launches }, (_, launch) => {
    const [luckA, luckB] = [0.005 * next(), 0.005 * next()]
    return Array.from({ length: runs }, (_, run): Pair => {
      const speed = machine[launch * runs + run] as number
      const [a, b] = [luckA, luckB].map((luck) => speed * Math.exp(luck + 0.02 * next()))
      return [10 * (a as number), 10 * ratio * (b as number)]
    })
  })
}

/** The same two, one after the other: the ratio of their medians. */
function inBlocks(seed: number, ratio: number): number {
  const next = noise(seed)
  const machine = drift(next, 2 * runs * launches)
  const times = machine.map((speed) => 10 * speed * Math.exp(0.02 * next()))
  const half = runs * launches
  return median(times.slice(0, half)) / (ratio * median(times.slice(half)))
}

const simulations = 300
const seeds = Array.from({ length: simulations }, (_, seed) => seed)

describe('a ratio from runs by turns', () => {
  it.each([1, 1.05, 2, 0.1])('holds the true one, 1 over %d, while the machine drifts', (ratio) => {
    const held = seeds.filter((seed) => {
      const { lower, upper } = estimateRatio(byTurns(seed, ratio))
      return lower <= 1 / ratio && 1 / ratio <= upper
    })
    // 97 % is promised by six launches, and 300 simulations show it to within 3 %
    expect(held.length / simulations).toBeGreaterThanOrEqual(0.93)
  })

  it('is within 2 % of it, where one block after the other is often wrong by more than 10 %', () => {
    const far = (ratio: number, limit: number) => Math.abs(ratio - 1) > limit
    expect(seeds.filter((seed) => far(estimateRatio(byTurns(seed, 1)).point, 0.02))).toEqual([])
    expect(seeds.filter((seed) => far(inBlocks(seed, 1), 0.1)).length / simulations).toBeGreaterThan(0.3)
  })

  it('of a model with itself does not tell them apart', () => {
    const told = seeds.filter((seed) => {
      const { lower, upper } = estimateRatio(byTurns(seed, 1))
      return lower > 1.01 || upper < 0.99
    })
    expect(told).toEqual([])
  })

  it('turned round is one over it, its bounds as well', () => {
    for (const seed of seeds.slice(0, 20)) {
      const there = estimateRatio(byTurns(seed, 1.3))
      const back = estimateRatio(byTurns(seed, 1.3).map((launch) => launch.map(([a, b]): Pair => [b, a])))
      expect(back.point).toBeCloseTo(1 / there.point, 12)
      expect(back.lower).toBeCloseTo(1 / there.upper, 12)
      expect(back.upper).toBeCloseTo(1 / there.lower, 12)
    }
  })

  it('is not moved by interruptions of single runs', () => {
    for (const seed of seeds.slice(0, 20)) {
      const trace = byTurns(seed, 2)
      const hit = trace.map((launch) => launch.map(([a, b], run): Pair => (run % 10 === 3 ? [8 * a, b] : [a, b])))
      const [calm, interrupted] = [estimateRatio(trace).point, estimateRatio(hit).point]
      // a tenth of the pairs moves the median by 0.14 of their deviation, 0.028: 0.4 %
      expect(Math.abs(interrupted / calm - 1)).toBeLessThan(0.012)
    }
  })
})

it('a number over an estimate has its bounds the other way round', () => {
  const estimate = { point: 2, lower: 1, upper: 4, confidenceLevel: 0.9 }
  expect(over(8, estimate)).toEqual({ point: 4, lower: 2, upper: 8, confidenceLevel: 0.9 })
})
