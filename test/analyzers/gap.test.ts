import { describe, expect, it } from 'vitest'
import { gapReport } from '../../src/analyzers/gap.js'
import type { Analysis, Attribution, Ceilings, ExecutedKernel, LayerCost, Measurement } from '../../src/types.js'
import { ceilings } from './ceilings.js'
import { layer } from './graph.js'
import { attribution, environment, executedKernel, launch, measurement } from './measured.js'

const analysisOf = (layers: readonly LayerCost[]): Analysis => {
  const sum = (figure: 'macs' | 'flops') => layers.reduce((total, cost) => total + (cost[figure] ?? 0), 0)
  return {
    model: {
      name: 'by hand',
      spec: null,
      path: null,
      sha256: null,
      structureSha256: null,
      irVersion: 8,
      opset: 17,
      inputs: [],
    },
    published: null,
    totals: {
      macs: sum('macs'),
      flops: sum('flops'),
      params: 0,
      buffers: 0,
      paramBytes: 0,
      readBytes: 0,
      writeBytes: 0,
      peakActivationBytes: null,
      arithmeticIntensity: null,
      macsByType: [],
    },
    layers,
    byOp: [],
    coverage: {
      nodes: layers.length,
      counted: layers.length,
      free: 0,
      uncounted: 0,
      unsized: 0,
      uncountedOps: [],
      uncountedBy: [],
    },
    warnings: [],
  }
}

interface Parts {
  readonly layers: readonly LayerCost[]
  readonly kernels: readonly Partial<ExecutedKernel>[]
  readonly attribution: Attribution
  readonly measurement?: Partial<Measurement>
  readonly ceilings?: Partial<Ceilings>
}

const reportOf = (parts: Parts) =>
  gapReport({
    analysis: analysisOf(parts.layers),
    environment,
    ceilings: { ...ceilings, ...parts.ceilings },
    measurement: measurement({ kernels: parts.kernels.map(executedKernel) }, parts.measurement),
    attribution: parts.attribution,
  })

const twentyRuns = (ms: number) => Array<number>(20).fill(ms)

