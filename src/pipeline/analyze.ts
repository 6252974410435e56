import { type Binding, noBinding } from '../onnx/bind.js'
import { inferShapes } from '../runtime/shapes.js'
import type { Analysis, DetailedAnalysis, Model } from '../types.js'
import { costs } from './costs.js'

/** What to work out besides the costs of the graph as written. */
export interface Details {
  /** Let onnxruntime optimise the model, for which it reads the weights, and count what it would execute. */
  readonly executed?: boolean
}

/**
 * What a model costs, without running it.
 *
 * @param binding sizes for the dimensions that the model leaves open
 * @throws FlopgapError `free-dimensions`, `bad-shape` or `rejected-model`
 */
export async function analyzeModel(
  model: Model,
  binding: Binding = noBinding,
  details: Details = {},
): Promise<DetailedAnalysis> {
  const { identify } = await import('../analyzers/identify.js')
  const analysis = await costsOf(model, binding, details)
  return { ...analysis, ...identify(analysis, model, null) }
}

/** As `analyzeModel`, without the model's hash. */
export async function costsOf(model: Model, binding: Binding, details: Details): Promise<DetailedAnalysis> {
  const graph = await inferShapes(model, binding)
  const analysis: Analysis = costs(graph)
  if (details.executed !== true) return analysis
  const { executedCost } = await import('./executed.js')
  return { ...analysis, executed: await executedCost(graph) }
}
