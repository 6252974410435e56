import { expect, it } from 'vitest'
import type { PairedLaunch } from '../../src/gate/latency.js'
import { selfcheck } from '../../src/gate/selfcheck.js'
import type { Environment } from '../../src/types.js'

/** Forty pairs whose ratios go from `low` to `high` evenly. */
const launch = (low: number, high: number): PairedLaunch => ({
  candidateMs: Array.from({ length: 40 }, (_, index) => low + ((high - low) * index) / 39),
  besideMs: Array(40).fill(1),
})

const told = (threshold: number, ...launches: PairedLaunch[]) =>
  selfcheck(launches, { model: 'net', environment: {} as Environment, threshold })

it('recommends what every interval stays under, on both sides of one', () => {
  // the 12th and the 29th of 40 values are the interval: 1 + 0.04 · 28/39 = 1.0287, in half percents 1.03
  expect(told(1.05, launch(1, 1.04), launch(1, 1.01)).recommendedThreshold).toBeCloseTo(1.03, 12)
  // that of the same runs, seen from the other model
  expect(told(1.05, launch(1, 1 / 1.04)).recommendedThreshold).toBeCloseTo(1.03, 12)
})

it('is fit for a threshold that it recommends, or more', () => {
  expect(told(1.03, launch(1, 1.04)).isFit).toBe(true)
  expect(told(1.025, launch(1, 1.04)).isFit).toBe(false)
})

it('never recommends less than two percent', () => {
  expect(told(1.05, launch(1, 1.0001)).recommendedThreshold).toBe(1.02)
})

it('judges each process as the gate would, unconfirmed', () => {
  const { gates, spread } = told(1.05, launch(0.99, 1.01), launch(1.08, 1.1), launch(0.9, 1.2))
  expect(gates.map(({ verdict }) => verdict)).toEqual(['passed', 'failed', 'cannot-tell'])
  expect(spread.lowest).toBeCloseTo(1, 6)
  expect(spread.highest).toBeCloseTo(1.09, 3)
})

it('detects the threshold and half an interval more', () => {
  // bounds are the 12th and 29th: 0.9 + 0.2 · 11/39 and 0.9 + 0.2 · 28/39
  const [lower, upper] = [0.9 + (0.2 * 11) / 39, 0.9 + (0.2 * 28) / 39]
  expect(told(1.05, launch(0.9, 1.1)).minimumDetectable).toBeCloseTo(1.05 * Math.sqrt(upper / lower), 9)
})
