import { describe, expect, it } from 'vitest'
import { ceilingsFrom } from '../../src/analyzers/ceilings.js'
import { gapReport } from '../../src/analyzers/gap.js'
import { plain } from '../../src/report/page.js'
import { profileText } from '../../src/report/profile.js'
import type { Analysis, CalibrationRuns, ExecutedKernel, GapReport, Profiled, Shown } from '../../src/types.js'
import { ceilings } from './ceilings.js'
import { layer } from './graph.js'
import { attribution, environment, executedKernel, measurement } from './measured.js'

const layers = [layer('block1/conv', { flops: 2e6, macs: 1e6 }), layer('block2/relu', { op: 'Relu', flops: 1e6 })]

const analysis: Analysis = {
  model: {
    ...{ name: 'by hand', spec: null, path: null, sha256: null, structureSha256: null },
    ...{ irVersion: 8, opset: 17, inputs: [] },
  },
  published: null,
  totals: {
    ...{ macs: 1e6, flops: 3e6, params: 0, buffers: 0, paramBytes: 0, readBytes: 0, writeBytes: 0 },
    ...{ peakActivationBytes: null, arithmeticIntensity: null, macsByType: [] },
  },
  layers,
  byOp: [],
  coverage: {
    ...{ nodes: 2, counted: 2, free: 0, uncounted: 0, unsized: 0 },
    ...{ uncountedOps: [], uncountedBy: [] },
  },
  warnings: [],
}

/** Two kernels on a device in a run of 5 ms, of which onnxruntime tells as much as given. */
function onCuda(kernels: readonly Partial<ExecutedKernel>[]): GapReport {
  const provider = 'CUDAExecutionProvider'
  const settings = { provider: 'cuda', threads: 1, optimization: 'all' } as const
  const executed = kernels.map((kernel) => executedKernel({ provider, ...kernel }))
  return gapReport({
    analysis,
    environment: { ...environment, provider: 'cuda' },
    ceilings,
    measurement: measurement(
      { kernels: executed, profiledRunMs: 5 },
      { settings, runsMs: Array<number>(20).fill(5), plainWallMs: 5, profiledWallMs: 5 },
    ),
    attribution: attribution({ sources: [[0], [1]] }),
  })
}

