import { fixedShape } from '../../onnx/fixed-shape.js'
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
      const view: Seen[] = []
      for (let axis = 0; axis < axes; axis++) {
        const seen = seenThrough(node, step, { views, output, axis })
        if (seen !== null) view.push(seen)
      }
      if (view.length === axes) this.views.set(name, view)
    }
  }

  #stepOf({ inputs, outputs, attributes }: ModelNode, views: readonly (View | null)[]): Writable<Step> {
    const shapes = inputs.map((name) => this.#shapeOf(name))
    return {
      inputs: shapes,
      outputs: outputs.map((name) => this.#shapeOf(name)),
      seen: [],
      x: shapes[0] ?? [],
      sees: unknown,
      y: [],
      output: 0,
      positions: () => new Set(views[0]?.flatMap(positionAxes)),
      attributes: attributesOf(attributes),
      opset: this.#graph.model.opsets[''] ?? 0,
      constant: (index) => this.#constant(inputs[index] ?? ''),
    }
  }

  #shapeOf(name: string): Shape | undefined {
    return knownShape(this.#graph.tensors.get(name))
  }
}

/** One step serves all outputs and axes of a node: making one for each takes longer than all the rules. */
type Writable<T> = { -readonly [K in keyof T]: T[K] }

function seenThrough(
  node: ModelNode,
  step: Writable<Step>,
  { views, output, axis }: { views: readonly (View | null)[]; output: number; axis: number },
): Seen | null {
  const rule = fieldRuleOf(node.domain, node.op)
  const y = step.outputs[output]
  step.seen = views.map((view) => view?.[axis] ?? null)
  step.sees = step.seen[0] ?? unknown
  const isShapeless = step.seen.some((one, index) => one !== null && step.inputs[index] === undefined)
  if (rule === undefined || y === undefined || isShapeless) return unknown
  step.y = y
  step.output = output
  return rule.seen(step)
}

export function knownShape(type: TensorType | undefined): Shape | undefined {
  return fixedShape(type) ?? undefined
}