describe('the gap', () => {
  const report = reportOf({
    layers: [layer('a', { flops: 2e6, macs: 1e6 }), layer('b', { op: 'Relu', flops: 1e6, kernelClass: 'elementwise' })],
    kernels: [
      { name: 'a', profiledMs: 6 },
      { name: 'b', op: 'Relu', profiledMs: 2 },
    ],
    attribution: attribution({ sources: [[0], [1]] }),
    // as long without the profiler as its kernels with it, and the machine was a little faster when it profiled
    measurement: { runsMs: [...twentyRuns(9), 10, 11, 9, 9, 9], plainWallMs: 8, profiledWallMs: 10 },
  })

  it('is the latency over the time that FLOPs promise', () => {
    // 3 MFLOP at 1 GFLOP/s
    expect(report.theory.flopsTimeMs).toBeCloseTo(3, 12)
    expect(report.measurement.latencyMs).toMatchObject({ point: 9, lower: 9 })
    expect(report.gap?.point).toBeCloseTo(3, 12)
    expect(report.gap?.lower).toBeCloseTo(report.measurement.latencyMs.lower / 3, 12)
    expect(report.gap?.upper).toBeCloseTo(report.measurement.latencyMs.upper / 3, 12)
    expect(report.gap?.confidenceLevel).toBe(report.measurement.latencyMs.confidenceLevel)
  })

  it('comes with the rooflines of all kernels, and what profiling did to the run', () => {
    expect(report.theory.rooflineMs).toBeCloseTo(3, 12)
    expect(report.measurement.profilerInflation).toBeCloseTo(1.25, 12)
  })

  it('is explained: kernels, causes and latency agree', () => {
    expect(report.kernels.map(({ ms }) => ms)).toEqual([expect.closeTo(6.75, 9), expect.closeTo(2.25, 9)])
    expect(report.causes.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(9, 9)
  })

  it('sets shares of MACs beside shares of time', () => {
    expect(report.opShares).toEqual([
      { op: 'Conv', macsShare: 1, timeShare: expect.closeTo(0.75, 9), ms: expect.closeTo(6.75, 9), kernels: 1 },
      { op: 'Relu', macsShare: 0, timeShare: expect.closeTo(0.25, 9), ms: expect.closeTo(2.25, 9), kernels: 1 },
    ])
  })

  it('passes on what was measured, and the machine', () => {
    expect(report.measurement.runsMs).toHaveLength(25)
    expect(report.environment).toEqual(environment)
    expect(report.ceilings).toEqual(ceilings)
  })
})

describe('a model without arithmetic', () => {
  const report = reportOf({
    layers: [layer('t', { op: 'Transpose', kernelClass: 'data-movement' })],
    kernels: [{ op: 'Transpose', profiledMs: 2 }],
    attribution: attribution({ sources: [[0]] }),
    measurement: { runsMs: twentyRuns(2) },
  })

  it('has no gap, and all else', () => {
    expect(report.gap).toBeNull()
    expect(report.theory.flopsTimeMs).toBe(0)
    expect(report.measurement.latencyMs.point).toBe(2)
    expect(report.causes).toEqual([{ cause: 'unexplained', ms: 2, share: 1 }])
    expect(report.opShares).toMatchObject([{ op: 'Transpose', macsShare: null, timeShare: 1 }])
    expect(report.attribution).toMatchObject({ timeShare: 1, macsShare: 1, nodeShare: 1 })
  })
})

describe('the summary of an attribution', () => {
  const parts: Parts = {
    layers: [
      layer('conv', { macs: 60, flops: 120 }),
      layer('relu', { op: 'Relu' }),
      layer('twin', { macs: 40, flops: 80 }),
      layer('lost', { macs: 20, flops: 40 }),
    ],
    kernels: [
      { name: 'conv', inputs: ['r0'], outputs: ['t'], profiledMs: 5 },
      { name: 'reorder', op: 'ReorderOutput', inputs: ['t'], outputs: ['y'], profiledMs: 1 },
      { name: 'odd', op: 'Odd', inputs: ['y'], outputs: ['z'], profiledMs: 4 },
    ],
    attribution: attribution({
      sources: [[0, 1], [], []],
      inserted: [false, true, false],
      fates: ['executed', 'fused', 'removed', 'unmatched'],
    }),
    measurement: { runsMs: twentyRuns(10) },
  }
  const { attribution: summary, warnings } = reportOf(parts)

  it('is of the time in kernels that are matched or known to be added', () => {
    expect(summary.timeShare).toBeCloseTo(0.6, 12)
  })

  it('is of the MACs that are left to do, without those of a removed node', () => {
    expect(summary.macsShare).toBeCloseTo(60 / 80, 12)
  })

  it('is of the nodes whose fate is known', () => {
    expect(summary.nodeShare).toBeCloseTo(3 / 4, 12)
    expect(summary.fates).toEqual({ executed: 1, fused: 1, folded: 0, removed: 1, unmatched: 1 })
    expect(summary.unmatched).toEqual(['lost'])
  })

  it('lists what was added', () => {
    expect(summary.inserted).toEqual([
      { name: 'reorder', op: 'ReorderOutput', ms: expect.closeTo(1, 9), after: 'conv', before: null },
    ])
  })

  it('warns of what is not matched', () => {
    expect(warnings).toContainEqual(
      expect.objectContaining({
        code: 'unattributed',
        message: '40.0 % of kernel time and 1 source nodes are not matched',
      }),
    )
  })
})

describe('the place of an added kernel', () => {
  const placesIn = (kernels: readonly Partial<ExecutedKernel>[], sources: readonly (readonly number[])[]) =>
    reportOf({
      layers: [layer('one'), layer('two')],
      kernels,
      attribution: attribution({ sources, inserted: sources.map((nodes) => nodes.length === 0) }),
    }).attribution.inserted.map(({ after, before }) => [after, before])

  it('is between the layers that make and read its tensor', () => {
    const kernels = [
      { inputs: ['x'], outputs: ['a'] },
      { inputs: ['a'], outputs: ['b'] },
      { inputs: ['b'], outputs: ['y'] },
    ]
    expect(placesIn(kernels, [[0], [], [1]])).toEqual([['one', 'two']])
  })

  it('is found across others that were added', () => {
    const kernels = [
      { inputs: ['x'], outputs: ['a'] },
      { inputs: ['a'], outputs: ['b'] },
      { inputs: ['b'], outputs: ['c'] },
      { inputs: ['c'], outputs: ['y'] },
    ]
    expect(placesIn(kernels, [[0], [], [], [1]])).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ])
  })

  it('is open at the input and the output of the model', () => {
    const kernels = [
      { inputs: ['x'], outputs: ['a'] },
      { inputs: ['a'], outputs: ['b'] },
      { inputs: ['b'], outputs: ['y'] },
    ]
    expect(placesIn(kernels, [[], [0], []])).toEqual([
      [null, 'one'],
      ['one', null],
    ])
  })
})

