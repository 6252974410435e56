import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { profilerShareMs, runtimeMs, unprofiledMs } from '../../src/analyzers/unprofiled.js'
import { executedKernel, measurement } from './measured.js'

const profiled = (kernelsMs: readonly number[], plainWallMs: number) =>
  measurement({ kernels: kernelsMs.map((profiledMs) => executedKernel({ profiledMs })) }, { plainWallMs })

interface Costs {
  readonly outsideMs?: number
  readonly profilerMs?: number
}

const without = (kernelsMs: readonly number[], plainWallMs: number, { outsideMs = 0, profilerMs = 0 }: Costs = {}) =>
  unprofiledMs(profiled(kernelsMs, plainWallMs), { outsideMs, profilerMs })

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('what a run costs outside its kernels', () => {
  it('is the run itself, and its output over the rate of copying', () => {
    // 2 MB at 1 GB/s are 2 ms
    expect(runtimeMs({ runMs: 0.5, outputBytesPerSecond: 1e9 }, 2e6)).toBeCloseTo(2.5, 12)
    expect(runtimeMs({ runMs: 0.5, outputBytesPerSecond: 1e9 }, 0)).toBe(0.5)
  })
})

describe("the profiler's share of each kernel", () => {
  it('is an equal part of what all take beyond a run without it', () => {
    // 9 in kernels; 8.5 in a run, 1 of it outside them: 1.5 is the profiler's, of three kernels 0.5 each
    expect(profilerShareMs(profiled([2, 3, 4], 8.5), 1)).toBeCloseTo(0.5, 12)
  })

  it('is less than nothing where the machine was faster when it profiled', () => {
    expect(profilerShareMs(profiled([2, 3, 4], 12), 0)).toBeCloseTo(-1, 12)
  })
})

describe('times without the profiler, by hand', () => {
  it('are those of the profile where it costs nothing', () => {
    expect(without([1, 2, 3], 6)).toEqual([1, 2, 3])
    expect(without([1, 2, 3], 10)).toEqual([1, 2, 3])
  })

  it('are less by what the profiler costs a kernel', () => {
    expect(without([2, 3, 4], 10, { profilerMs: 0.5 })).toEqual([1.5, 2.5, 3.5])
  })

  it('fall to a quarter and no further', () => {
    expect(without([0.4, 10, 11], 21, { profilerMs: 0.6 })).toEqual([0.1, 9.4, 10.4])
    expect(without([0.4, 0.8], 21, { profilerMs: 0.6 })).toEqual([0.1, 0.2].map((ms) => expect.closeTo(ms, 12)))
  })

  it('are scaled to the run without the profiler, less what is outside the kernels, where they exceed it', () => {
    // 8 where a run has 5, of which 1 is outside
    expect(without([3, 6], 5, { outsideMs: 1, profilerMs: 0.5 })).toEqual([
      expect.closeTo(2.5 / 2, 12),
      expect.closeTo(5.5 / 2, 12),
    ])
  })

  it('are zero where a run costs more outside its kernels than it takes', () => {
    expect(without([1, 2], 1, { outsideMs: 2 })).toEqual([0, 0])
    expect(without([], 1)).toEqual([])
    expect(without([0, 0], 0)).toEqual([0, 0])
  })
})

describe('any times without the profiler', () => {
  // whole nanoseconds up to 100 ms
  const ms = fc.nat(1e8).map((ns) => ns / 1e6)
  const kernels = fc.array(ms, { minLength: 1, maxLength: 60 })

  it('sum to no more than the run without it, and are none the longer', () => {
    fc.assert(
      fc.property(kernels, ms, ms, ms, (kernelsMs, plainMs, outsideMs, profilerMs) => {
        const times = without(kernelsMs, plainMs, { outsideMs, profilerMs })
        expect(sum(times)).toBeLessThanOrEqual(Math.max(0, plainMs - outsideMs) * (1 + 1e-9))
        for (const [index, time] of times.entries()) {
          expect(time).toBeGreaterThanOrEqual(0)
          expect(time).toBeLessThanOrEqual((kernelsMs[index] as number) * (1 + 1e-12))
        }
      }),
    )
  })

  it('are each less by the same, but none by more than three quarters, where the run has room', () => {
    fc.assert(
      fc.property(kernels, ms, (kernelsMs, profilerMs) => {
        const times = without(kernelsMs, sum(kernelsMs), { profilerMs })
        for (const [index, time] of times.entries()) {
          const own = kernelsMs[index] as number
          expect(time).toBeCloseTo(Math.max(own - profilerMs, own / 4), 9)
        }
      }),
    )
  })

  it('keep the order of the profile', () => {
    fc.assert(
      fc.property(kernels, ms, ms, (kernelsMs, plainMs, profilerMs) => {
        const times = without(kernelsMs, plainMs, { profilerMs })
        const order = [...kernelsMs.keys()].sort((a, b) => (kernelsMs[a] as number) - (kernelsMs[b] as number))
        const sorted = order.map((index) => times[index] as number)
        for (const [at, time] of sorted.entries()) expect(time).toBeGreaterThanOrEqual((sorted[at - 1] ?? 0) - 1e-9)
      }),
    )
  })
})
