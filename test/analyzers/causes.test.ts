import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { causesOf, causesOfKernel, type KernelTimes, summed } from '../../src/analyzers/causes.js'
import type { KernelClass, KernelGap } from '../../src/types.js'

const times = (given: Partial<KernelTimes>): KernelTimes => ({
  class: 'dense-conv',
  ms: 0,
  flopsMs: 0,
  computeMs: 0,
  rooflineMs: 0,
  predictedMs: null,
  callMs: null,
  inserted: false,
  ...given,
})

/** A kernel that takes as long as its causes. */
const kernel = (causes: KernelGap['causes']): KernelGap => ({
  name: 'kernel',
  op: 'Conv',
  provider: 'CPUExecutionProvider',
  class: 'dense-conv',
  nodes: ['conv'],
  inserted: false,
  ms: causes.reduce((sum, { ms }) => sum + ms, 0),
  share: 0,
  macs: 0,
  flops: 0,
  executedFlops: 0,
  bytes: 0,
  flopsMs: 0,
  rooflineMs: 0,
  predictedMs: null,
  gap: null,
  bound: 'compute',
  isValid: true,
  causes,
})

const inWords = (causes: KernelGap['causes']) =>
  Object.fromEntries(causes.map(({ cause, ms }) => [cause, Number(ms.toFixed(9))]))

const spent = (given: Partial<KernelTimes>, dispatchMs = 0) => inWords(causesOfKernel(times(given), { dispatchMs }))

const stated = ['arithmetic', 'padding', 'memory', 'dispatch', 'fragmentation', 'efficiency:dense-conv', 'unexplained']

describe('the causes of a kernel, by hand', () => {
  // the FLOPs promise 1, padded channels make it 3, memory 6, starting is 1 more, the least of its kind 4, it should be 15
  const slow = { ms: 20, flopsMs: 1, computeMs: 3, rooflineMs: 6, callMs: 4, predictedMs: 15 }

  it('are spent in the order of what explains them', () => {
    const causes = causesOfKernel(times(slow), { dispatchMs: 1 })
    expect(inWords(causes)).toEqual({
      arithmetic: 1,
      padding: 2,
      memory: 3,
      dispatch: 1,
      fragmentation: 3,
      'efficiency:dense-conv': 5,
      unexplained: 5,
    })
    expect(causes.map(({ cause }) => cause)).toEqual(stated)
  })

  it.each([
    [0.5, { arithmetic: 0.5 }],
    [2, { arithmetic: 1, padding: 1 }],
    [5, { arithmetic: 1, padding: 2, memory: 2 }],
    [6.5, { arithmetic: 1, padding: 2, memory: 3, dispatch: 0.5 }],
    [8, { arithmetic: 1, padding: 2, memory: 3, dispatch: 1, fragmentation: 1 }],
    [12, { arithmetic: 1, padding: 2, memory: 3, dispatch: 1, fragmentation: 3, 'efficiency:dense-conv': 2 }],
  ])('take no more of it than the %d ms that it took', (ms, causes) => {
    expect(spent({ ...slow, ms }, 1)).toEqual(causes)
  })

  it('leave out those that it does not have', () => {
    expect(spent({ ms: 10, flopsMs: 4, computeMs: 4, rooflineMs: 4, predictedMs: 10 })).toEqual({
      arithmetic: 4,
      'efficiency:dense-conv': 6,
    })
    // no bytes: 2 more than the FLOPs promise are those of padding, and memory adds nothing
    expect(spent({ ms: 10, flopsMs: 4, computeMs: 6, rooflineMs: 6 })).toEqual({
      arithmetic: 4,
      padding: 2,
      unexplained: 4,
    })
  })

  it('say nothing of efficiency where the machine predicts nothing', () => {
    expect(spent({ ms: 10, flopsMs: 1, computeMs: 1, rooflineMs: 2 }, 1)).toEqual({
      arithmetic: 1,
      memory: 1,
      dispatch: 1,
      unexplained: 7,
    })
  })

  it('leave fragmentation to what a kernel of its kind and size takes in all', () => {
    // a call of 4 would end at 6 + 4, and the prediction is 8
    expect(spent({ ...slow, predictedMs: 8 }, 1)).toEqual({
      arithmetic: 1,
      padding: 2,
      memory: 3,
      dispatch: 1,
      fragmentation: 1,
      unexplained: 12,
    })
  })

  it('do not take back what was spent where the prediction is less', () => {
    expect(spent({ ...slow, predictedMs: 5 }, 1)).toEqual({
      arithmetic: 1,
      padding: 2,
      memory: 3,
      dispatch: 1,
      unexplained: 13,
    })
  })

  it('are arithmetic first, though fewer FLOPs run than the layers have', () => {
    expect(spent({ ms: 10, flopsMs: 5, computeMs: 3, rooflineMs: 4, predictedMs: 7 })).toEqual({
      arithmetic: 5,
      'efficiency:dense-conv': 2,
      unexplained: 3,
    })
  })

  it('call all of an added kernel layout', () => {
    expect(spent({ ...slow, inserted: true, class: 'layout' }, 1)).toEqual({ layout: 20 })
  })
})