describe('warnings', () => {
  const one: Parts = {
    layers: [layer('a', { flops: 2e6, macs: 1e6 })],
    kernels: [{ name: 'a', profiledMs: 2 }],
    attribution: attribution({ sources: [[0]] }),
    measurement: { runsMs: twentyRuns(2) },
  }
  const codesOf = (parts: Partial<Parts>) => reportOf({ ...one, ...parts }).warnings.map(({ code }) => code)

  it('are none for a clean measurement', () => {
    expect(codesOf({})).toEqual([])
  })

  it('tell of an unsteady or short one', () => {
    expect(
      codesOf({ measurement: { runsMs: twentyRuns(2), launches: [launch({ runs: 20, reachedSteadyState: false })] } }),
    ).toEqual(['unsteady'])
    expect(codesOf({ measurement: { runsMs: twentyRuns(2).slice(1) } })).toEqual(['few-runs'])
  })

  it('tell of kernels that beat the ceiling by more than a tenth', () => {
    // 2 MFLOP at 1 GFLOP/s are 2 ms, and a tenth faster is 1.82 ms
    const taking = (ms: number) => ({ kernels: [{ profiledMs: ms }], measurement: { runsMs: twentyRuns(ms) } })
    expect(codesOf(taking(1.8))).toEqual(['above-ceiling'])
    expect(codesOf(taking(1.83))).toEqual([])
  })

  it('tell of a profiler that changed what it measured', () => {
    const inflated = (profiledWallMs: number) => ({
      kernels: [{ profiledMs: profiledWallMs }],
      measurement: { runsMs: twentyRuns(2), plainWallMs: 2, profiledWallMs },
    })
    expect(codesOf(inflated(2.7))).toEqual(['profiler-inflation'])
    expect(codesOf(inflated(2.5))).toEqual([])
  })
})

describe('the cost of a run outside its kernels', () => {
  const runtime = (profiledMs: number, measured: Partial<Measurement>) => {
    const { causes, kernels } = reportOf({
      layers: [layer('relu', { op: 'Relu', flops: 1e6, kernelClass: 'elementwise' })],
      kernels: [{ name: 'relu', op: 'Relu', profiledMs }],
      attribution: attribution({ sources: [[0]] }),
      measurement: { runsMs: twentyRuns(10), ...measured },
      ceilings: { runMs: 0.5, outputBytesPerSecond: 1e9 },
    })
    return [kernels[0]?.ms, causes.find(({ cause }) => cause === 'runtime')?.ms]
  }

  it('is that of the run, and of copying a large output', () => {
    // 7.5 MB at 1 GB/s
    expect(runtime(2, { outputBytes: 75e5, plainWallMs: 10 })).toEqual([expect.closeTo(2, 9), expect.closeTo(8, 9)])
  })

  it('is what it is though the machine was slower when it profiled', () => {
    // 2.5 outside; 15 in the kernel, of a run that was as much longer, are 7.5 of 10
    const slower = { outputBytes: 2e6, plainWallMs: 17.5 }
    expect(runtime(15, slower)).toEqual([expect.closeTo(7.5, 9), expect.closeTo(2.5, 9)])
  })

  it('is no more than the latency', () => {
    expect(runtime(2, { outputBytes: 75e6, plainWallMs: 10 })).toEqual([0, 10])
  })
})

