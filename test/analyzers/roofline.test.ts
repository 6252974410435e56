import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandwidthAt, bestBandwidth, type RooflineCost, rateOf, roofline } from '../../src/analyzers/roofline.js'
import type { Ceilings } from '../../src/types.js'
import { ceilings } from './ceilings.js'

/** FLOPs, and bytes in one tensor that lies as far as given: as far as its own size, where nothing is said. */
const cost = (flops: number, bytes: number, distance = bytes): RooflineCost => ({
  flops,
  bytes,
  operandType: 'float32',
  tensors: [{ dims: [bytes / 4], bytes, distance }],
})

// 100 GFLOP/s; 80 GB/s to 1 MB, 40 GB/s from 100 MB on
const machine: Ceilings = {
  ...ceilings,
  flopsPerSecond: 100e9,
  flopsPerSecondBy: { float32: 100e9, float16: null, int8: 400e9 },
  dispatchMs: 0.001,
  bandwidth: [
    { workingSetBytes: 1e6, bytesPerSecond: 80e9 },
    { workingSetBytes: 1e8, bytesPerSecond: 40e9 },
  ],
}

describe('the roofline, by hand', () => {
  it('is bound by arithmetic where that takes longer', () => {
    // 1 GFLOP at 100 GFLOP/s is 10 ms; 8 MB at some 60 GB/s is less
    expect(roofline(machine, cost(1e9, 8e6))).toMatchObject({ computeMs: 10, rooflineMs: 10, bound: 'compute' })
  })

  it('is bound by memory where that takes longer', () => {
    // 800 kB at 80 GB/s is 10 µs; 0.1 MFLOP is 1 µs
    const line = roofline(machine, cost(1e5, 8e5))
    expect(line.bound).toBe('memory')
    expect(line.computeMs).toBeCloseTo(0.001, 12)
    expect(line.memoryMs).toBeCloseTo(0.01, 12)
    expect(line.rooflineMs).toBe(line.memoryMs)
  })

  it('is bound by dispatch where starting takes longer than both', () => {
    // 8 kB at 80 GB/s is 0.1 µs, and starting a kernel takes 1 µs
    const line = roofline(machine, cost(100, 8000))
    expect(line.bound).toBe('dispatch')
    expect(line.rooflineMs).toBeCloseTo(0.0001, 12)
  })

  it('takes each tensor from where it lies', () => {
    // 800 kB from the nearest cache at 80 GB/s, and as many from far away at 40 GB/s: 10 µs and 20 µs
    const near = { dims: [2e5], bytes: 8e5, distance: 1e6 }
    const far = { dims: [2e5], bytes: 8e5, distance: 2e8 }
    const line = roofline(machine, { flops: 0, bytes: 16e5, operandType: null, tensors: [near, far] })
    expect(line.memoryMs).toBeCloseTo(0.03, 12)
  })

  it('takes of a tensor no more than the kernel moves', () => {
    // an eighth of 1.6 MB, half of it near and half far: an eighth of 30 µs
    const near = { dims: [2e5], bytes: 8e5, distance: 1e6 }
    const far = { dims: [2e5], bytes: 8e5, distance: 2e8 }
    const some = { flops: 0, bytes: 2e5, operandType: null, tensors: [near, far] }
    expect(roofline(machine, some).memoryMs).toBeCloseTo(0.03 / 8, 12)
    expect(roofline(machine, { ...some, bytes: 0 }).memoryMs).toBe(0)
  })

  it('takes arithmetic at the rate of its precision, and at that of float32 where there is none', () => {
    const integers = { ...cost(1e9, 0), operandType: 'int8' }
    expect(roofline(machine, integers).computeMs).toBeCloseTo(2.5, 12)
    expect(roofline(machine, { ...integers, operandType: 'uint8' }).computeMs).toBeCloseTo(2.5, 12)
    for (const operandType of ['float16', 'float32', 'float64', null]) {
      expect(roofline(machine, { ...integers, operandType }).computeMs).toBeCloseTo(10, 12)
    }
    expect(rateOf(machine, 'int8')).toBe(400e9)
  })

  it('of nothing is nothing', () => {
    const nothing = { computeMs: 0, memoryMs: 0, rooflineMs: 0, bound: 'dispatch' }
    expect(roofline(machine, cost(0, 0))).toEqual(nothing)
    expect(roofline(machine, { flops: 0, bytes: 0, operandType: null, tensors: [] })).toEqual(nothing)
  })
})

