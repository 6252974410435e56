import { describe, expect, it } from 'vitest'
import { latencyCheck, latencyEvidence, limitOf, type PairedLaunch } from '../../src/gate/latency.js'
import { pairedRatio } from '../../src/stats.js'
import { share } from '../traces.js'
import { judged, type Machine, quiet } from './traces.js'

const gates = 300

const verdicts = (ratio: number, threshold: number, machine: Machine) => {
  const all = Array.from({ length: gates }, (_, seed) => judged(seed, ratio, threshold, machine).verdict)
  return (verdict: string) => all.filter((one) => one === verdict).length / gates
}

const machines: readonly (readonly [string, Machine])[] = [
  ['a quiet one', quiet],
  ['one whose runs resemble each other', { ...quiet, rho: 0.95 }],
  ['a bursty one', { ...quiet, own: 0.03, bursts: { share: 0.05, most: 10 } }],
  ['one that drifts', { ...quiet, drift: 0.2 }],
  ['one with two modes', { ...quiet, bimodal: 0.02 }],
  ['one with all of it', { ...quiet, own: 0.03, drift: 0.2, bimodal: 0.02, bursts: { share: 0.03, most: 10 } }],
]

// the rates that the gate promises, of seeded traces: they are the same each time
describe.each(machines)('on %s', (_, machine) => {
  it('an unchanged model never fails at 5 %, and is told in 95 of 100 gates', () => {
    const of = verdicts(1, 1.05, machine)
    expect(of('regressed')).toBe(0)
    expect(of('passed')).toBeGreaterThanOrEqual(0.95)
  })

  it('a tenth more fails in at least 95 of 100 gates at 5 %', () => {
    expect(verdicts(1.1, 1.05, machine)('regressed')).toBeGreaterThanOrEqual(0.95)
  })

  it('a tenth less is never a failure', () => {
    const of = verdicts(1 / 1.1, 1.05, machine)
    expect([of('regressed'), of('inconclusive')]).toEqual([0, 0])
  })
})

it('5 % more fails in at least 90 of 100 gates at 3 % where it is quiet', () => {
  expect(verdicts(1.05, 1.03, quiet)('regressed')).toBeGreaterThanOrEqual(0.9)
})

it('no slowdown within the threshold is called a failure more often than one in a hundred', () => {
  expect(verdicts(1.045, 1.05, quiet)('regressed')).toBeLessThanOrEqual(0.01)
})

it('a mode of one process alone does not fail', () => {
  // 8 % in half of the processes: where the first has it, the second has it half of the time
  const machine = { ...quiet, bimodal: 0.08 }
  const all = Array.from({ length: gates }, (_, seed) => judged(seed, 1, 1.05, machine))
  const unconfirmed = all.filter(({ evidence }) => evidence.launches === 2 && evidence.reason === 'not-reproduced')
  expect(unconfirmed.length).toBeGreaterThan(gates / 8)
})

describe('evidence', () => {
  const settings = { provider: 'cpu', threads: 1, optimization: 'all' as const }
  const standard = { model: 'new', beside: 'old', settings, threshold: 1.05, earlier: null }
  /** Ratios from `low` to `high` of that mean length, the interval in the middle of them. */
  const launch = (low: number, high: number, ms = 10): PairedLaunch => ({
    candidateMs: Array.from({ length: 40 }, (_, index) => ms * (low + ((high - low) * ((index * 7) % 40)) / 39)),
    besideMs: Array.from({ length: 40 }, () => ms),
  })

  it.each<[string, PairedLaunch[], string, string | null]>([
    ['under the threshold', [launch(1.0, 1.02)], 'passed', null],
    ['under one by as much', [launch(0.9, 0.94)], 'improved', null],
    ['over it in both processes', [launch(1.08, 1.1), launch(1.07, 1.12)], 'regressed', null],
    ['over it in the first alone', [launch(1.08, 1.1), launch(1.0, 1.02)], 'inconclusive', 'not-reproduced'],
    ['around it, told apart from none', [launch(1.04, 1.06)], 'inconclusive', 'at-threshold'],
    ['around it, in noise', [launch(0.9, 1.25)], 'inconclusive', 'noise'],
    ['anywhere', [launch(0.3, 2.5)], 'inconclusive', 'unfit-environment'],
    [
      'over it by a few microseconds',
      [launch(1.08, 1.1, 0.02), launch(1.08, 1.1, 0.02)],
      'inconclusive',
      'below-floor',
    ],
  ])('%s', (_, launches, verdict, reason) => {
    const { verdict: said, evidence } = latencyEvidence(launches, standard)
    expect([said, evidence.reason]).toEqual([verdict, reason])
    expect(evidence.hint === null).toBe(reason === null)
    expect(evidence.pairs).toBe(40 * launches.length)
    const check = latencyCheck(said, evidence, 'error', null)
    expect(check).toMatchObject({ verdict, metric: 'latency', limit: 1.05, current: evidence.ratio.point })
  })

  it('adds the uncertainty of a baseline to its own', () => {
    const earlier = { point: 2, lower: 1.9, upper: 2.1, confidenceLevel: 0.99 }
    const now = launch(2, 2.02)
    const { evidence } = latencyEvidence([now], { ...standard, earlier })
    const { lower, upper } = pairedRatio(now.candidateMs, now.besideMs)
    expect(evidence.ratio.lower).toBeCloseTo(lower / 2.1, 12)
    expect(evidence.ratio.upper).toBeCloseTo(upper / 1.9, 12)
    // the limits of measured ratios are those at which that interval passes the threshold
    expect(limitOf({ threshold: 1.05, earlier })).toEqual({ below: 1.05 * 1.9, above: 1.05 * 2.1 })
  })

  it('says what these runs could have told', () => {
    const { evidence } = latencyEvidence([launch(1, 1.02)], standard)
    const { lower, upper } = evidence.ratio
    expect(evidence.minimumDetectable).toBeCloseTo(1.05 * Math.sqrt(upper / lower), 12)
  })
})

it('has the ranks of a 99 % sign test', () => {
  // k of n, from the binomial distribution: 12 of 40, 20 of 60, 37 of 100, 82 of 200
  for (const [n, k] of [
    [40, 12],
    [60, 20],
    [100, 37],
    [200, 82],
  ] as const) {
    const values = Array.from({ length: n }, (_, index) => Math.exp(index + 1))
    const { lower, upper, confidenceLevel } = pairedRatio(
      values,
      values.map(() => 1),
    )
    expect([Math.log(lower), Math.log(upper)].map(Math.round)).toEqual([k, n + 1 - k])
    expect(confidenceLevel).toBeGreaterThanOrEqual(0.99)
  }
})

it('holds the true ratio in its interval as often as it says, of pairs that are independent', () => {
  const held = share(1000, (seed) => {
    const { evidence } = judged(seed, 1, 1e9, quiet)
    return evidence.ratio.lower <= 1 && 1 <= evidence.ratio.upper
  })
  expect(held).toBeGreaterThan(0.97)
})