describe('kernels of which onnxruntime tells only when a device got them', () => {
  const report = onCuda([
    { name: 'conv', profiledMs: 0.0123, timeSource: 'launch' },
    { name: 'relu', op: 'Relu', profiledMs: 0.0456, timeSource: 'launch' },
  ])

  it('have no time, and nothing that follows from one', () => {
    for (const { ms, share, gap, causes, isValid } of report.kernels) {
      expect({ ms, share, gap, causes, isValid }).toEqual({
        ms: null,
        share: null,
        gap: null,
        causes: [],
        isValid: true,
      })
    }
    for (const { ms, timeShare } of report.opShares) expect([ms, timeShare]).toEqual([null, null])
    for (const { ms, share } of report.blocks) expect([ms, share]).toEqual([null, null])
    expect(report.attribution).toMatchObject({ timeShare: null, macsShare: 1, nodeShare: 1 })
    expect(report.attribution.providers).toEqual([
      { provider: 'CUDAExecutionProvider', kernels: 2, ms: null, share: null },
    ])
  })

  it('leave the latency and the gap as they were measured, and the causes a sum', () => {
    expect(report.measurement.latencyMs.point).toBe(5)
    expect(report.gap?.point).toBeCloseTo(5 / report.theory.flopsTimeMs, 9)
    expect(report.causes.map(({ cause }) => cause)).toContain('untimed')
    expect(report.causes.map(({ cause }) => cause)).not.toContain('unexplained')
    expect(report.causes.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(5, 9)
  })

  it('are shown without a figure, and said to be so', () => {
    const text = profileText(report, { width: 120, paint: plain }, { all: true })
    expect(text).toMatch(/block1\/conv +dense-conv +\? +\? /)
    expect(text).toContain('kernels, whose own times are not known')
    expect(text).toContain('of 2 kernels onnxruntime tells when cuda got them')
    // what launching took, in any unit
    expect(text).not.toMatch(/12\.3|0\.012|45\.6|0\.046/)
    const short = profileText(report, { width: 120, paint: plain }, { all: false })
    expect(short).not.toContain('Most time lost')
  })
})

describe('a kernel without a time beside one with', () => {
  const report = onCuda([
    { name: 'conv', profiledMs: 2, timeSource: 'gpu' },
    { name: 'relu', op: 'Relu', profiledMs: 0.0456, timeSource: 'launch' },
  ])

  it('takes nothing from the other', () => {
    const [conv, relu] = report.kernels
    expect(conv?.ms).not.toBeNull()
    expect(conv?.causes.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(conv?.ms ?? Number.NaN, 9)
    expect(relu?.ms).toBeNull()
    expect(report.attribution.timeShare).toBe(1)
    expect(report.causes.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(5, 9)
  })
})

describe('a kernel that ran on another provider', () => {
  it('is not judged by the ceilings of the one that was asked for', () => {
    // 3 MFLOPs in a nanosecond
    const tooFast = { name: 'conv', profiledMs: 1e-6, timeSource: 'kernel' } as const
    const relu = { name: 'relu', op: 'Relu', profiledMs: 1, timeSource: 'gpu' } as const
    const moved = { inputTypes: [{ elementType: 'float32', dims: [1e6] }] }
    const [own] = onCuda([{ ...tooFast, ...moved }, relu]).kernels
    const [other] = onCuda([{ ...tooFast, ...moved, provider: 'CPUExecutionProvider' }, relu]).kernels
    expect([own?.isValid, other?.isValid]).toEqual([false, true])
  })
})

describe('ceilings', () => {
  const identity = { measuredAt: '', fingerprint: '' }

  /** Micro-models of one kernel each, on a provider. */
  function runsOn(provider: string, timeSource: ExecutedKernel['timeSource'], int8: string): CalibrationRuns {
    const profiled = (op: string, elementType: string, where = provider) => {
      const inputTypes = [{ elementType, dims: [8] }]
      return measurement(
        { kernels: [executedKernel({ op, provider: where, timeSource, inputTypes })] },
        { plainWallMs: 1 },
      )
    }
    const float = profiled('MatMul', 'float32')
    return {
      arithmetic: [
        { name: 'matmul', precision: 'float32', flops: 2e6, profiled: float, beside: null },
        {
          name: 'matmul',
          precision: 'int8',
          flops: 2e9,
          profiled: profiled('MatMulInteger', 'uint8', int8),
          beside: null,
        },
      ],
      additions: [{ workingSetBytes: 1e6, profiled: profiled('Add', 'float32'), beside: null }],
      chains: [1, 3].map((kernels) => ({ kernels, profiled: float })),
      output: { bytes: 4, profiled: float },
      networks: [],
      probes: { arithmeticMs: 1, memoryMs: 1, networkMs: 1 },
    }
  }

  it('are not those of the provider that took over', () => {
    const gpu = 'WebGpuExecutionProvider'
    const { flopsPerSecondBy, arithmetic } = ceilingsFrom(runsOn(gpu, 'gpu', 'CPUExecutionProvider'), identity)
    expect(flopsPerSecondBy).toMatchObject({ int8: null })
    expect(arithmetic.map(({ precision }) => precision)).toEqual(['float32'])
    expect(ceilingsFrom(runsOn(gpu, 'gpu', gpu), identity).flopsPerSecondBy.int8).toBeGreaterThan(0)
  })

  it('cannot be told from when kernels were launched', () => {
    const cuda = 'CUDAExecutionProvider'
    expect(() => ceilingsFrom(runsOn(cuda, 'launch', cuda), identity)).toThrow(
      expect.objectContaining({ code: 'measuring-failed', exitCode: 3 }),
    )
  })

  it('are those of the slope between a long and a short chain where kernels were only launched', () => {
    const cuda = 'CUDAExecutionProvider'
    const launched = runsOn(cuda, 'launch', cuda)
    const slower = <T extends Shown>(shown: T): T => {
      const profiled = { ...(shown.profiled as Profiled), plainWallMs: 2.8 }
      return { ...shown, profiled, beside: { fewer: 9, profiled: shown.profiled } }
    }
    const { arithmetic, additions, ...rest } = launched
    // nine kernels more take 1.8 ms more: 0.2 ms for 2 MFLOP, and for 1 MB
    const { flopsPerSecond, bandwidth } = ceilingsFrom(
      { ...rest, arithmetic: arithmetic.slice(0, 1).map(slower), additions: additions.map(slower) },
      identity,
    )
    expect(flopsPerSecond).toBeCloseTo(1e10, 0)
    expect(bandwidth).toEqual([{ workingSetBytes: 1e6, bytesPerSecond: expect.closeTo(5e9, 0) }])
  })
})
