import { type Binding, noBinding } from '../onnx/bind.js'
import type { DetailedAnalysis, Graph, Model } from '../types.js'
import { costs } from './costs.js'
import { typed } from './typed.js'

/** What to work out besides what each layer costs. */
export interface Details {
  /** Memory access of convolutions, and the tensors alive at the peak. */
  readonly memory?: boolean
  readonly receptiveField?: boolean
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
  const analysis = await costsOf(model, binding, { memory: true, receptiveField: true, ...details })
  return { ...analysis, ...identify(analysis, model, null) }
}

/** As `analyzeModel`, without the model's hash and without the details that are not asked for. */
export async function costsOf(model: Model, binding: Binding, details: Details): Promise<DetailedAnalysis> {
  // first, since a slip in a name should not wait for shapes
  const otherwise = await conventionsOf(details)
  const graph = await typed(model, binding)
  return { ...costs(graph), ...otherwise?.(graph), ...(await detailsOf(graph, details)) }
}

type Detail = Pick<DetailedAnalysis, 'memory' | 'receptiveField' | 'executed'>

/** Each is loaded only where it is wanted. */
async function detailsOf(graph: Graph, { memory, receptiveField, executed }: Details): Promise<Detail> {
  const found: Detail[] = []
  if (memory === true) {
    const [{ memoryAccess }, { peakActivations }] = await Promise.all([
      import('../analyzers/memory.js'),
      import('../analyzers/liveness.js'),
    ])
    found.push({ memory: { access: memoryAccess(graph), peak: peakActivations(graph) } })
  }
  if (receptiveField === true) {
    const { receptiveFields } = await import('../analyzers/receptive-field.js')
    found.push({ receptiveField: receptiveFields(graph) })
  }
  if (executed === true) found.push({ executed: await (await import('./executed.js')).executedCost(graph) })
  return Object.assign({}, ...found)
}

/** How to count by the conventions that are asked for; undefined where none is. */
async function conventionsOf({ convention, reconcile }: Details) {
  if (convention === undefined && reconcile !== true) return undefined
  const { countedBy } = await import('./conventions.js')
  return countedBy(convention, reconcile === true)
}
