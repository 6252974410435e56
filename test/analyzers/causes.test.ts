import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { causesOf } from '../../src/analyzers/causes.js'
import type { Ceilings, KernelClass, KernelGap } from '../../src/types.js'
import { ceilings } from './ceilings.js'

const kernel = (times: Partial<KernelGap>): KernelGap => ({
  name: 'kernel',
  op: 'Conv',
  provider: 'CPUExecutionProvider',
  class: 'dense-conv',
  nodes: ['conv'],
  inserted: false,
  ms: 0,
  share: 0,
  macs: 0,
  flops: 0,
  bytes: 0,
  flopsMs: 0,
  rooflineMs: 0,
  gap: null,
  bound: 'compute',
  ...times,
})

const spent = (kernels: readonly KernelGap[], machine: Partial<Ceilings>, latencyMs: number) =>
  Object.fromEntries(
    causesOf(kernels, { ...ceilings, ...machine }, latencyMs).map(({ cause, ms }) => [cause, Number(ms.toFixed(9))]),
  )

describe('the causes of a latency, by hand', () => {
  it('are arithmetic, memory, dispatch and inefficiency, in this order', () => {
    // of 10 ms the FLOPs promise 4, the roofline 6, starting takes 1
    const slow = kernel({ ms: 10, flopsMs: 4, rooflineMs: 6 })
    expect(spent([slow], { dispatchMs: 1 }, 10)).toEqual({
      arithmetic: 4,
      memory: 2,
      dispatch: 1,
      'efficiency:dense-conv': 3,
    })
  })

  it('take no more of a kernel than it took', () => {
    expect(spent([kernel({ ms: 3, flopsMs: 4, rooflineMs: 6 })], { dispatchMs: 1 }, 3)).toEqual({ arithmetic: 3 })
    expect(spent([kernel({ ms: 5, flopsMs: 4, rooflineMs: 6 })], { dispatchMs: 1 }, 5)).toEqual({
      arithmetic: 4,
      memory: 1,
    })
    expect(spent([kernel({ ms: 6.5, flopsMs: 4, rooflineMs: 6 })], { dispatchMs: 1 }, 6.5)).toEqual({
      arithmetic: 4,
      memory: 2,
      dispatch: 0.5,
    })
  })

  it('keep the inefficiency of each class apart', () => {
    const kernels = [
      kernel({ ms: 3, flopsMs: 1, rooflineMs: 1 }),
      kernel({ ms: 5, flopsMs: 1, rooflineMs: 1, class: 'depthwise-conv' }),
      kernel({ ms: 2, flopsMs: 1, rooflineMs: 1 }),
    ]
    expect(spent(kernels, {}, 10)).toEqual({
      arithmetic: 3,
      'efficiency:dense-conv': 3,
      'efficiency:depthwise-conv': 4,
    })
  })

  it('call all of an added kernel layout', () => {
    const added = kernel({ ms: 2, rooflineMs: 1, inserted: true, class: 'layout', nodes: [] })
    expect(spent([added], { dispatchMs: 0.5 }, 2)).toEqual({ layout: 2 })
  })

  it('end in the run itself and what no kernel covers', () => {
    const one = kernel({ ms: 7, flopsMs: 7, rooflineMs: 7 })
    expect(spent([one], { runMs: 1 }, 10)).toEqual({ arithmetic: 7, runtime: 1, unexplained: 2 })
    expect(spent([one], { runMs: 5 }, 10)).toEqual({ arithmetic: 7, runtime: 3 })
    expect(spent([], { runMs: 5 }, 10)).toEqual({ runtime: 5, unexplained: 5 })
  })

  it('are listed from what FLOPs promise to what is not explained, the larger inefficiency first', () => {
    const kernels = [
      kernel({ ms: 2, inserted: true, class: 'layout' }),
      kernel({ ms: 4, flopsMs: 1, rooflineMs: 2 }),
      kernel({ ms: 9, flopsMs: 1, rooflineMs: 2, class: 'pooling' }),
    ]
    const causes = causesOf(kernels, { ...ceilings, dispatchMs: 0.1, runMs: 1 }, 20)
    expect(causes.map(({ cause }) => cause)).toEqual([
      'arithmetic',
      'memory',
      'dispatch',
      'layout',
      'efficiency:pooling',
      'efficiency:dense-conv',
      'runtime',
      'unexplained',
    ])
    for (const { ms, share } of causes) expect(share).toBeCloseTo(ms / 20, 12)
  })
})

describe('the causes of any latency', () => {
  const time = fc.double({ min: 0, max: 1e4, noNaN: true })
  const classes: readonly KernelClass[] = ['dense-conv', 'depthwise-conv', 'elementwise', 'pooling', 'other']
  const kernels = fc.array(
    fc
      .record({ ms: time, flopsMs: time, memoryMs: time, inserted: fc.boolean(), class: fc.constantFrom(...classes) })
      .map(({ memoryMs, ...rest }) => kernel({ ...rest, rooflineMs: Math.max(rest.flopsMs, memoryMs) })),
    { maxLength: 60 },
  )
  const machines = fc.record({ dispatchMs: fc.double({ min: 0, max: 10, noNaN: true }), runMs: time })

  it('sum to it, and none is negative', () => {
    fc.assert(
      fc.property(kernels, machines, time, (set, machine, rest) => {
        const latencyMs = set.reduce((sum, { ms }) => sum + (ms ?? 0), 0) + rest
        fc.pre(latencyMs > 0)
        const causes = causesOf(set, { ...ceilings, ...machine }, latencyMs)
        const total = causes.reduce((sum, { ms }) => sum + ms, 0)
        expect(Math.abs(total - latencyMs)).toBeLessThanOrEqual(1e-9 * latencyMs)
        expect(Math.abs(causes.reduce((sum, { share }) => sum + share, 0) - 1)).toBeLessThanOrEqual(1e-9)
        for (const { cause, ms } of causes) expect(ms, cause).toBeGreaterThanOrEqual(0)
        expect(new Set(causes.map(({ cause }) => cause)).size).toBe(causes.length)
      }),
      { numRuns: 500 },
    )
  })
})
