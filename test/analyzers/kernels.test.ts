import { describe, expect, it } from 'vitest'
import { kernelGaps, mainLayer } from '../../src/analyzers/kernels.js'
import { runtimeMs } from '../../src/analyzers/unprofiled.js'
import type { Attribution, Ceilings, ExecutedKernel, LayerCost, Measurement, TensorType } from '../../src/types.js'
import { ceilings } from './ceilings.js'
import { layer } from './graph.js'
import { attribution, executedKernel, measurement } from './measured.js'

const tensor = (...dims: readonly number[]): TensorType => ({ elementType: 'float32', dims })

const gapsOf = (
  layers: readonly LayerCost[],
  kernels: Measurement,
  of: Attribution,
  machine: Ceilings,
  latencyMs: number,
) => kernelGaps(layers, kernels, of, machine, { outsideMs: runtimeMs(machine, kernels.outputBytes), latencyMs }).kernels

interface Run {
  /** As the profiler says. */
  readonly profiledMs: readonly number[]
  /** Of a run without it. */
  readonly plainWallMs: number
  readonly runMs?: number
  readonly profilerMs?: number
  readonly latencyMs: number
}

const times = ({ profiledMs, plainWallMs, runMs = 0, profilerMs = 0, latencyMs }: Run) =>
  gapsOf(
    [],
    measurement(
      { kernels: profiledMs.map((ms) => executedKernel({ profiledMs: ms })) },
      { plainWallMs, outputBytes: 0 },
    ),
    attribution({ sources: profiledMs.map(() => []) }),
    { ...ceilings, runMs, profilerMs },
    latencyMs,
  ).map(({ ms }) => Number(ms?.toFixed(9)))

describe('the time of a kernel', () => {
  it('is what the profile says, where profiling costs nothing and the latency is the same', () => {
    expect(times({ profiledMs: [1, 2, 3], plainWallMs: 6, latencyMs: 6 })).toEqual([1, 2, 3])
  })

  it('is scaled to the latency: the machine was twice as slow when it profiled', () => {
    expect(times({ profiledMs: [2, 4], plainWallMs: 8, latencyMs: 4 })).toEqual([1, 2])
  })

  it('leaves out what the profiler adds to each kernel alike', () => {
    const profiled = { profiledMs: [1.3, 2.3], plainWallMs: 3, profilerMs: 0.3 }
    expect(times({ ...profiled, latencyMs: 3 })).toEqual([1, 2])
    // and the machine was half as fast when it profiled
    expect(times({ ...profiled, latencyMs: 1.5 })).toEqual([0.5, 1])
  })

  it('leaves out the cost of the run, which is as long under the profiler', () => {
    expect(times({ profiledMs: [1, 2], plainWallMs: 3.5, runMs: 0.5, latencyMs: 3.5 })).toEqual([1, 2])
    expect(times({ profiledMs: [1, 2], plainWallMs: 3.5, runMs: 0.5, latencyMs: 6.5 })).toEqual([2, 4])
  })

  it('is zero where the latency is less than a run costs, or nothing was profiled', () => {
    expect(times({ profiledMs: [1, 1], plainWallMs: 2, runMs: 3, latencyMs: 2 })).toEqual([0, 0])
    expect(times({ profiledMs: [1, 1], plainWallMs: 5, runMs: 3, latencyMs: 2 })).toEqual([0, 0])
    expect(times({ profiledMs: [], plainWallMs: 0, latencyMs: 2 })).toEqual([])
    expect(times({ profiledMs: [0, 0], plainWallMs: 0, latencyMs: 2 })).toEqual([0, 0])
  })
})

