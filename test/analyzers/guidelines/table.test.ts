import { describe, expect, it } from 'vitest'
import { type Experiment, guidelineTable } from '../../../src/analyzers/guidelines/table.js'
import type { Expectation, InterleavedRuns, Launch } from '../../../src/types.js'

const launch = (runs: number): Launch => ({
  ...{ runtimeLoadMs: 1, sessionCreateMs: 1, firstRunMs: 1, warmupRuns: 10, reachedSteadyState: true },
  runs,
})

/** Runs of a machine that gets slower all the time, of a network that takes `ms` at its beginning. */
const runs = (label: string, ms: number, drift = 0.01): InterleavedRuns => {
  const runsMs = Array.from({ length: 60 }, (_, index) => ms * (1 + drift * index))
  return { label, launches: Array.from({ length: 6 }, () => launch(10)), runsMs, runsCpuMs: runsMs, outputBytes: 4 }
}

const settings = { provider: 'cpu', threads: 1, optimization: 'all' } as const

function experiment(expectation: Expectation, macs: readonly number[], speeds: readonly number[]): Experiment {
  return {
    ...{ guideline: 'g1', title: 'a title', source: 'a table', expectation, widths: 'arm', scale: 1 },
    rows: macs.map((count, index) => ({
      variant: `row ${index}`,
      cost: { macs: count, channels: [8, 8], memoryAccess: null },
      kernels: null,
      published: { gpu: 1000, arm: speeds[index] ?? 0 },
    })),
  }
}

describe('the table of an experiment', () => {
  const measurement = { settings, models: [runs('row 0', 10), runs('row 1', 12.5), runs('row 2', 20)] }
  const table = guidelineTable(experiment('slower', [100, 99, 100], [40, 30, 20]), measurement)

  it('has speeds relative to the first row, in which what slows all cancels', () => {
    for (const [index, speed] of [1, 0.8, 0.5].entries()) {
      const { point, lower, upper } = table.rows[index]?.relativeSpeed ?? { point: 0, lower: 0, upper: 0 }
      for (const value of [point, lower, upper]) expect(value).toBeCloseTo(speed, 9)
    }
  })

  it('has the same of the paper, MACs beside those of the first row, and what each row shows', () => {
    expect(table.rows.map(({ published }) => published.arm.point)).toEqual([1, 0.75, 0.5])
    expect(table.rows.map(({ published }) => published.gpu.point)).toEqual([1, 1, 1])
    expect(table.rows.map(({ macsRatio }) => macsRatio)).toEqual([1, 0.99, 1])
    expect(table.rows.map(({ finding }) => finding)).toEqual([null, 'shown', 'shown'])
  })

  it('judges what was measured, and the paper on the device of the same widths', () => {
    expect([table.verdict, table.publishedVerdict]).toEqual(['holds', 'holds'])
    const opposite = guidelineTable(experiment('faster', [100, 99, 100], [40, 30, 20]), measurement)
    expect([opposite.verdict, opposite.publishedVerdict]).toEqual(['does-not-hold', 'does-not-hold'])
    const unlike = guidelineTable(experiment('slower', [100, 99, 100], [40, 41, 20]), measurement)
    expect([unlike.verdict, unlike.publishedVerdict]).toEqual(['holds', 'does-not-hold'])
  })

  it('cannot tell where launches disagree', () => {
    const mixed = runs('row 1', 10)
    // half of the launches half as fast, half of them twice
    const runsMs = mixed.runsMs.map((ms, index) => ms * (Math.floor(index / 10) % 2 === 0 ? 2 : 0.5))
    const models = [runs('row 0', 10), { ...mixed, runsMs }]
    const { verdict, rows } = guidelineTable(experiment('slower', [100, 100], [40, 30]), { settings, models })
    expect([verdict, rows[1]?.finding]).toEqual(['cannot-tell', 'unclear'])
  })
})
