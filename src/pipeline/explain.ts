import { type GapInput, gapReport } from '../analyzers/gap.js'
import { identify } from '../analyzers/identify.js'
import { addRules } from '../analyzers/ops/index.js'
import { rareRules } from '../analyzers/ops/rare.js'
import { isProvider } from '../analyzers/providers.js'
import { withSeenShapes } from '../analyzers/seen-shapes.js'
import { attribute } from '../runtime/attribution.js'
import { unused } from '../runtime/unavailable.js'
import type { GapReport, Graph } from '../types.js'
import { costs } from './costs.js'

/** What was measured, and under what. */
export type Measured = Pick<GapInput, 'environment' | 'ceilings' | 'measurement'>

/**
 * Explains the measurement of a model: everything that follows from it, and no clock.
 *
 * @throws FlopgapError `provider-unavailable` where the provider that was asked for ran none of it
 */
export function explain(asked: Graph, sha256: string | null, measured: Measured): GapReport {
  const { environment, measurement } = measured
  const { kernels } = measurement.executed
  const isUsed = kernels.length === 0 || kernels.some((kernel) => isProvider(environment.provider, kernel.provider))
  if (!isUsed) throw unused(environment.provider, kernels.length)
  // what runs has operators of onnxruntime's own, whatever the model has
  addRules(rareRules)
  const graph = withSeenShapes(asked, measurement.executed)
  return gapReport({
    ...measured,
    analysis: identify(costs(graph), graph.model, sha256),
    attribution: attribute(graph.model, measurement.executed),
  })
}