describe('the causes of a latency, by hand', () => {
  const one = kernel([{ cause: 'arithmetic', ms: 7 }])

  it('end in the run itself and what no kernel covers', () => {
    expect(inWords(causesOf([one], 1, 10))).toEqual({ arithmetic: 7, runtime: 1, unexplained: 2 })
    expect(inWords(causesOf([one], 5, 10))).toEqual({ arithmetic: 7, runtime: 3 })
    expect(inWords(causesOf([], 5, 10))).toEqual({ runtime: 5, unexplained: 5 })
  })

  it('are listed from what FLOPs promise to what is not explained, the larger inefficiency first', () => {
    const causes = causesOf(
      [
        kernel([{ cause: 'layout', ms: 2 }]),
        kernel([
          { cause: 'arithmetic', ms: 1 },
          { cause: 'memory', ms: 1 },
          { cause: 'efficiency:dense-conv', ms: 2 },
          { cause: 'unexplained', ms: 1 },
        ]),
        kernel([
          { cause: 'padding', ms: 1 },
          { cause: 'dispatch', ms: 1 },
          { cause: 'fragmentation', ms: 1 },
          { cause: 'efficiency:pooling', ms: 4 },
        ]),
      ],
      1,
      20,
    )
    expect(causes.map(({ cause, ms }) => [cause, ms])).toEqual([
      ['arithmetic', 1],
      ['padding', 1],
      ['memory', 1],
      ['dispatch', 1],
      ['fragmentation', 1],
      ['layout', 2],
      ['efficiency:pooling', 4],
      ['efficiency:dense-conv', 2],
      ['runtime', 1],
      // what a kernel has and what no kernel covers: 1 + 5
      ['unexplained', 6],
    ])
    for (const { ms, share } of causes) expect(share).toBeCloseTo(ms / 20, 12)
  })

  it('are one entry each when summed, without those that are nothing', () => {
    const causes = [
      { cause: 'memory', ms: 1 },
      { cause: 'arithmetic', ms: 0 },
      { cause: 'memory', ms: 2 },
    ]
    expect(summed(causes)).toEqual([{ cause: 'memory', ms: 3 }])
  })
})

const time = fc.double({ min: 0, max: 1e4, noNaN: true })
const classes: readonly KernelClass[] = ['dense-conv', 'depthwise-conv', 'elementwise', 'pooling', 'other']
const kernels = fc.record({
  ms: time,
  flopsMs: time,
  computeMs: time,
  rooflineMs: time,
  predictedMs: fc.option(time),
  callMs: fc.option(time),
  inserted: fc.boolean(),
  class: fc.constantFrom(...classes),
})
const dispatch = fc.double({ min: 0, max: 10, noNaN: true })

describe('the causes of any kernel', () => {
  it('sum to its time, none is negative, and they stand in the order that is stated', () => {
    fc.assert(
      fc.property(kernels, dispatch, (given, dispatchMs) => {
        const causes = causesOfKernel(given, { dispatchMs })
        const total = causes.reduce((sum, { ms }) => sum + ms, 0)
        expect(Math.abs(total - given.ms)).toBeLessThanOrEqual(1e-9 * given.ms)
        for (const { cause, ms } of causes) expect(ms, cause).toBeGreaterThanOrEqual(0)
        const order = ['layout', ...stated].map((cause) => cause.replace('dense-conv', given.class))
        const places = causes.map(({ cause }) => order.indexOf(cause))
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
        expect(places).not.toContain(-1)
      }),
      { numRuns: 1000 },
    )
  })

  it('grow with its time, each up to what it explains', () => {
    fc.assert(
      fc.property(kernels, dispatch, time, (given, dispatchMs, more) => {
        const before = new Map(causesOfKernel(given, { dispatchMs }).map(({ cause, ms }) => [cause, ms]))
        const after = new Map(
          causesOfKernel({ ...given, ms: given.ms + more }, { dispatchMs }).map(({ cause, ms }) => [cause, ms]),
        )
        for (const [cause, ms] of before) expect(after.get(cause)).toBeGreaterThanOrEqual(ms * (1 - 1e-12))
      }),
    )
  })
})

describe('the causes of any latency', () => {
  it('sum to it, and none is negative', () => {
    const sets = fc.array(fc.tuple(kernels, dispatch), { maxLength: 60 })
    fc.assert(
      fc.property(sets, time, time, (set, outsideMs, rest) => {
        const measured = set.map(([given, dispatchMs]) => kernel(causesOfKernel(given, { dispatchMs })))
        const latencyMs = measured.reduce((sum, { ms }) => sum + (ms ?? 0), 0) + rest
        fc.pre(latencyMs > 0)
        const causes = causesOf(measured, outsideMs, latencyMs)
        const total = causes.reduce((sum, { ms }) => sum + ms, 0)
        expect(Math.abs(total - latencyMs)).toBeLessThanOrEqual(1e-9 * latencyMs)
        expect(Math.abs(causes.reduce((sum, { share }) => sum + share, 0) - 1)).toBeLessThanOrEqual(1e-9)
        for (const { cause, ms } of causes) expect(ms, cause).toBeGreaterThan(0)
        expect(new Set(causes.map(({ cause }) => cause)).size).toBe(causes.length)
      }),
      { numRuns: 300 },
    )
  })
})