describe('what FLOPs promise', () => {
  it('is of each layer in its precision', () => {
    const { theory, gap } = reportOf({
      layers: [
        layer('a', { flops: 2e6, macs: 1e6, operandTypes: 'float32 x float32' }),
        layer('b', { flops: 4e6, macs: 2e6, operandTypes: 'uint8 x int8' }),
        layer('c', { flops: 1e6, op: 'Relu' }),
        layer('d', { flops: 1e6, operandTypes: 'float16 x float16' }),
      ],
      kernels: [],
      attribution: attribution({ sources: [] }),
      measurement: { runsMs: twentyRuns(10) },
      ceilings: { flopsPerSecondBy: { float32: 1e9, float16: null, int8: 4e9 } },
    })
    // at 1, 4, 1 and, for want of a rate, 1 GFLOP/s: 2 + 1 + 1 + 1 ms
    expect(theory.flopsTimeMs).toBeCloseTo(5, 12)
    expect(gap?.point).toBeCloseTo(2, 12)
  })
})

describe('launches', () => {
  const starts = [10, 30, 20, 40, 60, 50].map((ms) =>
    launch({ runs: 3, runtimeLoadMs: ms, sessionCreateMs: 2 * ms, firstRunMs: 3 * ms }),
  )
  const report = reportOf({
    layers: [layer('a', { flops: 1e6 })],
    kernels: [{ profiledMs: 1 }],
    attribution: attribution({ sources: [[0]] }),
    measurement: {
      launches: starts,
      runsMs: [1, 2, 3, 4, 5, 6].flatMap((ms) => [ms, ms, 9 * ms]),
      creation: { loadMs: 4, initializeMs: 5 },
    },
  })

  it('are taken by their medians, whose range is the interval', () => {
    expect(report.measurement.latencyMs).toMatchObject({ point: 3.5, lower: 1, upper: 6 })
  })

  it('begin with what is waited for once: medians, which are no part of the latency', () => {
    const startup = { runtimeLoadMs: 35, sessionCreateMs: 70, firstRunMs: 105, modelLoadMs: 4, initializeMs: 5 }
    expect(report.measurement.startup).toEqual(startup)
  })
})

describe('a machine that was calibrated on whole networks', () => {
  const report = (kernelTimes: Ceilings['kernelTimes'], predictionRatios: readonly number[]) =>
    reportOf({
      layers: [layer('t', { op: 'Sigmoid', kernelClass: 'elementwise' })],
      kernels: [{ op: 'Sigmoid', profiledMs: 3 }],
      attribution: attribution({ sources: [[0]] }),
      measurement: { runsMs: twentyRuns(3) },
      ceilings: { kernelTimes, predictionRatios },
    })
  const known = { kind: 'Sigmoid', costs: { call: 2 }, kernels: 9, medianError: 0.1 }

  it('predicts the latency beside it', () => {
    const ratios = [0.8, 1, 1.5]
    // the middle one of three, and from the first on either side: 2 · 0.8 to 2 · 1.5
    expect(report([known], ratios).prediction).toEqual({
      latencyMs: { point: 2, lower: expect.closeTo(1.6, 12), upper: 3, confidenceLevel: 0.5 },
      guessedShare: 0,
    })
    expect(report([known], ratios).kernels[0]?.predictedMs).toBe(2)
    expect(report([], []).prediction).toBeNull()
  })

  it('tells what a kernel of its kind takes from what is not explained', () => {
    const causes = report([{ ...known, costs: { call: 1.5, rows: 0.5 } }], [1]).kernels[0]?.causes
    expect(causes?.map(({ cause, ms }) => [cause, ms])).toEqual([
      ['fragmentation', 1.5],
      ['unexplained', 1.5],
    ])
  })
})

describe('more threads than CPUs', () => {
  it('are warned of', () => {
    const codes = (threads: number) =>
      gapReport({
        analysis: reportOf({ layers: [], kernels: [], attribution: attribution({ sources: [] }), measurement: {} }),
        environment: { ...environment, threads, logicalCpus: 2 },
        ceilings,
        measurement: measurement({ kernels: [] }, { runsMs: twentyRuns(1) }),
        attribution: attribution({ sources: [] }),
      }).warnings.map(({ code }) => code)
    expect(codes(3)).toContain('too-many-threads')
    expect(codes(2)).not.toContain('too-many-threads')
  })
})
