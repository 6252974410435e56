import { build, type FlopgapError, type GapReport, load, type Model, profile } from 'flopgap'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../onnx/files.js'
import type { Line } from './small-model.js'
import { writeSmall } from './small-model.js'

const folder = temporaryFolder()

/** The first use calibrates, which takes minutes where a GPU is played by a CPU. */
const patience = 900_000

const conv = (line: string): Line => [`Conv ${line}`, { kernel_shape: [1, 1] }]

/** WebGPU has no Hardmax, so that this runs on the CPU. */
const hardmax = () =>
  load(
    writeSmall(folder, 'hardmax', {
      inputs: { x: [1, 32, 16, 16] },
      outputs: 'z',
      weights: { w1: [32, 32, 1, 1], w2: [32, 32, 1, 1] },
      nodes: [conv('x w1 -> c'), ['Hardmax c -> h', { axis: 1 }], 'Relu h -> r', conv('r w2 -> z')],
    }),
  )

const onlyHardmax = () =>
  load(writeSmall(folder, 'only', { inputs: { x: [1, 32] }, outputs: 'y', nodes: ['Hardmax x -> y'] }))

/** A report, or the refusal where there is no adapter. FLOPGAP_TEST_WEBGPU is set where there must be one. */
async function onWebGpu(model: Model): Promise<GapReport | null> {
  try {
    return await profile(model, { provider: 'webgpu', maxTimeMs: 1000 })
  } catch (error) {
    expect(error).toMatchObject({ code: 'provider-unavailable', exitCode: 3 })
    expect((error as FlopgapError).message).toContain('finds no adapter')
    expect(process.env.FLOPGAP_TEST_WEBGPU, 'an adapter is expected here').toBeUndefined()
    return null
  }
}

const codes = ({ warnings }: GapReport) => warnings.map(({ code }) => code)
const sum = (figures: readonly (number | null)[]) => figures.reduce<number>((total, figure) => total + (figure ?? 0), 0)

function expectSums({ kernels, causes, measurement, totals }: GapReport): void {
  const latency = measurement.latencyMs.point
  expect(sum(causes.map(({ ms }) => ms)) / latency).toBeCloseTo(1, 9)
  for (const { name, ms, causes: own } of kernels) {
    expect(ms, name).not.toBeNull()
    expect(sum(own.map((cause) => cause.ms))).toBeCloseTo(ms ?? Number.NaN, 9)
  }
  expect(sum(kernels.map(({ macs }) => macs))).toBe(totals.macs)
}

describe('a profile on WebGPU', () => {
  let report: GapReport | null = null
  beforeAll(async () => {
    report = await onWebGpu(build('mobilenet-v1:width=0.25,resolution=64'))
  }, patience)

  it('is of the adapter that it says, which is no GPU where it is software', () => {
    if (report === null) return
    const { provider, adapter } = report.environment
    expect(provider).toBe('webgpu')
    expect(codes(report).includes('software-adapter')).toBe(adapter?.isSoftware === true)
    if (process.env.VK_ICD_FILENAMES?.includes('swiftshader')) {
      expect(adapter).toMatchObject({ isSoftware: true })
      expect(adapter?.name).toContain('SwiftShader')
    }
  })

  it('explains all of it by the times of the GPU', () => {
    if (report === null) return
    expect(report.attribution).toMatchObject({ timeShare: 1, macsShare: 1, nodeShare: 1, unmatched: [] })
    expect(report.attribution.providers.map(({ provider }) => provider)).toEqual(['WebGpuExecutionProvider'])
    expect(new Set(report.measurement.executed.kernels.map(({ timeSource }) => timeSource))).toEqual(new Set(['gpu']))
    expect(codes(report)).not.toContain('fallback')
    expectSums(report)
  })

  it('has ceilings of that adapter in precisions that it computes in', () => {
    if (report === null) return
    const { flopsPerSecond, bandwidth, flopsPerSecondBy } = report.ceilings
    expect(flopsPerSecond).toBeGreaterThan(0)
    expect(bandwidth.length).toBeGreaterThan(1)
    // onnxruntime leaves products of whole numbers to the CPU
    expect(flopsPerSecondBy.int8).toBeNull()
  })
})

describe('a model that WebGPU cannot run alone', () => {
  it('has the kernels that run elsewhere and the copies between named', { timeout: patience }, async () => {
    const report = await onWebGpu(hardmax())
    if (report === null) return
    const { providers, inserted } = report.attribution
    expect(providers.map(({ provider, kernels }) => [provider, kernels])).toContainEqual(['CPUExecutionProvider', 1])
    const fallback = report.warnings.find(({ code }) => code === 'fallback')
    expect(fallback?.message).toBe(`1 of ${report.kernels.length} kernels did not run on webgpu: Hardmax (1)`)
    expect(fallback?.hint).toContain('2 copies')
    const copies = inserted.filter(({ op }) => op.startsWith('Memcpy'))
    expect(copies.map(({ op, after, before }) => [op, after, before])).toEqual([
      ['MemcpyToHost', 'n0', 'n1'],
      ['MemcpyFromHost', 'n1', 'n2'],
    ])
    expectSums(report)
  })

  it('is refused where it would run none of it', { timeout: patience }, async () => {
    const run = profile(onlyHardmax(), { provider: 'webgpu', maxTimeMs: 300 })
    await expect(run).rejects.toMatchObject({ code: 'provider-unavailable', exitCode: 3 })
    await expect(run).rejects.toThrow(/takes none of the 1 kernels|finds no adapter/)
  })
})
