import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runtimeMs, unprofiledMs } from '../../src/analyzers/unprofiled.js'
import { executedKernel, measurement } from './measured.js'

const profiled = (kernelsMs: readonly number[], plainWallMs: number) =>
  measurement({ kernels: kernelsMs.map((profiledMs) => executedKernel({ profiledMs })) }, { plainWallMs })

const without = (kernelsMs: readonly number[], plainWallMs: number, outsideMs = 0) =>
  unprofiledMs(profiled(kernelsMs, plainWallMs), outsideMs)

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('what a run costs outside its kernels', () => {
  it('is the run itself, and its output over the rate of copying', () => {
    // 2 MB at 1 GB/s are 2 ms
    expect(runtimeMs({ runMs: 0.5, outputBytesPerSecond: 1e9 }, 2e6)).toBeCloseTo(2.5, 12)
    expect(runtimeMs({ runMs: 0.5, outputBytesPerSecond: 1e9 }, 0)).toBe(0.5)
  })
})

describe('times without the profiler, by hand', () => {
  it('are those of the profile where it costs nothing', () => {
    expect(without([1, 2, 3], 6)).toEqual([1, 2, 3])
  })

  it('are those of the profile where a run takes longer than all kernels: nothing is added', () => {
    expect(without([1, 2, 3], 10)).toEqual([1, 2, 3])
  })

  it('are less by equal parts of what is too much', () => {
    // 9 in kernels, 7.5 in a run: 1.5 is the profiler's, of three kernels 0.5 each
    expect(without([2, 3, 4], 7.5)).toEqual([1.5, 2.5, 3.5])
  })

  it('leave to the run what is its own', () => {
    expect(without([2, 3, 4], 8.5, 1)).toEqual([1.5, 2.5, 3.5])
  })

  it('fall to a quarter and no further: the others give the rest', () => {
    // 21.4 in kernels, 19.6 in a run: 1.8 is the profiler's. The short one gives 0.3 of its 0.4, the two others 0.75 each
    expect(without([0.4, 10, 11], 19.6)).toEqual([0.1, 9.25, 10.25].map((ms) => expect.closeTo(ms, 9)))
  })

  it('keep their proportions where a run takes less than a quarter of them', () => {
    // all at their floor would be 2, and the run has 1
    expect(without([2, 6], 1)).toEqual([0.25, 0.75])
  })

  it('are zero where a run costs more outside its kernels than it takes', () => {
    expect(without([1, 2], 1, 2)).toEqual([0, 0])
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
      fc.property(kernels, ms, ms, (kernelsMs, plainMs, outsideMs) => {
        const times = without(kernelsMs, plainMs, outsideMs)
        expect(sum(times)).toBeLessThanOrEqual(Math.max(0, plainMs - outsideMs) * (1 + 1e-9))
        for (const [index, time] of times.entries()) {
          expect(time).toBeGreaterThanOrEqual(0)
          expect(time).toBeLessThanOrEqual((kernelsMs[index] as number) * (1 + 1e-12))
        }
      }),
    )
  })

  it('are the profile where that has no more than the run', () => {
    fc.assert(
      fc.property(kernels, ms, (kernelsMs, rest) => {
        expect(without(kernelsMs, sum(kernelsMs) + rest)).toEqual(kernelsMs)
      }),
    )
  })

  it('keep the order of the profile', () => {
    fc.assert(
      fc.property(kernels, ms, (kernelsMs, plainMs) => {
        const times = without(kernelsMs, plainMs)
        const order = [...kernelsMs.keys()].sort((a, b) => (kernelsMs[a] as number) - (kernelsMs[b] as number))
        const sorted = order.map((index) => times[index] as number)
        for (const [at, time] of sorted.entries()) expect(time).toBeGreaterThanOrEqual((sorted[at - 1] ?? 0) - 1e-9)
      }),
    )
  })

  it('give an equal share each, as long as no kernel falls below a quarter', () => {
    // kernels of 4 to 100 give up to 3 each and keep a quarter
    const long = fc.array(fc.double({ min: 4, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(long, fc.double({ min: 0, max: 3, noNaN: true }), (kernelsMs, each) => {
        const times = without(kernelsMs, sum(kernelsMs) - each * kernelsMs.length)
        for (const [index, time] of times.entries()) {
          expect(time).toBeCloseTo((kernelsMs[index] as number) - each, 6)
        }
      }),
    )
  })

  it('are no less than a quarter of the profile, and sum to the run, where it has as much', () => {
    fc.assert(
      fc.property(kernels, fc.double({ min: 0.26, max: 1, noNaN: true }), (kernelsMs, part) => {
        const times = without(kernelsMs, sum(kernelsMs) * part)
        expect(sum(times)).toBeCloseTo(sum(kernelsMs) * part, 6)
        for (const [index, time] of times.entries()) {
          expect(time).toBeGreaterThanOrEqual(((kernelsMs[index] as number) / 4) * (1 - 1e-9))
        }
      }),
    )
  })
})
