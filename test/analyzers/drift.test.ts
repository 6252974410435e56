import { describe, expect, it } from 'vitest'
import { drifted, driftOf, isSameMachine } from '../../src/analyzers/drift.js'
import type { Ceilings } from '../../src/types.js'
import { ceilings } from './ceilings.js'

const then = { arithmeticMs: 1, memoryMs: 2, networkMs: 4 }

describe('drift', () => {
  it('is how many times as long the probes take', () => {
    const now = { arithmeticMs: 1.1, memoryMs: 1, networkMs: 4 }
    expect(driftOf(then, now)).toEqual({ arithmetic: 1.1, memory: 0.5, network: 1 })
  })

  it.each([
    ['the same', 1, 1, 1, true],
    ['a little slower', 1.2, 1.2, 1.2, true],
    ['a little faster', 0.82, 1, 1, true],
    ['slower in arithmetic by a quarter', 1.25, 1, 1, false],
    ['slower in memory by a quarter', 1, 1.25, 1, false],
    ['faster by a fifth in whole networks', 1, 1, 0.8, false],
    ['not to be told', 1, Number.NaN, 1, false],
  ])('of a machine that is %s', (_, arithmetic, memory, network, isSame) => {
    expect(isSameMachine({ arithmetic, memory, network })).toBe(isSame)
  })
})

describe('ceilings of a machine that drifted', () => {
  const kept: Ceilings = {
    ...ceilings,
    flopsPerSecondBy: { float32: 1e9, float16: null, int8: 4e9 },
    kernelTimes: [{ kind: 'Relu', costs: { call: 1, rows: 3 }, kernels: 4, medianError: 0.1 }],
  }

  it('are slower each by its own probe', () => {
    const now = drifted(kept, { arithmetic: 2, memory: 4, network: 3 })
    expect(now.flopsPerSecond).toBe(5e8)
    expect(now.flopsPerSecondBy).toEqual({ float32: 5e8, float16: null, int8: 2e9 })
    expect(now.bandwidth).toEqual([{ workingSetBytes: 1e6, bytesPerSecond: 2.5e8 }])
    expect(now.kernelTimes).toEqual([{ ...kept.kernelTimes[0], costs: { call: 3, rows: 9 } }])
    expect(now.drift).toEqual({ arithmetic: 2, memory: 4, network: 3 })
    expect(now.probes).toEqual(kept.probes)
  })

  it('are what they were where it did not', () => {
    expect(drifted(kept, { arithmetic: 1, memory: 1, network: 1 })).toEqual(kept)
  })
})
