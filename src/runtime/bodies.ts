import { bodiesOf, namesFromAround } from '../onnx/body.js'
import { constantOf } from '../onnx/constant.js'
import { fixedShape } from '../onnx/fixed-shape.js'
import { nodesOfCall } from '../onnx/function-call.js'
import type { Body, BodyGraph, Dim, Graph, LocalFunction, Model, ModelNode, TensorType, Weight } from '../types.js'
import { outputsOf } from './body-outputs.js'
import { foldedValues } from './fold.js'

type Constants = ReadonlyMap<string, Weight>
/** Types what can be typed of a model whose inputs have these types. */
type Typer = (model: Model, types: Map<string, TensorType>) => Promise<Graph>

/**
 * Types the graphs inside nodes, each apart from the graph around it: branches of If, bodies of Loop and Scan,
 * definitions of the functions that nodes call.
 */
export async function typeBodies(
  graph: Graph & { readonly tensors: Map<string, TensorType> },
  constants: Constants,
  typed: Typer,
  retype: () => Promise<void>,
): Promise<Map<ModelNode, readonly BodyGraph[]>> {
  const found = new Map<ModelNode, readonly BodyGraph[]>()
  const typer = new BodyTyper(graph, constants, typed)
  for (const node of graph.model.nodes) {
    const bodies = await typer.bodies(node)
    if (bodies.length === 0) continue
    found.set(node, bodies)
    if (settle(node, bodies, graph.tensors)) await retype()
  }
  return found
}

/** Gives a node's outputs the types that its bodies show, where they tell more than is known; true if any did. */
function settle(node: ModelNode, bodies: readonly BodyGraph[], tensors: Map<string, TensorType>): boolean {
  let isNews = false
  for (const [name, type] of outputsOf(node, bodies)) {
    const isKnown = name === '' || fixedShape(tensors.get(name)) !== null
    if (isKnown || (tensors.has(name) && fixedShape(type) === null)) continue
    tensors.set(name, type)
    isNews = true
  }
  return isNews
}

class BodyTyper {
  readonly #graph: Graph
  readonly #constants: Constants
  readonly #typer: Typer
  /** Calls that differ in nothing that shapes them are typed once. */
  readonly #calls = new Map<string, Graph>()

  constructor(graph: Graph, constants: Constants, typer: Typer) {
    this.#graph = graph
    this.#constants = constants
    this.#typer = typer
  }

