import { elements } from '../../onnx/element-types.js'
import { fixedShape } from '../../onnx/fixed-shape.js'
import type { LintContext } from './rule.js'

/** A Squeeze-and-Excitation block: pooling over all positions, two fully connected layers, a product. */
export interface SqueezeExcitation {
  /** The product first. */
  readonly nodes: readonly number[]
  /** The tensor that is scaled. */
  readonly input: string
  readonly channels: number
  /** Outputs of the first of the layers. */
  readonly hidden: number
  readonly pixels: number
}

/** A block and its gate have fewer nodes than this, however they are exported. */
const mostNodes = 24

const shapeOf = ({ graph }: Pick<LintContext, 'graph'>, tensor: string) => fixedShape(graph.tensors.get(tensor))

/** Inputs of a product of a map [N, C, H, W] with one factor a channel [N, C, 1, 1]; null for other nodes. */
function factorsOf(context: LintContext, index: number): { map: string; factor: string } | null {
  const { op, domain, inputs } = context.wiring.node(index)
  if (op !== 'Mul' || domain !== '') return null
  const [a = '', b = ''] = inputs
  for (const [map, factor] of [
    [a, b],
    [b, a],
  ] as const) {
    const [x, s] = [shapeOf(context, map), shapeOf(context, factor)]
    const isGate = x?.length === 4 && s?.length === 4 && s[1] === x[1] && elements(s.slice(2)) === 1
    if (isGate && elements(x.slice(2)) > 1 && !context.wiring.isConstant(factor)) return { map, factor }
  }
  return null
}

/** The map behind a channel-wise gate, or the tensor itself. */
export function scaledTensor(context: LintContext, tensor: string): string {
  const index = context.wiring.producer(tensor)
  return (index === undefined ? null : factorsOf(context, index)?.map) ?? tensor
}

const isPooling = (context: LintContext, index: number): boolean =>
  /^(GlobalAveragePool|GlobalMaxPool|ReduceMean|AveragePool)$/.test(context.wiring.node(index).op)

/** Nodes from a gate back to the poolings that it comes from; null where it comes from anything else. */
function gateNodes(context: LintContext, factor: string): number[] | null {
  const { wiring } = context
  const found = new Set<number>()
  const open = [factor]
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    const index = wiring.producer(tensor)
    if (index === undefined || found.size > mostNodes) return null
    if (found.has(index)) continue
    found.add(index)
    if (!isPooling(context, index)) open.push(...wiring.data(index))
  }
  return [...found].sort((a, b) => a - b)
}

/** Outputs of a layer with weights; null for other nodes. */
function widthOf(context: LintContext, index: number): number | null {
  const { op, inputs, outputs } = context.wiring.node(index)
  if (!/^(Conv|Gemm|MatMul)$/.test(op) || !context.wiring.isConstant(inputs[1] ?? '')) return null
  const y = shapeOf(context, outputs[0] ?? '')
  return (op === 'Conv' ? y?.[1] : y?.at(-1)) ?? null
}

/** Every Squeeze-and-Excitation block of a graph. */
export function squeezeExcitations(context: LintContext): SqueezeExcitation[] {
  return [...context.wiring.nodes.keys()].flatMap((index) => {
    const factors = factorsOf(context, index)
    const gate = factors === null ? null : gateNodes(context, factors.factor)
    if (factors === null || gate === null) return []
    const widths = gate.flatMap((node) => widthOf(context, node) ?? [])
    const [hidden] = widths
    if (widths.length < 2 || hidden === undefined) return []
    const [, channels = 0, ...sizes] = shapeOf(context, factors.map) ?? []
    return { nodes: [index, ...gate], input: factors.map, channels, hidden, pixels: elements(sizes) }
  })
}
