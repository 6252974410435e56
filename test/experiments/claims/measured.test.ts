import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyzers/analyze.js'
import { type CountedModel, Evidence } from '../../../src/experiments/claims/evidence.js'
import { claims } from '../../../src/experiments/claims/index.js'
import { judged } from '../../../src/experiments/claims/judge.js'
import { modelOf } from '../../../src/experiments/claims/models/index.js'
import { lightweight, type MeasuredSet } from '../../../src/experiments/claims/sets.js'
import { noBinding } from '../../../src/onnx/bind.js'
import { typed } from '../../../src/pipeline/typed.js'
import type { CheckedClaim, InterleavedRuns } from '../../../src/types.js'

const launch = {
  runtimeLoadMs: 1,
  sessionCreateMs: 1,
  firstRunMs: 1,
  warmupRuns: 1,
  reachedSteadyState: true,
  runs: 1,
}

/** Six launches of one run each, which drift; `spread` is how far apart the ratios of the launches are. */
const runsOf = (label: string, ms: number, spread = 0): InterleavedRuns => ({
  label,
  launches: Array(6).fill(launch),
  runsMs: [1, 1.2, 0.9, 1.5, 1.1, 1].map((drift, index) => ms * drift * (1 + spread * (index - 2.5))),
  runsCpuMs: [],
  outputBytes: 4,
})

async function counted(labels: readonly string[]): Promise<Map<string, CountedModel>> {
  const all = new Map<string, CountedModel>()
  for (const label of labels) {
    const graph = await typed(modelOf(label), noBinding)
    all.set(label, { graph, analysis: analyze(graph) })
  }
  return all
}

/** A claim as it would be judged if its models took these times, all others 10 ms. */
async function withTimes(
  id: string,
  times: Readonly<Record<string, number>>,
  spread: Readonly<Record<string, number>> = {},
): Promise<CheckedClaim> {
  const claim = claims.find((one) => one.id === id)
  if (claim === undefined) throw new Error(`no claim ${id}`)
  const models = (claim.set as MeasuredSet).models
  for (const label of Object.keys(times)) expect(models).toContain(label)
  const runs = models.map((label) => runsOf(label, times[label] ?? 10, spread[label] ?? 0))
  return judged(claim, new Evidence(await counted(claim.counts), runs))
}

const pointsOf = ({ figures }: CheckedClaim) =>
  figures.map(({ found }) => (found === null || typeof found === 'number' ? found : found.point))

