import { describe, expect, it } from 'vitest'
import { ceilingsFrom } from '../../src/analyzers/ceilings.js'
import { classRates } from '../../src/analyzers/class-rates.js'
import { ceilingsSchema } from '../../src/pipeline/schemas.js'
import type {
  CalibrationNetwork,
  CalibrationRuns,
  ElementType,
  ExecutedKernel,
  Profiled,
  TensorType,
} from '../../src/types.js'
import { executedKernel, measurement } from './measured.js'

const tensor = (...dims: readonly number[]): TensorType => ({ elementType: 'float32', dims })

/** A run of kernels that take as long as given, and 0.01 ms outside them; the profiler adds nothing. */
function profiled(kernels: readonly Partial<ExecutedKernel>[], rest: Partial<Profiled> = {}): Profiled {
  const all = kernels.map(executedKernel)
  const kernelsMs = all.reduce((sum, { profiledMs }) => sum + profiledMs, 0)
  const wallMs = kernelsMs + 0.01
  return {
    ...measurement({ kernels: all, profiledRunMs: kernelsMs }),
    plainWallMs: wallMs,
    profiledWallMs: wallMs,
    ...rest,
  }
}

/** A kernel of arithmetic between casts, as those in float16 run. */
const multiplying = (op: string, ms: number, elementType: ElementType = 'float32') =>
  profiled([
    { op: 'Cast', profiledMs: 5 },
    { op, profiledMs: ms, inputTypes: [{ elementType, dims: [8, 8] }] },
    { op: 'ReduceMax', profiledMs: 3 },
  ])

/** Additions: the first, of one array to itself, takes less. */
const adding = (first: number, ...others: readonly number[]) =>
  profiled([...[first, ...others].map((profiledMs) => ({ op: 'Add', profiledMs })), { op: 'ReduceMax', profiledMs: 9 }])

/** A chain of kernels of 1 µs each, in a run that takes 10 µs. */
const chain = (kernels: number) => ({
  kernels,
  profiled: profiled(Array(kernels).fill({ op: 'Neg', profiledMs: 0.001 })),
})

const blockedConv = (filters: number, groups = 1, profiledMs = 1): Partial<ExecutedKernel> => ({
  domain: 'com.microsoft.nchwc',
  attributes: { group: groups },
  profiledMs,
  inputTypes: [tensor(1, 16, 8, 8), tensor(filters, 16 / groups, 1, 1)],
  outputTypes: [tensor(1, filters, 8, 8)],
})

const relu = (elements: number, profiledMs = 1): Partial<ExecutedKernel> => ({
  ...{ op: 'Relu', profiledMs, inputTypes: [tensor(elements)], outputTypes: [tensor(elements)] },
})

/** A network that takes as long alone as by turns with the profiled session. */
const network = (kernels: readonly Partial<ExecutedKernel>[], rest: Partial<Profiled> = {}): CalibrationNetwork => {
  const run = profiled(kernels, rest)
  return { latencyMs: run.plainWallMs, profiled: run }
}

const runs: CalibrationRuns = {
  arithmetic: [
    { name: 'matmul', precision: 'float32', flops: 1e9, profiled: multiplying('MatMul', 10), beside: null },
    { name: 'conv', precision: 'float32', flops: 1e9, profiled: multiplying('Conv', 8), beside: null },
    { name: 'gemm', precision: 'float32', flops: 1e9, profiled: multiplying('FusedGemm', 9), beside: null },
    // the provider casts to float32 and multiplies that
    { name: 'matmul', precision: 'float16', flops: 1e9, profiled: multiplying('MatMul', 10), beside: null },
    { name: 'conv', precision: 'float16', flops: 1e9, profiled: null, beside: null },
    { name: 'matmul', precision: 'int8', flops: 1e9, profiled: multiplying('MatMulInteger', 4, 'uint8'), beside: null },
    { name: 'conv', precision: 'int8', flops: 1e9, profiled: multiplying('QLinearConv', 5, 'uint8'), beside: null },
  ],
  additions: [
    { workingSetBytes: 1e6, beside: null, profiled: adding(0.01, 0.02, 0.03, 0.04) },
    { workingSetBytes: 1e8, beside: null, profiled: adding(2, 9, 5, 10) },
  ],
  chains: [chain(101), chain(1)],
  // 4 MB take 2 ms more for the caller than for onnxruntime
  output: { bytes: 4e6, profiled: profiled([{ op: 'Neg' }], { profiledWallMs: 3 }) },
  networks: [
    network([blockedConv(48), relu(1000), blockedConv(32), blockedConv(16, 16)]),
    network([blockedConv(80), relu(500)]),
  ],
  probes: { arithmeticMs: 0.5, memoryMs: 2, networkMs: 3 },
}

