import type { Attribution, Ceilings, KernelClass, KernelGap, LayerCost, Measurement } from '../types.js'
import { causesOfKernel } from './causes.js'
import { kernelCost } from './executed-cost.js'
import { type PredictedKernel, predictKernels } from './kernel-time/predict.js'
import { isProvider } from './providers.js'
import { bestBandwidth, rateOf, roofline } from './roofline.js'
import { unprofiledMs } from './unprofiled.js'

/** Kernels of a measurement, and what the calibration expects of them. */
export interface JudgedKernels {
  readonly kernels: readonly KernelGap[]
  readonly predicted: readonly PredictedKernel[]
}

/**
 * What each kernel costs, could take and does take.
 *
 * Times are those of the profiled session without what the profiler adds, scaled to the latency: the machine may have been
 * faster or slower while it was profiled.
 *
 * @param outsideMs what a run costs outside its kernels
 */
export function kernelGaps(
  layers: readonly LayerCost[],
  measurement: Measurement,
  { sources, parts, inserted }: Attribution,
  ceilings: Ceilings,
  { outsideMs, latencyMs }: { outsideMs: number; latencyMs: number },
): JudgedKernels {
  const { settings, executed } = measurement
  const { kernels } = executed
  const times = unprofiledMs(measurement, { outsideMs, profilerMs: ceilings.profilerMs })
  const plainMs = measurement.plainWallMs - outsideMs
  const factor = plainMs <= 0 ? 0 : Math.max(0, latencyMs - outsideMs) / plainMs
  const predicted = predictKernels(kernels, ceilings)
  const gaps = kernels.map((kernel, index): KernelGap => {
    const own = (sources[index] ?? []).map((node) => layers[node] as LayerCost)
    const part = layers[parts[index] ?? -1]
    const served = part === undefined ? own : [...own, part]
    const isInserted = inserted[index] ?? false
    const ms = kernel.timeSource === 'launch' ? null : (times[index] as number) * factor
    const { placed, ms: predictedMs, callMs } = predicted[index] as PredictedKernel
    const cost = kernelCost(kernel)
    const flops = total(own, 'flops')
    const executed = { ...cost, flops: cost.flops ?? flops, tensors: [...placed.inputs, ...placed.outputs] }
    const { computeMs, rooflineMs, bound } = roofline(ceilings, executed)
    const flopsMs = (1000 * flops) / rateOf(ceilings, cost.operandType)
    const known = {
      class: isInserted ? ('layout' as const) : classOf(served),
      ms,
      flopsMs,
      rooflineMs,
      predictedMs,
      inserted: isInserted,
    }
    return {
      name: kernel.name,
      op: kernel.op,
      provider: kernel.provider,
      ...known,
      nodes: served.map((layer) => layer.name),
      share: over(ms, latencyMs),
      macs: total(own, 'macs'),
      flops,
      executedFlops: cost.flops,
      bytes: cost.bytes,
      gap: over(ms, rooflineMs),
      bound,
      // the ceilings of one provider are not those of another
      isValid:
        !isProvider(settings.provider, kernel.provider) || isPossible(ms, { computeMs, bytes: cost.bytes }, ceilings),
      causes: causesOfKernel({ ...known, predictedMs: explainedMs(known, settings), computeMs, callMs }, ceilings),
    }
  })
  return { kernels: gaps, predicted }
}

/** Times of shorter kernels are rougher than what is tolerated. */
const leastJudgedMs = 0.01
const tolerated = 1.1

/** False for a kernel that would compute faster than the ceiling or move bytes faster than the nearest cache. */
function isPossible(
  ms: number | null,
  { computeMs, bytes }: { computeMs: number; bytes: number },
  ceilings: Ceilings,
): boolean {
  const leastMs = Math.max(computeMs, (1000 * bytes) / bestBandwidth(ceilings))
  return ms === null || leastMs < leastJudgedMs || ms * tolerated >= leastMs
}

/** No networks are calibrated on a device: there is nothing but its class to tell why a kernel exceeds its roofline. */
const explainedMs = (
  { predictedMs, ms }: Pick<KernelGap, 'predictedMs' | 'ms'>,
  { provider }: Measurement['settings'],
): number | null => predictedMs ?? (provider === 'cpu' ? null : ms)

const over = (ms: number | null, by: number): number | null => (ms === null || by === 0 ? null : ms / by)

const total = (layers: readonly LayerCost[], figure: 'macs' | 'flops'): number =>
  layers.reduce((sum, layer) => sum + (layer[figure] ?? 0), 0)

/** The class of the source layer with the most arithmetic. */
function classOf(layers: readonly LayerCost[]): KernelClass {
  const main = mainLayer(layers)
  return main?.kernelClass ?? 'other'
}

/** The layer that gives a kernel its name and class: the one with the most arithmetic, the first of equals. */
export const mainLayer = (layers: readonly LayerCost[]): LayerCost | undefined =>
  layers.reduce<LayerCost | undefined>(
    (best, layer) => (best === undefined || (layer.flops ?? 0) > (best.flops ?? 0) ? layer : best),
    undefined,
  )
