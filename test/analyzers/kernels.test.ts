import { describe, expect, it } from 'vitest'
import { kernelGaps, mainLayer } from '../../src/analyzers/kernels.js'
import type { ExecutedKernel, Measurement, TensorType } from '../../src/types.js'
import { ceilings } from './ceilings.js'
import { layer } from './graph.js'
import { attribution, executedKernel, measurement } from './measured.js'

const tensor = (...dims: readonly number[]): TensorType => ({ elementType: 'float32', dims })

const measured = (profiledMs: readonly number[], profiledRunMs: number): Measurement =>
  measurement({ kernels: profiledMs.map((ms) => executedKernel({ profiledMs: ms })), profiledRunMs })

const times = (...[kernels, machine, latencyMs]: [Measurement, Partial<typeof ceilings>, number]) =>
  kernelGaps(
    [],
    kernels,
    attribution({ sources: kernels.executed.kernels.map(() => []) }),
    { ...ceilings, ...machine },
    latencyMs,
  ).map(({ ms }) => Number(ms?.toFixed(9)))

describe('the time of a kernel', () => {
  it('is what the profile says, where profiling costs nothing and the latency is the same', () => {
    expect(times(measured([1, 2, 3], 6), {}, 6)).toEqual([1, 2, 3])
  })

  it('is scaled to the latency: the machine was twice as slow when it profiled', () => {
    expect(times(measured([2, 4], 8), {}, 4)).toEqual([1, 2])
  })

  it('leaves out what the profiler adds, to the kernel and to the run', () => {
    // 0.1 of each kernel is the profiler's, and 0.2 of the run for each: 3.6 - 2 · 0.2 = 3.2, of which kernels are 3
    const profiler = { profilerMs: 0.1, profilerRunMs: 0.2 }
    expect(times(measured([1.1, 2.1], 3.6), profiler, 3.2)).toEqual([1, 2])
  })

  it('leaves out the cost of the run', () => {
    expect(times(measured([1, 2], 3), { runMs: 0.5 }, 3.5)).toEqual([1, 2])
  })

  it('is never less than dispatching it costs, nor more than the profile says', () => {
    expect(times(measured([0.1, 0.02, 1], 10), { profilerMs: 0.15, dispatchMs: 0.03 }, 10)).toEqual([0.03, 0.02, 0.85])
  })

  it('sums to no more than the latency, though the profile has more in kernels than in runs', () => {
    expect(times(measured([4, 4], 4), {}, 4)).toEqual([2, 2])
    expect(times(measured([1, 1], 4), { profilerRunMs: 10 }, 4)).toEqual([2, 2])
  })

  it('is zero where the latency is less than a run costs, or nothing was profiled', () => {
    expect(times(measured([1, 1], 2), { runMs: 3 }, 2)).toEqual([0, 0])
    expect(times(measured([], 0), {}, 2)).toEqual([])
    expect(times(measured([0, 0], 0), {}, 2)).toEqual([0, 0])
  })
})

describe('the cost of a kernel', () => {
  const layers = [
    layer('conv', { op: 'Conv', macs: 1000, flops: 2000, kernelClass: 'pointwise-conv' }),
    layer('bn', { op: 'BatchNormalization', macs: 0, flops: 40, kernelClass: 'normalization' }),
    layer('relu', { op: 'Relu', macs: 0, flops: 10, kernelClass: 'elementwise' }),
    layer('odd', { op: 'Odd', status: 'uncounted', macs: null, flops: null, kernelClass: 'other' }),
  ]
  const [first, second, third, fourth] = kernelGaps(
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

  it('is layout for a kernel that was added', () => {
    expect(second).toMatchObject({ nodes: [], class: 'layout', inserted: true, macs: 0, gap: null })
  })

  it('counts nothing for a layer without a rule, or for no layer', () => {
    expect(third).toMatchObject({ nodes: ['odd'], class: 'other', macs: 0, flops: 0 })
    expect(fourth).toMatchObject({ nodes: [], class: 'other', inserted: false, macs: 0 })
  })
})

describe('the bytes of a kernel', () => {
  const bytesOf = (kernel: Partial<ExecutedKernel>) =>
    kernelGaps([], measurement({ kernels: [executedKernel(kernel)] }), attribution({ sources: [[]] }), ceilings, 1)[0]
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
  const [part, last] = kernelGaps(
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
