import { elements } from '../../onnx/element-types.js'
import type { ConventionCount, ConventionDetail, ConventionLayer, ConventionReason, Graph } from '../../types.js'
import { type CountedNode, countedNodes } from '../cost.js'
import { biasOf, macs, twoPerMac } from './amounts.js'
import type { Amounts, Convention, Seen } from './convention.js'
import { conventions } from './index.js'
import { type Kind, kindOf } from './kinds.js'
import { withStride } from './stride.js'

/** What each convention would report for a graph, and why that is not our number of MACs. */
export function reconcile(graph: Graph): ConventionCount[] {
  const nodes = countedNodes(graph)
  return conventions.map((convention) => withoutLayers(countOf(nodes, convention)))
}

/** What one convention would report for a graph, node by node too. */
export const countBy = (graph: Graph, convention: Convention): ConventionDetail =>
  countOf(countedNodes(graph), convention)

const withoutLayers = ({ layers: _, ...count }: ConventionDetail): ConventionCount => count

function countOf(nodes: readonly CountedNode[], convention: Convention): ConventionDetail {
  const { name, title, unit, source, stride } = convention
  const moved = withStride(nodes, stride)
  const reasons = new Reasons()
  const assumed = new Set<string>()
  const layers = nodes.map((node, index) => {
    const asIs = amountsOf(node, convention)
    const asMeant = node === moved[index] ? asIs : amountsOf(moved[index] as CountedNode, convention)
    if (asIs.isAssumed) assumed.add(node.node.op)
    reasons.add(node, asIs)
    reasons.addStride(node, stride, totalOf(asMeant) - totalOf(asIs))
    return layerOf(node, totalOf(asMeant))
  })
  const total = layers.reduce((sum, { amount }) => sum + (amount ?? 0), 0)
  const ours = layers.reduce((sum, { macs }) => sum + (macs ?? 0), 0)
  return {
    ...{ name, title, unit, source, total, difference: total - ours },
    params: nodes.reduce((sum, node) => sum + paramsOf(node, convention), 0),
    byReason: reasons.list(),
    assumed: [...assumed],
    layers,
  }
}

const layerOf = ({ layer: { name, op, macs }, times }: CountedNode, amount: number): ConventionLayer =>
  macs === null ? { name, op, macs, amount: null } : { name, op, macs: times * macs, amount: times * amount }

type Named = Amounts & { readonly kind: Kind; readonly isAssumed: boolean }

/** What a convention counts for a node; nothing where a shape it needs is not known, as for our own totals. */
function amountsOf(node: CountedNode, { rules }: Convention): Named {
  const kind = kindOf(node)
  if (node.input === null || node.layer.macs === null) return { kind, isAssumed: false }
  const isAssumed = kind === 'other' && rules.other === undefined && node.layer.macs > 0
  // ours in its unit: as two each where its products are
  const assumed = rules['fully-connected'] === twoPerMac ? twoPerMac : macs
  const rule = isAssumed ? assumed : rules[kind]
  return { ...rule?.(node as Seen), kind, isAssumed }
}

const totalOf = ({ macs = 0, bias = 0, doubled = 0, own = 0 }: Amounts): number => macs + bias + doubled + own

/** Weights alone are those of convolutions and fully connected layers. */
function paramsOf(node: CountedNode, { params }: Convention): number {
  const { layer, input } = node
  if (params === 'trained') return layer.params
  if (params === 'with-statistics') return layer.params + layer.buffers
  const hasWeights = ['convolution', 'transposed-convolution', 'fully-connected'].includes(kindOf(node))
  const bias = input !== null && biasOf(node as Seen) > 0 ? elements(input.b ?? []) : 0
  return hasWeights ? Math.max(0, layer.params - bias) : 0
}

/** Kinds of one operator, or whose operators nobody counts apart. */
const oneOperator: ReadonlySet<Kind> = new Set([
  ...(['convolution', 'transposed-convolution', 'fully-connected', 'matrix-product', 'batch-norm'] as const),
])

/** Sums amounts by reason, in the order in which the reasons come up. */
class Reasons {
  readonly #byKey = new Map<string, { reason: string; op: string | null; amount: number; nodes: number }>()

  /** What a convention counts beyond a node's MACs, or leaves out of them. */
  add(node: CountedNode, { kind, macs = 0, bias = 0, doubled = 0, own = 0 }: Named): void {
    const op = oneOperator.has(kind) ? null : node.node.op
    this.#add(node, kind, op, macs - (node.layer.macs ?? 0) + own)
    this.#add(node, 'bias', null, bias)
    this.#add(node, 'two-per-mac', null, doubled)
  }

  addStride(node: CountedNode, place: Convention['stride'], amount: number): void {
    this.#add(node, `stride-in-${place}`, null, amount)
  }

  #add({ times }: CountedNode, reason: string, op: string | null, amount: number): void {
    if (amount === 0) return
    const key = `${reason}:${op}`
    const sum = this.#byKey.get(key) ?? { reason, op, amount: 0, nodes: 0 }
    this.#byKey.set(key, { ...sum, amount: sum.amount + times * amount, nodes: sum.nodes + 1 })
  }

  /** The largest first. */
  list(): ConventionReason[] {
    return [...this.#byKey.values()].sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount))
  }
}
