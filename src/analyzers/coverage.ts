import { operatorName } from '../onnx/names.js'
import type { Coverage, LayerCost } from '../types.js'
import type { Leaf } from './leaves.js'
import { ruleOf } from './ops/index.js'

/** How many of a graph's nodes are counted, and which operators are not. */
export function coverageOf(leaves: readonly Leaf[]): Coverage {
  const of = (status: LayerCost['status']) =>
    leaves.map(({ layer }) => layer).filter((layer) => layer.status === status)
  const uncounted = of('uncounted')
  return {
    nodes: leaves.length,
    counted: of('counted').length,
    free: of('free').length,
    uncounted: uncounted.length,
    unsized: leaves.filter(({ layer }) => layer.readBytes === null || layer.writeBytes === null).length,
    uncountedOps: [...new Set(uncounted.map(operatorName))],
    uncountedBy: uncountedBy(uncounted, leaves.length),
  }
}

function uncountedBy(layers: readonly LayerCost[], nodes: number): Coverage['uncountedBy'] {
  const groups = new Map<string, { op: string; reason: 'no-rule' | 'unknown-shape'; nodes: number }>()
  for (const layer of layers) {
    const op = operatorName(layer)
    const reason = ruleOf(layer.domain, layer.op) === undefined ? 'no-rule' : 'unknown-shape'
    const group = groups.get(op) ?? { op, reason, nodes: 0 }
    groups.set(op, { ...group, nodes: group.nodes + 1 })
  }
  return [...groups.values()]
    .map((group) => ({ ...group, share: group.nodes / nodes }))
    .sort((a, b) => b.nodes - a.nodes || a.op.localeCompare(b.op))
}
