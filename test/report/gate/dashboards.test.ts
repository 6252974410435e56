import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { visible } from '../../../src/report/format.js'
import { bencher } from '../../../src/report/gate/bencher.js'
import { customSmallerIsBetter } from '../../../src/report/gate/custom-smaller-is-better.js'
import { check, evidence, hostile, report, slower, unjudged, withName } from './reports.js'

/** As its README documents them. */
const entries = z.array(
  z.strictObject({
    name: z.string().min(1),
    unit: z.string().min(1),
    value: z.number(),
    range: z.string().optional(),
    extra: z.string().optional(),
  }),
)

/** https://bencher.dev/bmf.json */
const benchmarks = z.record(
  z.string().min(1).max(1024),
  z.record(
    z.string().min(1).max(64),
    z.strictObject({ value: z.number(), lower_value: z.number().optional(), upper_value: z.number().optional() }),
  ),
)

const listOf = (...given: Parameters<typeof customSmallerIsBetter>) =>
  entries.parse(JSON.parse(customSmallerIsBetter(...given)))
const mapOf = (...given: Parameters<typeof bencher>) => benchmarks.parse(JSON.parse(bencher(...given)))

describe('customSmallerIsBetter', () => {
  it('has every figure that is known, latency as it was measured', () => {
    expect(listOf(report()).map(({ name, unit, value }) => [name, unit, value])).toEqual([
      ['net: macs', 'count', 1_002_048],
      ['net: params', 'count', 7],
      ['net: kernels', 'count', 50],
      ['net: findings', 'count', 1_000_000],
      ['net: bytes', 'bytes', 1_000_000],
      ['net: latency', 'ms', 5.4],
      ['net: latencyRatio', 'x', 1.08],
    ])
    expect(listOf(report()).find(({ name }) => name === 'net: latency')?.range).toBe(
      '5.40 ms, 99 % interval 5.30 ms to 5.50 ms',
    )
  })

  it('is empty where nothing is known', () => {
    expect(listOf(unjudged)).toEqual([])
    const gone = check({ metric: 'model', current: null, verdict: 'missing', message: 'gone' })
    expect(listOf(report({ checks: [gone], latency: [] }))).toEqual([])
  })
})

describe('Bencher', () => {
  it('has a benchmark for each model, latency in nanoseconds with its bounds', () => {
    const two = report({ checks: [check(), check({ model: 'other', metric: 'peakActivationBytes', unit: 'bytes' })] })
    expect(mapOf(two)).toEqual({
      net: {
        macs: { value: 1_000_000 },
        latency: { value: 5.4e6, lower_value: 5.3e6, upper_value: 5.5e6 },
        'latency-ratio': { value: 1.08, lower_value: 1.06, upper_value: 1.1 },
      },
      other: { 'peak-activation-bytes': { value: 1_000_000 } },
    })
  })

  it('calls a ratio to the reference network no latency', () => {
    expect(mapOf(report({ checks: [slower], latency: [] }))).toEqual({ net: { 'latency-ratio': { value: 1.08 } } })
  })

  it('is empty where nothing is known', () => {
    expect(mapOf(unjudged)).toEqual({})
  })

  it('tells long names apart', () => {
    const long = [1, 2].map((end) => check({ model: `${hostile.long}${end}` }))
    expect(Object.keys(mapOf(report({ checks: long, latency: [] })))).toHaveLength(2)
  })
})

describe.each(Object.entries(hostile))('a hostile name: %s', (_, name) => {
  it('stays one name of visible characters', () => {
    const list = listOf(withName(name))
    expect(list.map((one) => one.name)).toEqual(
      ['macs', 'flops', 'latency', 'latencyRatio'].map((metric) => `${visible(name)}: ${metric}`),
    )
    for (const { extra = '' } of list) expect(extra.length).toBeLessThanOrEqual(300)
    const text = bencher(withName(name))
    expect(text).not.toMatch(/[^\P{C}\n]/u)
    // zod leaves this name out of what it parses
    const [benchmark, ...others] = Object.keys(JSON.parse(text))
    expect(others).toEqual([])
    if (name.length < 500) expect(benchmark).toBe(visible(name))
  })
})

describe('latency of a model', () => {
  it('is not told twice', () => {
    const names = listOf(report({ checks: [slower], latency: [evidence()] })).map(({ name }) => name)
    expect(names).toEqual(['net: latency', 'net: latencyRatio'])
  })
})
