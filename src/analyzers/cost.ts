import { byteSize, elements } from '../onnx/element-types.js'
import { fixedShape } from '../onnx/fixed-shape.js'
import { layerName } from '../onnx/names.js'
import type { BodyCost, BodyGraph, ElementType, Graph, LayerCost, ModelNode, TensorType, Weight } from '../types.js'
import { ruleOf } from './ops/index.js'
import { attributesOf, type OpRule, type RuleInput, type Shape } from './ops/rule.js'
import { movedBytes } from './traffic.js'
import { type Constants, constantsOf, countWeights, isCopy } from './weights.js'

/**
 * The cost of every node of a graph, in the file's order.
 *
 * A weight is counted at the first node that uses it, once. Bytes are those that must move at least once: inputs and
 * weights read, outputs written, at their stored width. A node with graphs inside costs what they cost, as often as they
 * run.
 */
export const layerCosts = (graph: Graph): LayerCost[] =>
  new Counter(graph, { constants: new Map(), seen: new Set() }).layers()

/** A node with its cost and what its rule saw; `input` is null where a shape is not known. */
export interface CountedNode {
  readonly node: ModelNode
  readonly input: RuleInput | null
  readonly layer: LayerCost
  /** How often it is counted for one run of the model. */
  readonly times: number
}

/** Every node that is counted by a rule of its own, those inside other nodes in their place. */
export function countedNodes(graph: Graph): CountedNode[] {
  const nodes = (graph: Graph, layers: readonly LayerCost[], times: number): CountedNode[] =>
    graph.model.nodes.flatMap((node, index) => {
      const layer = layers[index] as LayerCost
      const bodies = graph.bodies.get(node)
      if (bodies === undefined) {
        return [{ node, layer, times, input: ruleInput(graph, node, ruleOf(node.domain, node.op)) }]
      }
      return bodies.flatMap((body, place) => {
        const cost = layer.bodies?.[place]
        return cost === undefined ? [] : nodes(body.graph, cost.layers, times * cost.countedTimes)
      })
    })
  return nodes(graph, layerCosts(graph), 1)
}

/** What the graphs of a model share while they are counted. */
interface Shared {
  /** Constants of the graph around. */
  readonly constants: Constants
  /** Weights counted so far. */
  readonly seen: Set<Weight>
}

class Counter {
  readonly #graph: Graph
  readonly #constants: Constants
  readonly #seen: Set<Weight>
  /** Types that tensors had before they were dequantised. */
  readonly #stored = new Map<string, ElementType>()

  constructor(graph: Graph, { constants, seen }: Shared) {
    this.#graph = graph
    this.#constants = constantsOf(graph, constants)
    this.#seen = seen
  }

