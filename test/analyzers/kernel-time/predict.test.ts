import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyKind } from '../../../src/analyzers/kernel-time/fit.js'
import { predictKernels, predictLatency } from '../../../src/analyzers/kernel-time/predict.js'
import type { Ceilings, TensorType } from '../../../src/types.js'
import { ceilings } from '../ceilings.js'
import { executedKernel } from '../measured.js'

const tensor = (...dims: readonly number[]): TensorType => ({ elementType: 'float32', dims })
const unary = (op: string) => executedKernel({ op, inputTypes: [tensor(10, 25)], outputTypes: [tensor(10, 25)] })

const machine: Ceilings = {
  ...ceilings,
  runMs: 0.5,
  outputBytesPerSecond: 1e6,
  kernelTimes: [
    { kind: 'Relu', costs: { call: 1, inputBytes: 0.001 }, kernels: 9, medianError: 0.1 },
    { kind: anyKind, costs: { call: 2, rows: 0.1 }, kernels: 20, medianError: 0.3 },
  ],
  predictionRatios: [1.25, 0.75, 1],
}

describe('a kernel that is predicted', () => {
  it('takes what its features cost', () => {
    // 1000 bytes
    expect(predictKernels([unary('Relu')], machine)).toMatchObject([{ ms: 2, callMs: 1, isGuess: false }])
  })

  it('is a guess by the costs of any kernel where its kind is not known', () => {
    // ten rows
    expect(predictKernels([unary('Erf')], machine)).toMatchObject([{ ms: 3, callMs: 2, isGuess: true }])
  })

  it('has no time where the machine knows none', () => {
    expect(predictKernels([unary('Relu')], ceilings)).toMatchObject([{ ms: null, callMs: null, isGuess: true }])
  })
})

describe('a latency that is predicted', () => {
  const kernels = predictKernels([unary('Relu'), unary('Erf'), unary('Relu')], machine)

  it('is longer by as much as those of the networks were', () => {
    // kernels of 7, and 1 outside them
    expect(predictLatency(kernels, 500, { ...machine, predictionRatios: [1.1, 1.3, 1.2] })?.latencyMs).toEqual({
      point: expect.closeTo(7 * 1.2 + 1, 9),
      // of three ratios the smallest and largest
      lower: expect.closeTo(((7 * 1.2 + 1) * 1.1) / 1.2, 9),
      upper: expect.closeTo(((7 * 1.2 + 1) * 1.3) / 1.2, 9),
      confidenceLevel: 0.5,
    })
  })

  it('is the sum of its kernels, the run, and its output', () => {
    // 2 + 3 + 2, a run of 0.5, and 500 bytes at 1 MB/s
    expect(predictLatency(kernels, 500, machine)?.latencyMs.point).toBeCloseTo(8, 12)
  })

  it('tells how much of it is a guess', () => {
    expect(predictLatency(kernels, 500, machine)?.guessedShare).toBeCloseTo(3 / 7, 12)
    expect(predictLatency([], 500, machine)?.guessedShare).toBe(0)
  })

  it('has the interval of the networks that were predicted from each other', () => {
    const latency = predictLatency(kernels, 500, machine)?.latencyMs
    // of three ratios the smallest and largest, which hold the next with 1 - 2/4
    expect(latency).toMatchObject({ lower: expect.closeTo(6, 9), upper: expect.closeTo(10, 9), confidenceLevel: 0.5 })
  })

  it('lies in its interval, whatever the networks took', () => {
    const ratio = fc.double({ min: 0.1, max: 10, noNaN: true })
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 1, maxLength: 60 }), (predictionRatios) => {
        const {
          point = 0,
          lower = 0,
          upper = 0,
        } = predictLatency(kernels, 500, { ...machine, predictionRatios })?.latencyMs ?? {}
        expect(lower).toBeLessThanOrEqual(point * (1 + 1e-12))
        expect(point).toBeLessThanOrEqual(upper * (1 + 1e-12))
      }),
    )
  })

  it('is none where no network was timed', () => {
    expect(predictLatency(kernels, 500, { ...machine, predictionRatios: [] })).toBeNull()
  })
})
