import { namesRead } from '../onnx/body.js'
import { drawsNumbers, foldable } from '../onnx/foldable.js'
import type { ModelNode } from '../types.js'
import type { Source } from './attribution.js'

/** The graph as written, indexed for matching. */
export class SourceGraph {
  readonly nodes: readonly ModelNode[]
  readonly #producer = new Map<string, number>()
  readonly #consumers = new Map<string, number[]>()
  readonly #named = new Map<string, number>()
  readonly #tensors = new Set<string>()
  readonly #constants: ReadonlySet<string>
  readonly #foldable = new Set<number>()
  readonly #redundant: ReadonlySet<number>
  readonly #twin: ReadonlyMap<string, string>

  constructor({ nodes, weights, outputs }: Source) {
    this.nodes = nodes
    this.#constants = new Set(weights.keys())
    const name = namer()
    const folded = foldable(nodes, weights)
    for (const [index, node] of nodes.entries()) {
      this.#named.set(name(node), index)
      for (const name of node.outputs.filter(Boolean)) {
        this.#producer.set(name, index)
        this.#tensors.add(name)
      }
      for (const name of new Set(namesRead(node))) {
        this.#tensors.add(name)
        const known = this.#consumers.get(name)
        if (known === undefined) this.#consumers.set(name, [index])
        else known.push(index)
      }
      if (folded.has(node)) this.#foldable.add(index)
    }
    const { twin, duplicates } = duplicatesIn(nodes)
    this.#twin = twin
    this.#redundant = new Set([...unreachable(nodes, this.#producer, outputs), ...duplicates])
  }

  has = (tensor: string): boolean => this.#tensors.has(tensor)
  producer = (tensor: string): number | undefined => this.#producer.get(tensor)
  consumers = (tensor: string): readonly number[] => this.#consumers.get(tensor) ?? []

  producerOf(tensor: string): ModelNode | undefined {
    const index = this.#producer.get(tensor)
    return index === undefined ? undefined : this.nodes[index]
  }

  /** One name for all tensors that are computed alike. */
  canonical = (tensor: string): string => this.#twin.get(tensor) ?? tensor

  nodeNamed = (name: string): ModelNode | undefined => {
    const index = this.#named.get(name)
    return index === undefined ? undefined : this.nodes[index]
  }

  /** True where the node's result does not depend on the data, so that it can be computed once and kept. */
  isFoldable = (node: number): boolean => this.#foldable.has(node)

  isConstant = (tensor: string): boolean => {
    const producer = this.#producer.get(tensor)
    return producer === undefined ? this.#constants.has(tensor) : this.#foldable.has(producer)
  }

  /** True where the node's result is needed by nobody, or another node computes the same. */
  isRedundant = (node: number): boolean => this.#redundant.has(node)

  /** True where the node hands its input on. */
  isPassThrough(node: number): boolean {
    return ['Identity', 'Dropout', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Cast'].includes(
      this.nodes[node]?.op ?? '',
    )
  }
}

/** Nodes that no output depends on. */
function unreachable(
  nodes: readonly ModelNode[],
  producer: ReadonlyMap<string, number>,
  outputs: readonly { readonly name: string }[],
): number[] {
  const needed = new Set<number>()
  const open = outputs.map(({ name }) => name)
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const index = producer.get(name)
    if (index === undefined || needed.has(index)) continue
    needed.add(index)
    const node = nodes[index]
    if (node !== undefined) open.push(...namesRead(node))
  }
  return nodes.flatMap((_, index) => (needed.has(index) ? [] : [index]))
}

/**
 * Nodes that do the same to the same inputs, of which onnxruntime keeps one, not always the first; and for their outputs
 * the name that stands for all.
 */
function duplicatesIn(nodes: readonly ModelNode[]): { twin: Map<string, string>; duplicates: number[] } {
  const groups = new Map<string, { readonly outputs: readonly string[]; readonly members: number[] }>()
  const twin = new Map<string, string>()
  for (const [index, { op, domain, inputs, outputs, attributes }] of nodes.entries()) {
    const same = isComparable(op, attributes) ? null : index
    const key = JSON.stringify([
      domain,
      op,
      inputs.map((name) => twin.get(name) ?? name),
      Object.entries(attributes),
      same,
    ])
    const group = groups.get(key) ?? { outputs, members: [] }
    groups.set(key, group)
    group.members.push(index)
    for (const [position, name] of outputs.entries()) twin.set(name, group.outputs[position] ?? name)
  }
  return { twin, duplicates: [...groups.values()].flatMap(({ members }) => (members.length > 1 ? members : [])) }
}

/** False for nodes that differ though they look the same: those with graphs of their own, and those that draw numbers. */
const isComparable = (op: string, attributes: ModelNode['attributes']): boolean =>
  !drawsNumbers(op) && Object.values(attributes).every(({ type }) => type !== 'other' && type !== 'graph')

/** The name onnxruntime gives a node: its own, or the operator and the node's place among those that are no Constant. */
function namer(): (node: ModelNode) => string {
  let place = 0
  return ({ name, op }) => {
    const generated = `${op}_${place}`
    if (op !== 'Constant') place += 1
    return name === '' ? generated : name
  }
}
