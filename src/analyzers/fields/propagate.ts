import type { Graph, ModelNode, TensorType } from '../../types.js'
import { constantValues } from '../constant-values.js'
import { attributesOf, type Shape } from '../ops/rule.js'
import { fieldRuleOf } from './index.js'
import type { Step } from './rule.js'
import { positionAxes, type Seen, unknown } from './seen.js'

/** What a tensor sees, by axis of the image. */
export type View = readonly Seen[]

/** Takes what tensors see of the image through a graph, node by node. */
export class Propagation {
  /** By tensor; those that do not depend on the image are not in it. */
  readonly views = new Map<string, View>()
  readonly #graph: Graph
  readonly #constant: (name: string) => readonly number[] | null

  constructor(graph: Graph, input: string, view: View) {
    this.#graph = graph
    this.#constant = constantValues(graph)
    this.views.set(input, view)
  }

  /** What this node's outputs see, from what its inputs do. */
  pass(node: ModelNode): void {
    const views = node.inputs.map((name) => this.views.get(name) ?? null)
    const axes = views.find((view) => view !== null)?.length
    if (axes === undefined) return
    const step = this.#stepOf(node, views)
    for (const [output, name] of node.outputs.entries()) {
      if (name === '') continue
      const seen = Array.from({ length: axes }, (_, axis) => this.#seen(node, { step, views, output, axis }))
      if (seen.every((one): one is Seen => one !== null)) this.views.set(name, seen)
    }
  }

  #stepOf({ inputs, outputs, attributes }: ModelNode, views: readonly (View | null)[]) {
    return {
      inputs: inputs.map((name) => this.#shapeOf(name)),
      outputs: outputs.map((name) => this.#shapeOf(name)),
      positions: new Set(views[0]?.flatMap(positionAxes)),
      attributes: attributesOf(attributes),
      opset: this.#graph.model.opsets[''] ?? 0,
      constant: (index: number) => this.#constant(inputs[index] ?? ''),
    }
  }

  #seen(
    node: ModelNode,
    given: {
      step: Omit<Step, 'seen' | 'x' | 'sees' | 'y' | 'output'>
      views: readonly (View | null)[]
      output: number
      axis: number
    },
  ): Seen | null {
    const { step, views, output, axis } = given
    const rule = fieldRuleOf(node.domain, node.op)
    const seen = views.map((view) => view?.[axis] ?? null)
    const y = step.outputs[output]
    const isShapeless = seen.some((one, index) => one !== null && step.inputs[index] === undefined)
    if (rule === undefined || y === undefined || isShapeless) return unknown
    return rule.seen({ ...step, seen, x: step.inputs[0] ?? [], sees: seen[0] ?? unknown, y, output })
  }

  #shapeOf(name: string): Shape | undefined {
    return knownShape(this.#graph.tensors.get(name))
  }
}

export function knownShape(type: TensorType | undefined): Shape | undefined {
  return type?.dims.every((dim) => typeof dim === 'number') ? (type.dims as Shape) : undefined
}