describe('measured claims', () => {
  it('are all judged by their own models alone', async () => {
    for (const claim of claims.filter(({ set }) => set !== null)) {
      const { figures } = await withTimes(claim.id, {})
      for (const { found } of figures) expect(found).not.toBeNull()
    }
  })

  it.each([
    ['alexnet-in-practice', { 'alexnet:variant=caffe,resolution=224': 130 }, [13], 'holds'],
    ['alexnet-in-practice', { 'alexnet:variant=caffe,resolution=224': 90 }, [9], 'does-not-hold'],
    ['mobilenet-v2-time', { 'mobilenet-v1': 15 }, [1.5], 'holds'],
    ['mobilenet-v2-time', { 'mobilenet-v1': 10.5 }, [1.05], 'does-not-hold'],
    ['xception-speed', { xception: 11 }, [1.1], 'holds'],
    ['ssdlite-time', { 'ssdlite-mobilenet-v1': 14 }, [1.4], 'holds'],
    ['se-cpu-time', { 'se-resnet-50': 10.2 }, [2], 'holds'],
    ['se-cpu-time', { 'se-resnet-50': 11 }, [10], 'does-not-hold'],
    ['se-cpu-time', { 'se-resnet-50': 9 }, [-10], 'does-not-hold'],
    ['relu6-time', { 'mobilenet-v2': 10.2 }, [1.02], 'holds'],
    ['relu6-time', { 'mobilenet-v2': 10.4 }, [1.04], 'does-not-hold'],
    ['shuffle-time', { 'shufflenet-v1 without shuffles': 9 }, [10], 'holds'],
    ['shuffle-time', { 'shufflenet-v1 without shuffles': 9.95 }, [0.5], 'does-not-hold'],
    ['wide-field-time', { 'shufflenet-v2:receptive-field=wide': 10.5 }, [5], 'holds'],
    ['condensenet-time', { 'condensenet-74:groups=8': 5, 'condensenet-74': 9 }, [2, 10 / 9], 'holds'],
    ['condensenet-time', { 'condensenet-74': 15 }, [1, 10 / 15], 'does-not-hold'],
    ['relu-shortcut', { 'g4 gpu, neither': 10 / 1.2, 'g4 arm, neither': 10 / 1.15 }, [20, 15], 'holds'],
    ['relu-shortcut', { 'g4 gpu, neither': 10 / 1.2 }, [20, 0], 'does-not-hold'],
    ['shufflenet-v2-fastest', { 'shufflenet-v2': 9 }, [10 / 9, 10 / 9, 10 / 9], 'holds'],
    ['shufflenet-v2-fastest', { 'shufflenet-v2': 9, 'shufflenet-v1': 8 }, [8 / 9, 10 / 9, 10 / 9], 'does-not-hold'],
  ] as const)('%s of %j', async (id, times, points, verdict) => {
    const claim = await withTimes(id, times)
    expect(pointsOf(claim)).toEqual(points.map((point) => expect.closeTo(point, 9)))
    expect(claim.verdict).toBe(verdict)
  })

  it('cannot be told where the interval crosses the edge', async () => {
    const claim = await withTimes('mobilenet-v2-time', { 'mobilenet-v1': 18.5 }, { 'mobilenet-v1': 0.03 })
    expect(claim.verdict).toBe('cannot-tell')
  })

  it('carry a speedup to four times the MACs', async () => {
    // as many MACs as make the ratio, so that time goes with their square root
    const macs = { 2: 524045184, 1: 137460672, 0.5: 37589856 }
    const time = (scale: 2 | 1 | 0.5) => Math.sqrt(macs[scale]) / 1000
    const claim = await withTimes('four-times-complexity', {
      'shufflenet-v1:scale=2': time(2),
      'shufflenet-v1': time(1),
      'shufflenet-v1:scale=0.5': time(0.5),
    })
    expect(pointsOf(claim)).toEqual([expect.closeTo(2, 9), expect.closeTo(2, 9)])
  })

  it('take the share of element-wise operations from what is left without them', async () => {
    const claim = await withTimes('elementwise-share', {
      'mobilenet-v2 without ReLU6 and Add': 9,
      'shufflenet-v1 without ReLU and Add': 8.5,
    })
    const [mobilenet, , shufflenet] = pointsOf(claim)
    expect([mobilenet, shufflenet]).toEqual([expect.closeTo(10, 9), expect.closeTo(15, 9)])
    expect(claim.verdict).toBe('holds')
  })

  it('count pairs in the wrong order where the whole interval says so', async () => {
    const macs = await counted(lightweight.models)
    const byMacs = [...lightweight.models].sort(
      (a, b) => (macs.get(a)?.analysis.totals.macs ?? 0) - (macs.get(b)?.analysis.totals.macs ?? 0),
    )
    const times = (order: readonly string[]) => Object.fromEntries(order.map((label, index) => [label, 2 ** index]))
    const right = await withTimes('flops-rank-latency', times(byMacs))
    expect([pointsOf(right), right.verdict]).toEqual([[0], 'does-not-hold'])
    const wrong = await withTimes('flops-rank-latency', times([...byMacs].reverse()))
    expect([pointsOf(wrong), wrong.verdict]).toEqual([[55], 'holds'])
    const [first = '', second = ''] = byMacs
    // as fast as each other in the middle, and either way at the ends
    const close = await withTimes(
      'flops-rank-latency',
      { ...times(byMacs), [first]: 2, [second]: 2 },
      { [first]: 0.01 },
    )
    expect(close.verdict).toBe('cannot-tell')
    expect(close.figures[0]?.found).toMatchObject({ lower: 0, upper: 1 })
  })

  it('judge a guideline by the margin of its experiment, at equal MACs', async () => {
    const rows = ['1:2', '1:6', '1:12'].flatMap((row) => [`g1 gpu, ${row}`, `g1 arm, ${row}`])
    const slower = (ms: number) => Object.fromEntries(rows.map((label) => [label, ms]))
    expect((await withTimes('equal-channel-width', slower(11))).verdict).toBe('holds')
    expect((await withTimes('equal-channel-width', slower(9.5))).verdict).toBe('does-not-hold')
    // 1.5 % is within the margin, but these rows have 1 % fewer MACs and more
    expect((await withTimes('equal-channel-width', slower(10.15))).verdict).toBe('cannot-tell')
  })

  it('cannot be told without runs', () => {
    const claim = claims.find(({ id }) => id === 'relu6-time')
    expect(claim && judged(claim, null)).toMatchObject({ verdict: 'cannot-tell', figures: [{ found: null }] })
  })
})
