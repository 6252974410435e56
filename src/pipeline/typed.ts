import { addRules } from '../analyzers/ops/index.js'
import type { Binding } from '../onnx/bind.js'
import { inferShapes } from '../runtime/shapes.js'
import type { Graph, Model } from '../types.js'

/**
 * A model's graph, typed, and the rules of its operators at hand.
 *
 * @throws FlopgapError `free-dimensions`, `bad-shape` or `rejected-model`
 */
export async function typed(model: Model, binding: Binding): Promise<Graph> {
  if (hasOthers(model)) addRules((await import('../analyzers/ops/contrib/index.js')).contrib)
  return inferShapes(model, binding)
}

/** True where operators may be other than ONNX's own. */
const hasOthers = ({ opsets, nodes }: Model): boolean =>
  Object.keys(opsets).some((domain) => domain !== '') || nodes.some(({ domain }) => domain !== '')
