import { addRules, ruleOf } from '../analyzers/ops/index.js'
import type { Binding } from '../onnx/bind.js'
import { inferShapes } from '../runtime/shapes.js'
import type { Graph, Model } from '../types.js'

/**
 * A model's graph, typed, and the rules of its operators at hand.
 *
 * @throws FlopgapError `free-dimensions`, `bad-shape` or `rejected-model`
 */
export async function typed(model: Model, binding: Binding): Promise<Graph> {
  // a node with graphs inside, which may hold any operator, has no rule itself
  const isRare = model.nodes.some(({ domain, op }) => ruleOf(domain, op) === undefined)
  if (isRare) addRules((await import('../analyzers/ops/rare.js')).rareRules)
  return inferShapes(model, binding)
}
