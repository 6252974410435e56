import { constantsIn } from '../../onnx/constant.js'
import type { Body, Graph, ModelNode, Weight } from '../../types.js'

/** Which node makes a tensor and which read it. */
export class Wiring {
  readonly nodes: readonly ModelNode[]
  readonly #producers = new Map<string, number>()
  readonly #consumers = new Map<string, number[]>()
  readonly #constants: ReadonlyMap<string, Weight>
  /** Outputs of the graph, and what graphs inside nodes see of it: these must stay. */
  readonly #kept: ReadonlySet<string>

  constructor({ model }: Graph) {
    this.nodes = model.nodes
    this.#constants = constantsIn(model)
    for (const [index, { inputs, outputs }] of model.nodes.entries()) {
      for (const name of outputs) if (name !== '') this.#producers.set(name, index)
      for (const name of new Set(inputs)) {
        if (name !== '') this.#consumers.set(name, [...(this.#consumers.get(name) ?? []), index])
      }
    }
    this.#kept = new Set([...model.outputs.map(({ name }) => name), ...model.nodes.flatMap(captured)])
  }

  node = (index: number): ModelNode => this.nodes[index] as ModelNode

  producer = (tensor: string): number | undefined => this.#producers.get(tensor)

  consumers = (tensor: string): readonly number[] => this.#consumers.get(tensor) ?? []

  isConstant = (tensor: string): boolean => this.#constants.has(tensor)

  /** An initializer, or the value of a Constant node. */
  constant = (tensor: string): Weight | undefined => this.#constants.get(tensor)

  /** Inputs of a node that depend on data. */
  data = (index: number): readonly string[] =>
    this.node(index).inputs.filter((name) => name !== '' && !this.isConstant(name))

  /** Whether something outside the graph's own nodes reads a tensor. */
  isKept = (tensor: string): boolean => this.#kept.has(tensor)

  /** The only node that reads a tensor; undefined where there are several, or something else reads it. */
  only(tensor: string): number | undefined {
    const [first, ...others] = this.consumers(tensor)
    return others.length > 0 || this.isKept(tensor) ? undefined : first
  }
}

/** Names that the graphs inside a node read. */
function captured({ attributes }: ModelNode): string[] {
  return Object.values(attributes).flatMap((attribute) => (attribute.type === 'graph' ? namesIn(attribute.value) : []))
}

const namesIn = ({ nodes, outputs }: Body): string[] => [
  ...outputs.map(({ name }) => name),
  ...nodes.flatMap((node) => [...node.inputs, ...captured(node)]),
]
