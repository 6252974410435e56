import type { ModelNode } from '../types.js'
import { namesRead } from './body.js'

/** Nodes whose results are known before the run: they read only constants, sizes of tensors, and each other. */
export function foldable(nodes: readonly ModelNode[], constants: { has(name: string): boolean }): Set<ModelNode> {
  const known = new Set<string>()
  const found = new Set<ModelNode>()
  for (const node of nodes) {
    const readsSizes = node.domain === '' && (node.op === 'Shape' || node.op === 'Size')
    if (drawsNumbers(node.op)) continue
    if (!readsSizes && !namesRead(node).every((name) => known.has(name) || constants.has(name))) continue
    found.add(node)
    for (const name of node.outputs) known.add(name)
  }
  return found
}

/** True of an operator that gives other numbers each time. */
export const drawsNumbers = (op: string): boolean => /^Random|^Multinomial$|^Bernoulli$/.test(op)