const identity = { measuredAt: '2026-01-01T00:00:00.000Z', fingerprint: 'by hand' }
const ceilings = ceilingsFrom(runs, identity)

describe('ceilings, by hand', () => {
  it('are the best of the micro-models of a precision', () => {
    // 1 GFLOP in 8 ms
    expect(ceilings.flopsPerSecond).toBeCloseTo(125e9, 0)
    expect(ceilings.flopsPerSecondBy.float32).toBe(ceilings.flopsPerSecond)
    expect(ceilings.flopsPerSecondBy.int8).toBeCloseTo(250e9, 0)
  })

  it('have no rate of a precision that the provider casts away or refuses', () => {
    expect(ceilings.flopsPerSecondBy.float16).toBeNull()
    expect(ceilings.arithmetic.map(({ name, precision }) => `${name} ${precision}`)).toEqual([
      'matmul float32',
      'conv float32',
      'gemm float32',
      'matmul int8',
      'conv int8',
    ])
  })

  it('have the bandwidth of the middle of three additions, the first left out', () => {
    expect(ceilings.bandwidth).toEqual([
      // 1 MB in 0.03 ms, 100 MB in 9
      { workingSetBytes: 1e6, bytesPerSecond: expect.closeTo(1e6 / 0.03e-3, 0) },
      { workingSetBytes: 1e8, bytesPerSecond: expect.closeTo(1e8 / 9e-3, 0) },
    ])
  })

  it('have the bandwidth near the core from what long chains take beyond one that adds nothing, without the profiler', () => {
    // 100 additions of 12 kB in 0.05 ms more than as many of nothing, whatever the profiler says of them
    const chainOf = (plainWallMs: number) =>
      profiled(Array(100).fill({ op: 'Add', profiledMs: 0.002 }), { plainWallMs })
    const near = (plainWallMs: number) => ({
      ...{ workingSetBytes: 12e3, profiled: chainOf(plainWallMs) },
      beside: { fewer: 100, profiled: chainOf(0.1) },
    })
    expect(ceilingsFrom({ ...runs, additions: [near(0.15), ...runs.additions] }, identity).bandwidth).toEqual([
      { workingSetBytes: 12e3, bytesPerSecond: expect.closeTo(24e9, 0) },
      ...ceilings.bandwidth,
    ])
    // a clock too rough to tell leaves a working set out
    const rough = { ...runs, additions: [near(0.09), ...runs.additions] }
    expect(ceilingsFrom(rough, identity).bandwidth).toEqual(ceilings.bandwidth)
  })

  it('have the cost of one more kernel, of a run, and of handing over its output', () => {
    // 0.111 ms for 101 kernels and 0.011 for one
    expect(ceilings.dispatchMs).toBeCloseTo(0.001, 12)
    expect(ceilings.runMs).toBeCloseTo(0.01, 12)
    expect(ceilings.outputBytesPerSecond).toBeCloseTo(2e9, 0)
  })

  it('have what profiling adds to a kernel, from the shortest third of the networks', () => {
    // 10 and 20 µs a kernel in the two shortest of five, more in longer ones: 15 in the middle
    const taking = (kernels: number, addedMs: number) => {
      const plainWallMs = kernels + 0.01 - addedMs * kernels
      return network([...Array(kernels - 1).fill(relu(1000)), blockedConv(16)], { plainWallMs })
    }
    const networks = [taking(40, 0.1), taking(4, 0.01), taking(5, 0.02), taking(30, 0.2), taking(50, 0.3)]
    expect(ceilingsFrom({ ...runs, networks }, identity).profilerMs).toBeCloseTo(0.015, 9)
    // without networks, from the long chain: 1 µs each under the profiler, and half without it
    const halved = (kernels: number) => {
      const { profiled } = chain(kernels)
      return { kernels, profiled: { ...profiled, plainWallMs: 0.01 + 0.0005 * kernels } }
    }
    const chains = [halved(1), halved(101)]
    expect(ceilingsFrom({ ...runs, networks: [], chains }, identity).profilerMs).toBeCloseTo(0.0005, 9)
  })

  it('have the block that divides the filters of all blocked convolutions', () => {
    expect(ceilings.vectorBlock).toBe(16)
    const eights = [network([blockedConv(48), blockedConv(40)])]
    expect(ceilingsFrom({ ...runs, networks: eights }, identity).vectorBlock).toBe(8)
    expect(ceilingsFrom({ ...runs, networks: [] }, identity).vectorBlock).toBe(1)
  })

  it('keep what was seen of the machine, and when', () => {
    expect(ceilings).toMatchObject({
      ...identity,
      probes: runs.probes,
      drift: { arithmetic: 1, memory: 1, network: 1 },
    })
  })

  it('are those that a file may hold', () => {
    expect(ceilingsSchema.parse(JSON.parse(JSON.stringify(ceilings)))).toEqual(ceilings)
  })

  it('predict each network from the others', () => {
    expect(ceilings.predictionRatios).toHaveLength(runs.networks.length)
    expect(ceilingsFrom({ ...runs, networks: [] }, identity)).toMatchObject({ kernelTimes: [], predictionRatios: [] })
  })

  it('take kernels to be as fast as their network is alone, not beside a profiled session', () => {
    const halved = runs.networks.map(({ latencyMs, profiled }) => ({
      latencyMs: (latencyMs - 0.01) / 2 + 0.01,
      profiled,
    }))
    const costs = (networks: CalibrationRuns['networks']) =>
      ceilingsFrom({ ...runs, networks }, identity).kernelTimes.flatMap((model) => Object.values(model.costs))
    const [beside, alone] = [costs(runs.networks), costs(halved)]
    expect(alone).toHaveLength(beside.length)
    for (const [index, cost] of alone.entries()) expect(cost / (beside[index] as number)).toBeCloseTo(0.5, 3)
  })

  it('do not cost less than nothing, though the clock was rough', () => {
    // one kernel took as long as a hundred, and the caller had the output before onnxruntime was done
    const rough = { ...runs, chains: [chain(1), { kernels: 101, profiled: profiled([{ profiledMs: 0.001 }]) }] }
    expect(ceilingsFrom(rough, identity)).toMatchObject({ dispatchMs: 0, runMs: expect.closeTo(0.011, 9) })
    const early = { ...runs, output: { bytes: 4e6, profiled: profiled([{ op: 'Neg' }], { profiledWallMs: 0.5 }) } }
    expect(ceilingsFrom(early, identity).outputBytesPerSecond).toBeGreaterThan(0)
    expect(ceilingsSchema.parse(ceilingsFrom(early, identity))).toBeDefined()
  })

  it('cannot be had from a profile without kernels', () => {
    const failure = (change: Partial<CalibrationRuns>) => () => ceilingsFrom({ ...runs, ...change }, identity)
    expect(failure({ arithmetic: [] })).toThrow(expect.objectContaining({ code: 'measuring-failed', exitCode: 3 }))
    expect(failure({ additions: [{ workingSetBytes: 1, beside: null, profiled: profiled([]) }] })).toThrow(
      /no kernel Add/,
    )
  })
})

