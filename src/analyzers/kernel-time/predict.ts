import { median, quantileRange } from '../../stats.js'
import type { Ceilings, ExecutedKernel, Prediction } from '../../types.js'
import { runtimeMs } from '../unprofiled.js'
import { describeKernel, machineOf } from './features.js'
import { anyKind, kernelMs } from './fit.js'
import { type PlacedKernel, placeKernels } from './placed.js'

/** A kernel by the calibration alone. */
export interface PredictedKernel {
  readonly placed: PlacedKernel
  /** Null where the provider does not time its kernels. */
  readonly ms: number | null
  /** Of every kernel of its kind, however little it does. */
  readonly callMs: number | null
  /** True where the calibration has no kernel of its kind. */
  readonly isGuess: boolean
}

/** Times of the kernels of one run, in their order. */
export function predictKernels(
  kernels: readonly Pick<
    ExecutedKernel,
    'op' | 'domain' | 'attributes' | 'inputs' | 'outputs' | 'inputTypes' | 'outputTypes'
  >[],
  ceilings: Ceilings,
): PredictedKernel[] {
  const machine = machineOf(ceilings)
  const models = new Map(ceilings.kernelTimes.map((model) => [model.kind, model]))
  return placeKernels(kernels).map((placed) => {
    const description = describeKernel(placed, machine)
    const model = models.get(description.kind) ?? models.get(anyKind)
    return {
      placed,
      ms: kernelMs(description, models),
      callMs: model === undefined ? null : (model.costs.call ?? 0),
      isGuess: !models.has(description.kind),
    }
  })
}

/**
 * A latency by the calibration alone: its kernels, and what a run costs outside them. The interval is that of the
 * calibration networks, each predicted from the others.
 */
export function predictLatency(
  kernels: readonly PredictedKernel[],
  outputBytes: number,
  ceilings: Ceilings,
): Prediction | null {
  if (ceilings.predictionRatios.length === 0) return null
  const total = kernels.reduce((sum, { ms }) => sum + (ms ?? 0), 0)
  const guessed = kernels.reduce((sum, { ms, isGuess }) => sum + (isGuess ? (ms ?? 0) : 0), 0)
  const usual = median(ceilings.predictionRatios)
  const point = total * usual + runtimeMs(ceilings, outputBytes)
  const { lower, upper, level } = quantileRange(ceilings.predictionRatios)
  const interval = { lower: (point * Math.min(usual, lower)) / usual, upper: (point * Math.max(usual, upper)) / usual }
  return { latencyMs: { point, ...interval, confidenceLevel: level }, guessedShare: total === 0 ? 0 : guessed / total }
}