describe('the cost of a kernel', () => {
  const layers = [
    layer('conv', { op: 'Conv', macs: 1000, flops: 2000, kernelClass: 'pointwise-conv' }),
    layer('bn', { op: 'BatchNormalization', macs: 0, flops: 40, kernelClass: 'normalization' }),
    layer('relu', { op: 'Relu', macs: 0, flops: 10, kernelClass: 'elementwise' }),
    layer('odd', { op: 'Odd', status: 'uncounted', macs: null, flops: null, kernelClass: 'other' }),
  ]
  const [first, second, third, fourth] = gapsOf(
    layers,
    measurement({
      kernels: [
        executedKernel({
          name: 'c_nchwc',
          profiledMs: 4,
          inputTypes: [tensor(1, 8, 4, 4), tensor(8, 8, 1, 1), tensor(8)],
          outputTypes: [tensor(1, 8, 4, 4)],
        }),
        executedKernel({ name: 'reorder', op: 'ReorderOutput', profiledMs: 1, domain: 'com.microsoft.nchwc' }),
        executedKernel({ name: 'odd', op: 'Odd', profiledMs: 1 }),
        executedKernel({ name: 'lost', op: 'Lost', profiledMs: 2 }),
      ],
      profiledRunMs: 8,
    }),
    attribution({ sources: [[0, 1, 2], [], [3], []], inserted: [false, true, false, false] }),
    { ...ceilings, flopsPerSecond: 2.05e6, bandwidth: [{ workingSetBytes: 1, bytesPerSecond: 1e6 }] },
    8,
  )

  it('is the sum of the layers it stands for, and the bytes that it moves itself', () => {
    expect(first).toMatchObject({
      nodes: ['conv', 'bn', 'relu'],
      class: 'pointwise-conv',
      macs: 1000,
      flops: 2050,
      bytes: 4 * (128 + 64 + 8 + 128),
      ms: 4,
      share: 0.5,
      inserted: false,
    })
  })

  it('gives its theory, roofline and gap', () => {
    // 2050 FLOPs at 2.05 MFLOP/s are 1 ms; 1312 bytes at 1 MB/s are 1.312 ms
    expect(first?.flopsMs).toBeCloseTo(1, 12)
    expect(first?.rooflineMs).toBeCloseTo(1.312, 12)
    expect(first?.gap).toBeCloseTo(4 / 1.312, 12)
    expect(first?.bound).toBe('memory')
  })

  it('is told from what it does as it runs', () => {
    // 128 outputs of 8 products and a bias: 128 · (16 + 1) FLOPs, 1.0615 ms
    expect(first?.executedFlops).toBe(2176)
    expect(first?.causes).toEqual([
      { cause: 'arithmetic', ms: expect.closeTo(1, 9) },
      { cause: 'padding', ms: expect.closeTo(2176 / 2050 - 1, 9) },
      { cause: 'memory', ms: expect.closeTo(1.312 - 2176 / 2050, 9) },
      { cause: 'unexplained', ms: expect.closeTo(4 - 1.312, 9) },
    ])
    expect(first).toMatchObject({ predictedMs: null, isValid: true })
  })

  it('is layout for a kernel that was added', () => {
    expect(second).toMatchObject({ nodes: [], class: 'layout', inserted: true, macs: 0, gap: null })
  })

  it('counts nothing for a layer without a rule, or for no layer', () => {
    expect(third).toMatchObject({ nodes: ['odd'], class: 'other', macs: 0, flops: 0, executedFlops: null })
    expect(fourth).toMatchObject({ nodes: [], class: 'other', inserted: false, macs: 0 })
  })
})

describe('the time of a kernel is not its own', () => {
  const isValid = (ms: number, kernel: Partial<ExecutedKernel> = {}) =>
    gapsOf(
      [layer('conv', { flops: 2e6 })],
      measurement({ kernels: [executedKernel({ profiledMs: ms, ...kernel })] }),
      attribution({ sources: [[0]] }),
      ceilings,
      ms,
    )[0]?.isValid

  it('where it computes more than a tenth faster than the ceiling', () => {
    // 2 MFLOP at 1 GFLOP/s
    expect([isValid(2), isValid(1.82), isValid(1.8)]).toEqual([true, true, false])
  })

  it('where it moves bytes more than a tenth faster than the nearest cache', () => {
    // 4 MB at 1 GB/s
    const moving = { op: 'Sigmoid', inputTypes: [tensor(500_000)], outputTypes: [tensor(500_000)] }
    expect([isValid(4, moving), isValid(3.64, moving), isValid(3.6, moving)]).toEqual([true, true, false])
  })

  it('but not where it is so short that no time of it is fine enough', () => {
    const short = { op: 'Sigmoid', inputTypes: [tensor(100)], outputTypes: [tensor(100)] }
    expect(isValid(1e-9, short)).toBe(true)
  })
})

describe('the bytes of a kernel', () => {
  const bytesOf = (kernel: Partial<ExecutedKernel>) =>
    gapsOf([], measurement({ kernels: [executedKernel(kernel)] }), attribution({ sources: [[]] }), ceilings, 1)[0]
      ?.bytes

  it('are none for a view', () => {
    expect(bytesOf({ op: 'Reshape', inputTypes: [tensor(100)], outputTypes: [tensor(10, 10)] })).toBe(0)
  })

  it('are twice the output for one that reads a part', () => {
    expect(bytesOf({ op: 'Slice', inputTypes: [tensor(1000)], outputTypes: [tensor(10)] })).toBe(80)
  })

  it('follow the type of the elements', () => {
    const types = (elementType: string) => [{ elementType, dims: [8] }]
    expect(bytesOf({ op: 'Cast', inputTypes: types('float16'), outputTypes: types('int64') })).toBe(16 + 64)
  })
})

describe('a function that runs in several kernels', () => {
  const [part, last] = gapsOf(
    [layer('mish', { flops: 100, kernelClass: 'elementwise' })],
    measurement({ kernels: [executedKernel({ op: 'Tanh' }), executedKernel({ op: 'Mul' })] }),
    attribution({ sources: [[], [0]], parts: [0, null] }),
    ceilings,
    2,
  )

  it('is named by each, and its cost is with one', () => {
    expect(part).toMatchObject({ nodes: ['mish'], class: 'elementwise', flops: 0 })
    expect(last).toMatchObject({ nodes: ['mish'], class: 'elementwise', flops: 100 })
  })
})

describe('the main layer', () => {
  it('is the one with the most arithmetic, the first of equals', () => {
    const named = (name: string, flops: number | null) => layer(name, { flops })
    expect(mainLayer([named('a', 1), named('b', 3), named('c', 3)])?.name).toBe('b')
    expect(mainLayer([named('a', null), named('b', 0)])?.name).toBe('a')
    expect(mainLayer([])).toBeUndefined()
  })
})