  async bodies(node: ModelNode): Promise<BodyGraph[]> {
    const called = this.#graph.model.functions.get(`${node.domain}:${node.op}`)
    if (called !== undefined) {
      return [{ name: called.name, graph: await this.#call(called, node), times: 1, isTaken: null }]
    }
    const bodies = bodiesOf(node)
    if (bodies.length === 0) return []
    return Promise.all(bodies.map(([name, body]) => this.#body(node, name, body)))
  }

  async #body(node: ModelNode, name: string, body: Body): Promise<BodyGraph> {
    switch (node.domain === '' ? node.op : '') {
      case 'If':
        return this.#branch(node, name, body)
      case 'Loop':
        return this.#loop(node, name, body)
      case 'Scan':
        return this.#scan(node, name, body)
      default:
        return { name, graph: await this.#typed(body, []), times: null, isTaken: null }
    }
  }

  async #branch(node: ModelNode, name: string, body: Body): Promise<BodyGraph> {
    const condition = await this.#values(node.inputs[0])
    const isTaken = condition === null ? null : (condition[0] !== 0) === (name === 'then_branch')
    return { name, graph: await this.#typed(body, []), times: isTaken === false ? 0 : 1, isTaken }
  }

  /** Inputs: trip count, condition, then the carried values; the body's: iteration, condition, carried values. */
  async #loop(node: ModelNode, name: string, body: Body): Promise<BodyGraph> {
    const carried = node.inputs.slice(2).map((input) => this.#graph.tensors.get(input))
    const state = [{ elementType: 'int64', dims: [] }, { elementType: 'bool', dims: [] }, ...carried]
    const graph = await this.#repeated(body, state, 1)
    return { name, graph, times: await this.#tripCount(node, body), isTaken: null }
  }

  /** Null where the condition may end the loop early. */
  async #tripCount({ inputs }: ModelNode, body: Body): Promise<number | null> {
    const [limit, start] = await Promise.all([this.#values(inputs[0]), this.#values(inputs[1])])
    const starts = inputs[1] === undefined || inputs[1] === '' ? true : start === null ? null : start[0] !== 0
    if (starts === false) return 0
    return starts === null || limit === null || !goesOn(body) ? null : (limit[0] ?? null)
  }

  /** Inputs: state, then what is scanned, of which the body sees one slice an iteration. */
  async #scan(node: ModelNode, name: string, body: Body): Promise<BodyGraph> {
    const scanned = node.attributes.num_scan_inputs
    const axes = node.attributes.scan_input_axes
    // opset 8 had the lengths first and a batch around all
    const isOld = (this.#graph.model.opsets[''] ?? 0) < 9
    const inputs = (isOld ? node.inputs.slice(1) : node.inputs).map((input) => this.#graph.tensors.get(input))
    const states = inputs.length - (scanned?.type === 'int' ? scanned.value : 0)
    const axisOf = (index: number) => (axes?.type === 'ints' ? (axes.value[index - states] ?? 0) : 0)
    const types = inputs.map((type, index) => {
      const whole = isOld ? without(type, 0) : type
      return index < states ? whole : without(whole, axisOf(index))
    })
    const batch = isOld ? (inputs[0]?.dims[0] ?? null) : 1
    const length = inputs[states]?.dims.at(isOld ? 1 : axisOf(states)) ?? null
    const times = typeof batch === 'number' && typeof length === 'number' ? batch * length : null
    return { name, graph: await this.#repeated(body, types, 0, states), times, isTaken: null }
  }

  /**
   * A body that runs again on its own results: a size that changes from one iteration to the next is not known.
   *
   * @param first the first input that is carried over, of `states` in all
   */
  async #repeated(
    body: Body,
    inputs: readonly (TensorType | undefined)[],
    first: number,
    states = inputs.length,
  ): Promise<Graph> {
    const graph = await this.#typed(body, inputs)
    const settled = inputs.map((type, index) => {
      if (index < first || index >= states) return type
      // a loop's outputs lack the iteration that its inputs begin with
      return common(type, graph.tensors.get(body.outputs[index - first]?.name ?? ''))
    })
    const isSettled = settled.every((type, index) => type === inputs[index])
    return isSettled ? graph : this.#typed(body, settled)
  }

  #typed(body: Body, inputs: readonly (TensorType | undefined)[]): Promise<Graph> {
    const around = namesFromAround(body)
    const captured = around.flatMap((name) => this.#constants.get(name) ?? [])
    const types = new Map<string, TensorType>()
    for (const name of around) {
      const type = this.#graph.tensors.get(name)
      if (type !== undefined) types.set(name, type)
    }
    for (const [index, { name, type, isUnranked }] of body.inputs.entries()) {
      const given = inputs[index] ?? (isUnranked ? null : type)
      if (given) types.set(name, given)
    }
    const weights = new Map([...captured.map((weight) => [weight.name, weight] as const), ...body.weights])
    return this.#typer({ ...this.#graph.model, ...body, weights }, types)
  }

  async #call(called: LocalFunction, node: ModelNode): Promise<Graph> {
    const types = node.inputs.map((input) => this.#graph.tensors.get(input))
    const constants = node.inputs.map((input) => this.#constants.get(input))
    const key = JSON.stringify([called.domain, called.name, types, node.attributes, constants.map(valuesOf)])
    const known = this.#calls.get(key)
    if (known !== undefined) return renamed(known, called, constants)
    const pairs = <T>(values: readonly (T | undefined)[]) =>
      called.inputs.flatMap((name, index): [string, T][] => {
        const value = values[index]
        return value === undefined ? [] : [[name, value]]
      })
    const model: Model = {
      ...this.#graph.model,
      opsets: { ...this.#graph.model.opsets, ...called.opsets },
      inputs: called.inputs.map((name, index) => ({ name, type: types[index] ?? null })),
      outputs: called.outputs.map((name) => ({ name, type: null })),
      nodes: nodesOfCall(called, node),
      weights: new Map(pairs(constants)),
      declared: new Map(),
    }
    const graph = await this.#typer(model, new Map(pairs(types)))
    this.#calls.set(key, graph)
    return graph
  }

  #values(name: string | undefined): Promise<readonly number[] | null> {
    return name === undefined || name === '' ? Promise.resolve(null) : foldedValues(this.#graph, this.#constants, name)
  }
}

/** What of a constant shapes a call: its values where they are small. */
const valuesOf = (weight: Weight | undefined) =>
  weight?.data.kind === 'inline' ? Buffer.from(weight.data.bytes).toString('base64') : (weight?.dims ?? null)

/** A call typed before, on this call's weights. */
const renamed = (graph: Graph, { inputs }: LocalFunction, constants: readonly (Weight | undefined)[]): Graph => ({
  ...graph,
  model: {
    ...graph.model,
    weights: new Map(
      inputs.flatMap((name, index): [string, Weight][] => {
        const weight = constants[index]
        return weight === undefined ? [] : [[name, weight]]
      }),
    ),
  },
})

/** The type without one axis. */
function without(type: TensorType | undefined, axis: number): TensorType | undefined {
  if (type === undefined) return undefined
  const at = axis < 0 ? axis + type.dims.length : axis
  return { ...type, dims: type.dims.filter((_, index) => index !== at) }
}

/** What two types have in common: itself where they are alike, sizes that differ unknown; undefined where ranks differ. */
function common(before: TensorType | undefined, after: TensorType | undefined): TensorType | undefined {
  if (before === undefined || after === undefined || before.dims.length !== after.dims.length) return undefined
  if (before.dims.every((dim, axis) => dim === after.dims[axis])) return before
  const dims = before.dims.map((dim, axis): Dim => (dim === after.dims[axis] ? dim : `?${axis}`))
  return { ...before, dims }
}

/** True where a loop's condition stays what it is, or is a constant that is true. */
function goesOn({ inputs, outputs, nodes, weights }: Body): boolean {
  const name = origin(outputs[0]?.name ?? '', nodes)
  if (name === inputs[1]?.name) return true
  const constant = weights.get(name) ?? nodes.map(constantOf).find((weight) => weight?.name === name)
  return constant?.data.kind === 'inline' && constant.data.bytes[0] === 1
}

/** The tensor that a chain of copies begins with. */
function origin(name: string, nodes: readonly ModelNode[]): string {
  const producer = nodes.find(({ outputs }) => outputs.includes(name))
  const isCopy = producer !== undefined && ['Identity', 'Cast'].includes(producer.op)
  return isCopy ? origin(producer.inputs[0] ?? '', nodes) : name
}
