import { type Binding, noBinding } from '../onnx/bind.js'
import { inferShapes } from '../runtime/shapes.js'
import type { Analysis, DetailedAnalysis, Graph, Model } from '../types.js'
import { costs } from './costs.js'

/** What to work out besides the costs of the graph as written. */
export interface Details {
  /** Let onnxruntime optimise the model, for which it reads the weights, and count what it would execute. */
  readonly executed?: boolean
  /** Count as this paper or tool does, too. */
  readonly convention?: string | undefined
  /** Count as every known paper and tool does, too. */
  readonly reconcile?: boolean
}

/**
 * What a model costs, without running it.
 *
 * @param binding sizes for the dimensions that the model leaves open
 * @throws FlopgapError `free-dimensions`, `bad-shape`, `rejected-model` or `unknown-convention`
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
  // first, since a slip in a name should not wait for shapes
  const otherwise = await conventionsOf(details)
  const graph = await inferShapes(model, binding)
  const analysis: Analysis = costs(graph)
  return { ...analysis, ...otherwise?.(graph), ...(await asExecuted(graph, details)) }
}

async function asExecuted(graph: Graph, { executed }: Details): Promise<Pick<DetailedAnalysis, 'executed'>> {
  return executed === true ? { executed: await (await import('./executed.js')).executedCost(graph) } : {}
}

/** How to count by the conventions that are asked for; undefined where none is. */
async function conventionsOf({ convention, reconcile }: Details) {
  if (convention === undefined && reconcile !== true) return undefined
  const { countedBy } = await import('./conventions.js')
  return countedBy(convention, reconcile === true)
}