  layers(): LayerCost[] {
    return this.#graph.model.nodes.map((node) => {
      this.#followStored(node)
      return this.#layer(node)
    })
  }

  #layer(node: ModelNode): LayerCost {
    const bodies = this.#graph.bodies.get(node)
    const rule = bodies === undefined ? ruleOf(node.domain, node.op) : undefined
    const input = ruleInput(this.#graph, node, rule)
    const common = {
      name: layerName(node),
      op: node.op,
      domain: node.domain,
      outputs: node.outputs,
      outputShape: fixedShape(this.#graph.tensors.get(node.outputs[0] ?? '')),
      shapesFrom: this.#shapesFrom(node, input),
      operandTypes: null,
    }
    if (bodies !== undefined) return { ...common, ...sumOf(this.#bodies(node, bodies)), kernelClass: 'other' }
    const counted = {
      ...common,
      ...countWeights(node, rule, input, this.#constants, this.#seen),
      ...(input === null ? { readBytes: null, writeBytes: null } : traffic(this.#graph, node, rule)),
      kernelClass: kernelClass(rule, input),
    }
    if (rule?.cost === 'free') return { ...counted, status: 'free', macs: 0, flops: 0 }
    const cost = input === null ? null : (rule?.cost(input) ?? null)
    if (rule === undefined || cost === null) return { ...counted, status: 'uncounted', macs: null, flops: null }
    const { macs = 0, flops = 0 } = cost
    const operandTypes = macs === 0 ? null : this.#operandTypes(node, rule)
    return { ...counted, operandTypes, status: 'counted', macs, flops: 2 * macs + flops }
  }

  #bodies(node: ModelNode, bodies: readonly BodyGraph[]): BodyCost[] {
    const costs = bodies.map(({ name, graph, times }) => {
      const constants = graph.model.functions.has(`${node.domain}:${node.op}`)
        ? this.#given(node, graph)
        : this.#constants
      return {
        name,
        times,
        countedTimes: times ?? 1,
        layers: new Counter(graph, { constants, seen: this.#seen }).layers(),
      }
    })
    const isOpenBranch = bodies.length === 2 && bodies.every(({ isTaken, times }) => isTaken === null && times === 1)
    if (!isOpenBranch) return costs
    const [first, second] = costs.map((body) => sumOf([body])) as [Sum, Sum]
    const isFirst = (first.flops ?? 0) >= (second.flops ?? 0)
    return costs.map((body, index) => ({ ...body, countedTimes: isFirst === (index === 0) ? 1 : 0 }))
  }

  /** A call's constants, under the names that the function has for them. */
  #given({ inputs }: ModelNode, { model }: Graph): Constants {
    return new Map(
      model.inputs.flatMap(({ name }, index) => {
        const constant = this.#constants.get(inputs[index] ?? '')
        return constant === undefined ? [] : [[name, constant] as const]
      }),
    )
  }

  #followStored(node: ModelNode): void {
    const [source = ''] = node.inputs
    const type =
      node.op === 'DequantizeLinear' ? this.#graph.tensors.get(source)?.elementType : this.#stored.get(source)
    if (type !== undefined && isCopy(node)) this.#stored.set(node.outputs[0] ?? '', type)
  }

  #operandTypes({ inputs, attributes }: ModelNode, { operands, packed, quantizesTo }: OpRule): string {
    const [left, right] = operands.map((position) => {
      const name = inputs[position] ?? ''
      return this.#stored.get(name) ?? this.#graph.tensors.get(name)?.elementType ?? 'unknown'
    })
    const bits = attributes.bits
    return `${quantizesTo ?? left} x ${packed !== undefined && bits?.type === 'int' ? `int${bits.value}` : right}`
  }

  #shapesFrom({ inputs, outputs }: ModelNode, input: RuleInput | null): LayerCost['shapesFrom'] {
    if (input === null) return 'unknown'
    const { shapesFrom } = this.#graph
    if (shapesFrom.size === 0) return 'inferred'
    return [...outputs, ...inputs].map((name) => shapesFrom.get(name)).find(Boolean) ?? 'inferred'
  }
}

type Sum = ReturnType<typeof sumOf>

/** What a node costs by the graphs inside it. */
function sumOf(bodies: readonly BodyCost[]) {
  const run = (figure: 'macs' | 'flops' | 'readBytes' | 'writeBytes') => total(bodies, figure, true)
  const stored = (figure: 'params' | 'buffers' | 'paramBytes') => total(bodies, figure, false)
  return {
    status: 'counted' as const,
    macs: run('macs'),
    flops: run('flops'),
    params: stored('params'),
    buffers: stored('buffers'),
    paramBytes: stored('paramBytes'),
    readBytes: run('readBytes'),
    writeBytes: run('writeBytes'),
    bodies,
  }
}

type Figure = 'macs' | 'flops' | 'readBytes' | 'writeBytes' | 'params' | 'buffers' | 'paramBytes'

const total = (bodies: readonly BodyCost[], figure: Figure, isRepeated: boolean): number =>
  bodies.reduce((sum, { layers, countedTimes }) => {
    const once = layers.reduce((sum, layer) => sum + (layer[figure] ?? 0), 0)
    return sum + (isRepeated ? countedTimes : 1) * once
  }, 0)

function kernelClass(rule: OpRule | undefined, input: RuleInput | null): LayerCost['kernelClass'] {
  if (rule === undefined) return 'other'
  if (typeof rule.kernelClass === 'string') return rule.kernelClass
  return input === null ? 'other' : rule.kernelClass(input)
}

/** The shapes and attributes a rule sees; null where a shape is not known. */
function ruleInput(
  { tensors }: Graph,
  { inputs, outputs, attributes }: ModelNode,
  rule: OpRule | undefined,
): RuleInput | null {
  const shapes = (names: readonly string[]) =>
    names.map((name) => (name === '' ? undefined : fixedShape(tensors.get(name))))
  const inputShapes = shapes(inputs)
  const outputShapes = shapes(outputs)
  if (inputShapes.includes(null) || (outputShapes.includes(null) && rule?.ofInputs !== true)) return null
  const known = inputShapes as (Shape | undefined)[]
  return {
    inputs: known,
    outputs: outputShapes.map((shape) => shape ?? undefined),
    x: known[0] ?? [],
    w: known[1] ?? [],
    b: known[2],
    y: outputShapes[0] ?? [],
    types: inputs.map((name) => tensors.get(name)?.elementType),
    attributes: attributesOf(attributes),
  }
}

/** Bytes read and written once; null where the size of an element or a shape is not known. */
function traffic({ tensors }: Graph, { inputs, outputs }: ModelNode, rule: OpRule | undefined) {
  const moved = (names: readonly string[]) =>
    names.filter(Boolean).map((name) => ({ name, bytes: tensorBytes(tensors.get(name)) }))
  return movedBytes(rule?.traffic ?? 'all', moved(inputs), moved(outputs))
}

/** Bytes of a tensor as stored, or null where its shape or element size is not known. */
export function tensorBytes(type: TensorType | undefined): number | null {
  const dims = fixedShape(type)
  return type === undefined || dims === null ? null : byteSize(type.elementType, elements(dims))
}
