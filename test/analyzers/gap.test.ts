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
    measurement: { runsMs: [...twentyRuns(9), 10, 11, 9, 9, 9] },
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
    expect(report.measurement.profilerInflation).toBeCloseTo(8 / 9, 12)
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
    expect(report.causes).toEqual([{ cause: 'efficiency:data-movement', ms: 2, share: 1 }])
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
    const ceilings = { profilerRunMs: 0.7 }
    expect(codesOf({ kernels: [{ profiledMs: 2.7 }], ceilings })).toEqual(['profiler-inflation'])
    expect(codesOf({ kernels: [{ profiledMs: 2.5 }], ceilings })).toEqual([])
  })
})

describe('the cost of a run outside its kernels', () => {
  it('is what the profiled run took beyond its kernels, such as copying a large output', () => {
    const report = reportOf({
      layers: [layer('relu', { op: 'Relu', flops: 1e6, kernelClass: 'elementwise' })],
      kernels: [{ name: 'relu', op: 'Relu', profiledMs: 2 }],
      attribution: attribution({ sources: [[0]] }),
      // 2 ms in the kernel, 10 ms for the caller
      measurement: { runsMs: twentyRuns(10), profiledWallMs: 10 },
    })
    expect(report.kernels[0]?.ms).toBeCloseTo(2, 12)
    expect(report.causes.find(({ cause }) => cause === 'runtime')?.ms).toBeCloseTo(8, 12)
    expect(report.measurement.profilerInflation).toBeCloseTo(1, 12)
  })
})

describe('the cost of a run whose profile took longer than the run', () => {
  it('is scaled to it', () => {
    const report = reportOf({
      layers: [layer('relu', { op: 'Relu', flops: 1e6, kernelClass: 'elementwise' })],
      kernels: [{ name: 'relu', op: 'Relu', profiledMs: 15 }],
      attribution: attribution({ sources: [[0]] }),
      // a quarter of the profiled run is outside the kernels; so are 2.5 of 10 ms
      measurement: { runsMs: twentyRuns(10), profiledWallMs: 20 },
    })
    expect(report.causes.find(({ cause }) => cause === 'runtime')?.ms).toBeCloseTo(2.5, 12)
    expect(report.kernels[0]?.ms).toBeCloseTo(7.5, 12)
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