describe('bandwidth', () => {
  it('is between two sizes taken by the logarithm of the size', () => {
    // 10 MB is halfway from 1 MB to 100 MB in powers of ten: 60 GB/s; 31.6 MB three quarters of it: 50 GB/s
    expect(bandwidthAt(machine, 1e7)).toBeCloseTo(60e9, 0)
    expect(bandwidthAt(machine, 10 ** 7.5)).toBeCloseTo(50e9, 0)
    expect(bandwidthAt(machine, 1e6)).toBe(80e9)
    expect(bandwidthAt(machine, 1e8)).toBe(40e9)
  })

  it('is that of the ends beyond them', () => {
    expect(bandwidthAt(machine, 1e3)).toBe(80e9)
    expect(bandwidthAt(machine, 0)).toBe(80e9)
    expect(bandwidthAt(machine, 1e10)).toBe(40e9)
  })

  it('is flat up to the fastest size: smaller chains are slowed by their own dispatch', () => {
    const rising = { bandwidth: [{ workingSetBytes: 1e4, bytesPerSecond: 10e9 }, ...machine.bandwidth] }
    for (const bytes of [1, 1e4, 1e5, 1e6]) expect(bandwidthAt(rising, bytes)).toBe(80e9)
    expect(bestBandwidth(rising)).toBe(80e9)
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

  it('more work never takes less time, nor does work that lies farther', () => {
    fc.assert(
      fc.property(
        machines,
        costs,
        costs,
        costs,
        costs,
        costs,
        (machine, flops, moreFlops, bytes, moreBytes, farther) => {
          const less = roofline(machine, cost(flops, bytes))
          const more = roofline(machine, cost(flops + moreFlops, bytes + moreBytes, bytes + moreBytes + farther))
          expect(more.computeMs).toBeGreaterThanOrEqual(less.computeMs)
          expect(more.memoryMs).toBeGreaterThanOrEqual(less.memoryMs * (1 - 1e-12))
          expect(more.rooflineMs).toBeGreaterThanOrEqual(less.rooflineMs * (1 - 1e-12))
        },
      ),
    )
  })

  it('is the longer of its two parts, and its bound says which, unless dispatch is longer', () => {
    fc.assert(
      fc.property(machines, costs, costs, (machine, flops, bytes) => {
        const { computeMs, memoryMs, rooflineMs, bound } = roofline(machine, cost(flops, bytes))
        expect(rooflineMs).toBe(Math.max(computeMs, memoryMs))
        if (bound === 'dispatch') expect(machine.dispatchMs).toBeGreaterThan(rooflineMs)
        if (bound === 'compute') expect(computeMs).toBeGreaterThanOrEqual(memoryMs)
        if (bound === 'memory') expect(memoryMs).toBeGreaterThan(computeMs)
        if (bound !== 'dispatch') expect(machine.dispatchMs).toBeLessThanOrEqual(rooflineMs)
      }),
    )
  })

  it('does not care how its bytes are cut into tensors that lie as far', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(machines, parts, costs, (machine, sizes, distance) => {
        const bytes = sizes.reduce((sum, size) => sum + size)
        const tensors = sizes.map((size) => ({ dims: [size], bytes: size, distance }))
        const whole = roofline(machine, cost(0, bytes, distance)).memoryMs
        expect(roofline(machine, { ...cost(0, bytes), tensors }).memoryMs / whole).toBeCloseTo(1, 9)
      }),
    )
  })

  it('a machine that is faster by a factor takes less by that factor', () => {
    const factors = fc.double({ min: 1, max: 10, noNaN: true })
    fc.assert(
      fc.property(machines, costs, costs, factors, (machine, flops, bytes, factor) => {
        const faster: Ceilings = {
          ...machine,
          flopsPerSecond: machine.flopsPerSecond * factor,
          bandwidth: machine.bandwidth.map((point) => ({ ...point, bytesPerSecond: point.bytesPerSecond * factor })),
        }
        const [before, after] = [roofline(machine, cost(flops, bytes)), roofline(faster, cost(flops, bytes))]
        expect(Math.abs(after.rooflineMs * factor - before.rooflineMs)).toBeLessThanOrEqual(1e-12 * before.rooflineMs)
      }),
    )
  })
})
