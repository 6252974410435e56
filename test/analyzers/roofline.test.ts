import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roofline } from '../../src/analyzers/roofline.js'
import type { Ceilings } from '../../src/types.js'
import { ceilings } from './ceilings.js'

describe('the roofline, by hand', () => {
  // 100 GFLOP/s; 80 GB/s to 1 MB, 40 GB/s from 100 MB on
  const machine: Ceilings = {
    ...ceilings,
    flopsPerSecond: 100e9,
    dispatchMs: 0.001,
    bandwidth: [
      { workingSetBytes: 1e6, bytesPerSecond: 80e9 },
      { workingSetBytes: 1e8, bytesPerSecond: 40e9 },
    ],
  }

  it('is bound by arithmetic where that takes longer', () => {
    // 1 GFLOP at 100 GFLOP/s is 10 ms; 8 MB at some 60 GB/s is less
    expect(roofline(machine, { flops: 1e9, bytes: 8e6 })).toMatchObject({
      flopsMs: 10,
      rooflineMs: 10,
      bound: 'compute',
    })
  })

  it('is bound by memory where that takes longer', () => {
    // 800 kB at 80 GB/s is 10 µs; 0.1 MFLOP is 1 µs
    const line = roofline(machine, { flops: 1e5, bytes: 8e5 })
    expect(line.bound).toBe('memory')
    expect(line.flopsMs).toBeCloseTo(0.001, 12)
    expect(line.memoryMs).toBeCloseTo(0.01, 12)
    expect(line.rooflineMs).toBe(line.memoryMs)
  })

  it('is bound by dispatch where starting takes longer than both', () => {
    // 8 kB at 80 GB/s is 0.1 µs, and starting a kernel takes 1 µs
    const line = roofline(machine, { flops: 100, bytes: 8000 })
    expect(line.bound).toBe('dispatch')
    expect(line.rooflineMs).toBeCloseTo(0.0001, 12)
  })

  it('takes the bandwidth between two sizes by the logarithm of the size', () => {
    // 10 MB is halfway from 1 MB to 100 MB in powers of ten: 60 GB/s
    expect(roofline(machine, { flops: 0, bytes: 1e7 }).memoryMs).toBeCloseTo(1000 * (1e7 / 60e9), 9)
    // and 31.6 MB three quarters of it: 50 GB/s
    expect(roofline(machine, { flops: 0, bytes: 10 ** 7.5 }).memoryMs).toBeCloseTo(1000 * (10 ** 7.5 / 50e9), 9)
  })

  it('takes the ends of the curve beyond them', () => {
    expect(roofline(machine, { flops: 0, bytes: 1e3 }).memoryMs).toBeCloseTo(1000 * (1e3 / 80e9), 12)
    expect(roofline(machine, { flops: 0, bytes: 1e10 }).memoryMs).toBeCloseTo(1000 * (1e10 / 40e9), 9)
  })

  it('is flat up to the fastest size: smaller chains are slowed by their own dispatch', () => {
    const rising: Ceilings = {
      ...machine,
      bandwidth: [{ workingSetBytes: 1e4, bytesPerSecond: 10e9 }, ...machine.bandwidth],
    }
    expect(roofline(rising, { flops: 0, bytes: 1e4 })).toEqual(roofline(machine, { flops: 0, bytes: 1e4 }))
  })

  it('of nothing is nothing', () => {
    expect(roofline(machine, { flops: 0, bytes: 0 })).toEqual({
      flopsMs: 0,
      memoryMs: 0,
      rooflineMs: 0,
      bound: 'dispatch',
    })
  })
})

describe('the roofline, for any machine', () => {
  const machines = fc
    .record({
      flopsPerSecond: fc.double({ min: 1e6, max: 1e14, noNaN: true }),
      dispatchMs: fc.double({ min: 0, max: 1, noNaN: true }),
      // slower with size, as caches are
      rates: fc.array(fc.double({ min: 1e6, max: 1e13, noNaN: true }), { minLength: 1, maxLength: 8 }),
    })
    .map(({ rates, ...rest }): Ceilings => {
      const sorted = [...rates].sort((a, b) => b - a)
      const bandwidth = sorted.map((bytesPerSecond, index) => ({ workingSetBytes: 1e4 * 4 ** index, bytesPerSecond }))
      return { ...ceilings, ...rest, bandwidth }
    })
  const costs = fc.integer({ min: 0, max: 1e12 })

  it('more work never takes less time', () => {
    fc.assert(
      fc.property(machines, costs, costs, costs, costs, (machine, flops, moreFlops, bytes, moreBytes) => {
        const less = roofline(machine, { flops, bytes })
        const more = roofline(machine, { flops: flops + moreFlops, bytes: bytes + moreBytes })
        expect(more.flopsMs).toBeGreaterThanOrEqual(less.flopsMs)
        expect(more.memoryMs).toBeGreaterThanOrEqual(less.memoryMs * (1 - 1e-12))
        expect(more.rooflineMs).toBeGreaterThanOrEqual(less.rooflineMs * (1 - 1e-12))
      }),
    )
  })

  it('is the longer of its two parts, and its bound says which, unless dispatch is longer', () => {
    fc.assert(
      fc.property(machines, costs, costs, (machine, flops, bytes) => {
        const { flopsMs, memoryMs, rooflineMs, bound } = roofline(machine, { flops, bytes })
        expect(rooflineMs).toBe(Math.max(flopsMs, memoryMs))
        if (bound === 'dispatch') expect(machine.dispatchMs).toBeGreaterThan(rooflineMs)
        if (bound === 'compute') expect(flopsMs).toBeGreaterThanOrEqual(memoryMs)
        if (bound === 'memory') expect(memoryMs).toBeGreaterThan(flopsMs)
        if (bound !== 'dispatch') expect(machine.dispatchMs).toBeLessThanOrEqual(rooflineMs)
      }),
    )
  })

  it('a machine that is faster by a factor takes less by that factor', () => {
    fc.assert(
      fc.property(
        machines,
        costs,
        costs,
        fc.double({ min: 1, max: 10, noNaN: true }),
        (machine, flops, bytes, factor) => {
          const faster: Ceilings = {
            ...machine,
            flopsPerSecond: machine.flopsPerSecond * factor,
            bandwidth: machine.bandwidth.map((point) => ({ ...point, bytesPerSecond: point.bytesPerSecond * factor })),
          }
          const [before, after] = [roofline(machine, { flops, bytes }), roofline(faster, { flops, bytes })]
          const error = Math.abs(after.rooflineMs * factor - before.rooflineMs)
          expect(error).toBeLessThanOrEqual(1e-12 * before.rooflineMs)
        },
      ),
    )
  })
})
