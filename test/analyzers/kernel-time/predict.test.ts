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

  it('lies in its interval though all networks took longer', () => {
    const slower = predictLatency(kernels, 500, { ...machine, predictionRatios: [1.1, 1.2, 1.3] })?.latencyMs
    expect(slower?.lower).toBe(slower?.point)
    expect(slower?.upper).toBeCloseTo(8 * 1.3, 9)
  })

  it('is none where no network was timed', () => {
    expect(predictLatency(kernels, 500, { ...machine, predictionRatios: [] })).toBeNull()
  })
})
