import type {
  Attribution,
  Ceilings,
  ExecutedKernel,
  KernelClass,
  KernelGap,
  LayerCost,
  Measurement,
  TensorType,
} from '../types.js'
import { tensorBytes } from './cost.js'
import { ruleOf } from './ops/index.js'
import { roofline } from './roofline.js'
import { movedBytes } from './traffic.js'

/**
 * What each kernel costs, could take and does take.
 *
 * Times are those of the profiled session, less what the profiler adds to each kernel, scaled to the latency measured
 * without it: `latencyMs` less the cost of `run` itself.
 */
export function kernelGaps(
  layers: readonly LayerCost[],
  { executed }: Measurement,
  { sources, parts, inserted }: Attribution,
  ceilings: Ceilings,
  latencyMs: number,
): KernelGap[] {
  const corrected = executed.kernels.map((kernel) => ownMs(kernel, ceilings))
  const factor = toLatency(corrected, executed, ceilings, latencyMs)
  return executed.kernels.map((kernel, index) => {
    const own = (sources[index] ?? []).map((node) => layers[node] as LayerCost)
    const part = layers[parts[index] ?? -1]
    const served = part === undefined ? own : [...own, part]
    const cost = { flops: total(own, 'flops'), bytes: kernelBytes(kernel) }
    const { flopsMs, rooflineMs, bound } = roofline(ceilings, cost)
    const profiled = corrected[index] ?? null
    const ms = profiled === null ? null : profiled * factor
    return {
      name: kernel.name,
      op: kernel.op,
      provider: kernel.provider,
      class: inserted[index] ? 'layout' : classOf(served),
      nodes: served.map((layer) => layer.name),
      inserted: inserted[index] ?? false,
      ms,
      share: ms === null ? null : ms / latencyMs,
      macs: total(own, 'macs'),
      ...cost,
      flopsMs,
      rooflineMs,
      gap: ms === null || rooflineMs === 0 ? null : ms / rooflineMs,
      bound,
    }
  })
}

/** Null for a kernel of which only its launch was timed. The profiler adds nothing to what the GPU's own clock tells. */
function ownMs({ profiledMs, timeSource }: ExecutedKernel, ceilings: Ceilings): number | null {
  if (timeSource === 'launch') return null
  return timeSource === 'gpu' ? profiledMs : withoutProfiler(profiledMs, ceilings)
}

/** A kernel's time without the profiler's share; never below what dispatching it costs. */
const withoutProfiler = (profiledMs: number, { profilerMs, dispatchMs }: Ceilings): number =>
  Math.max(profiledMs - profilerMs, Math.min(profiledMs, dispatchMs))

/**
 * Scales the profiled session to the latency: the machine may have been faster or slower in it. Kernels never sum to
 * more than the latency.
 */
function toLatency(
  corrected: readonly (number | null)[],
  { kernels, profiledRunMs }: Measurement['executed'],
  { profilerRunMs, runMs }: Ceilings,
  latencyMs: number,
): number {
  const kernelMs = corrected.reduce<number>((sum, ms) => sum + (ms ?? 0), 0)
  const runWithoutProfiler = Math.max(profiledRunMs - kernels.length * profilerRunMs, kernelMs)
  return runWithoutProfiler === 0 ? 0 : Math.max(0, latencyMs - runMs) / runWithoutProfiler
}

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

/** Bytes a kernel reads and writes once, by the types its profile shows. */
function kernelBytes({ op, domain, inputs, inputTypes, outputTypes }: ExecutedKernel): number {
  const names = inputs.filter(Boolean)
  const moved = (types: readonly TensorType[]) =>
    types.map((type, index) => ({ name: names[index] ?? `#${index}`, bytes: tensorBytes(type) ?? 0 }))
  const written = outputTypes.map((type, index) => ({ name: `#${index}`, bytes: tensorBytes(type) ?? 0 }))
  const { readBytes, writeBytes } = movedBytes(ruleOf(domain, op)?.traffic ?? 'all', moved(inputTypes), written)
  return (readBytes ?? 0) + (writeBytes ?? 0)
}
