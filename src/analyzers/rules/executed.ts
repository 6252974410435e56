import type { ExecutedKernel, GapReport, KernelClass, LayerCost, PredictionReport } from '../../types.js'
import { mainLayer } from '../kernels.js'
import type { ExecutedModel, LintKernel } from './rule.js'

/** What profiles and predictions say of a kernel. */
interface TimedKernel {
  readonly class: KernelClass
  readonly nodes: readonly string[]
  readonly inserted: boolean
  readonly ms: number | null
}

/** Kernels with their measured times. */
export const measuredModel = ({ layers, environment, ceilings, measurement, kernels }: GapReport): ExecutedModel => ({
  basis: 'measured',
  provider: environment.provider,
  latencyMs: measurement.latencyMs.point,
  vectorBlock: ceilings.vectorBlock,
  kernels: joined(layers, measurement.executed.kernels, kernels),
})

/** Kernels that would run, with their predicted times. */
export const predictedModel = (
  { layers, environment, ceilings, prediction, kernels }: PredictionReport,
  executed: readonly ExecutedKernel[],
): ExecutedModel => ({
  basis: 'predicted',
  provider: environment.provider,
  latencyMs: prediction.latencyMs.point,
  vectorBlock: ceilings.vectorBlock,
  kernels: joined(layers, executed, kernels),
})

function joined(
  layers: readonly LayerCost[],
  executed: readonly ExecutedKernel[],
  timed: readonly TimedKernel[],
): LintKernel[] {
  const places = new Map<string, number>()
  for (const [index, { name }] of layers.entries()) if (!places.has(name)) places.set(name, index)
  return executed.flatMap((kernel, index) => {
    const own = timed[index]
    if (own === undefined) return []
    const nodes = own.nodes.flatMap((name) => places.get(name) ?? [])
    const main = mainLayer(nodes.flatMap((place) => layers[place] ?? []))
    return { kernel, class: main?.kernelClass ?? own.class, nodes, inserted: own.inserted, ms: own.ms }
  })
}
