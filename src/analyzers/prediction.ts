import { FlopgapError } from '../errors.js'
import type {
  Analysis,
  Attribution,
  Ceilings,
  Environment,
  ExecutedKernel,
  LayerCost,
  PredictedKernelCost,
  PredictionReport,
} from '../types.js'
import { kernelCost } from './executed-cost.js'
import { predictKernels, predictLatency } from './kernel-time/predict.js'
import { roofline } from './roofline.js'

export interface PredictionInput {
  readonly analysis: Analysis
  readonly environment: Environment
  readonly ceilings: Ceilings
  /** Those that would run; their times are not known. */
  readonly kernels: readonly ExecutedKernel[]
  readonly attribution: Attribution
  readonly outputBytes: number
}

/**
 * A latency by the calibration alone, kernel by kernel.
 *
 * @throws FlopgapError `measuring-failed` where the ceilings hold no times of kernels
 */
export function predictionReport(input: PredictionInput): PredictionReport {
  const { analysis, environment, ceilings, kernels, attribution, outputBytes } = input
  const predicted = predictKernels(kernels, ceilings)
  const prediction = predictLatency(predicted, outputBytes, ceilings)
  if (prediction === null) {
    throw new FlopgapError(
      'measuring-failed',
      'these ceilings hold no times of kernels, so no latency can be predicted',
      'flopgap calibrate measures them, on the CPU.',
    )
  }
  const costs = kernels.map((kernel, index): PredictedKernelCost => {
    const own = (attribution.sources[index] ?? []).map((node) => analysis.layers[node] as LayerCost)
    const { placed, ms, isGuess } = predicted[index] as (typeof predicted)[number]
    const cost = kernelCost(kernel)
    const tensors = [...placed.inputs, ...placed.outputs]
    return {
      name: kernel.name,
      op: kernel.op,
      nodes: own.map(({ name }) => name),
      inserted: attribution.inserted[index] ?? false,
      class: attribution.inserted[index] ? 'layout' : cost.kernelClass,
      rooflineMs: roofline(ceilings, { ...cost, flops: cost.flops ?? 0, tensors }).rooflineMs,
      ms: ms ?? 0,
      isGuess,
    }
  })
  const flopsTimeMs = (1000 * analysis.totals.flops) / ceilings.flopsPerSecond
  return {
    ...analysis,
    environment,
    ceilings,
    theory: { flopsTimeMs, rooflineMs: costs.reduce((sum, { rooflineMs }) => sum + rooflineMs, 0) },
    prediction,
    kernels: costs,
  }
}