describe('rates of a class of kernels', () => {
  it('are the best that one of them reached, in FLOPs and in bytes', () => {
    const rates = classRates(
      // 1 FLOP and 8 bytes an element: 2 MFLOP/s and 16 MB/s, then half of it; the third is too short to tell
      [profiled([relu(2000), relu(1000)]), profiled([relu(1e6, 0.001)])],
      { runMs: 0.01, profilerMs: 0 },
    )
    expect(rates).toEqual([
      {
        class: 'elementwise',
        kernels: 2,
        flopsPerSecond: expect.closeTo(2e6, 0),
        bytesPerSecond: expect.closeTo(16e6, 0),
      },
    ])
  })

  it('have none in FLOPs where the class does no arithmetic, and stand from the fastest to the slowest', () => {
    const reorder: Partial<ExecutedKernel> = {
      ...{ op: 'ReorderInput', domain: 'com.microsoft.nchwc', inputTypes: [tensor(100)], outputTypes: [tensor(100)] },
    }
    const rates = classRates([profiled([reorder, blockedConv(16, 1, 2), blockedConv(16, 16, 1)])], {
      runMs: 0.01,
      profilerMs: 0,
    })
    // 64 pixels of 16 filters: 2 · 16 FLOPs each in 2 ms, or 2 each in 1 ms
    expect(rates.map(({ class: name, flopsPerSecond }) => [name, flopsPerSecond])).toEqual([
      ['pointwise-conv', expect.closeTo((1024 * 32) / 2e-3, 0)],
      ['depthwise-conv', expect.closeTo((1024 * 2) / 1e-3, 0)],
      ['layout', null],
    ])
    expect(rates.at(-1)?.bytesPerSecond).toBeCloseTo(800 / 1e-3, 0)
  })
})
