import type { Body, Model, ModelNode, TensorType, ValueInfo, Weight } from '../types.js'
import { bodiesOf, namesRead } from './body.js'
import { constantOf, constantsIn } from './constant.js'
import { elements, isFloating } from './element-types.js'
import { encodeModel } from './encode.js'

/** A scalar scale, bound or size that shape inference may need stays a constant. */
const constantElements = 8

/** True for a tensor that shape inference can do without: an input of the same type stands in for it. */
const isWeight = ({ elementType, dims, data, sparse }: Weight): boolean =>
  sparse !== undefined ||
  data.kind === 'file' ||
  data.kind === 'elided' ||
  (isFloating(elementType) && elements(dims) > constantElements)

/** What a shape model is made of: some nodes of a graph, and what is known of the tensors they read. */
export interface ShapeQuery {
  readonly nodes: readonly ModelNode[]
  /** Tensors whose types are asked for. */
  readonly wanted: Iterable<string>
  readonly constants: ReadonlyMap<string, Weight>
  readonly types: ReadonlyMap<string, TensorType>
}

/**
 * The model whose session tells the wanted tensors' types: no weights, for inputs of the same type stand in for them, as
 * they do for whatever other nodes compute.
 */
export function shapeModel(model: Model, { nodes, wanted, constants, types }: ShapeQuery): Uint8Array {
  const inputs: ValueInfo[] = []
  const kept = new Map<string, Weight>()
  for (const name of namesFrom(nodes)) {
    const constant = constants.get(name)
    const type = types.get(name)
    if (constant !== undefined && !isWeight(constant)) kept.set(name, constant)
    else if (type !== undefined) inputs.push({ name, type })
  }
  const apart = nodes.map((node, index) => withoutWeights(node, `flopgap/${index}`))
  const shapes = {
    name: model.name,
    // before version 4 a constant had to be an input too, whose value could change
    irVersion: Math.max(model.irVersion, 4),
    opsets: { ...Object.fromEntries(nodes.map(({ domain }) => [domain, 1])), ...model.opsets },
    functions: model.functions,
    nodes: apart.map(({ node }) => node),
    inputs: [...inputs, ...apart.flatMap(({ standIns }) => standIns)],
    outputs: Array.from(wanted, (name) => ({ name, type: null })),
    weights: kept,
  }
  return Buffer.concat([...encodeModel(shapes, ({ dims }) => [new Uint8Array(4 * elements(dims))])])
}

/** Names of the tensors that nodes read and none of them makes, each once. */
function namesFrom(nodes: readonly ModelNode[]): Set<string> {
  const made = new Set(nodes.flatMap(({ outputs }) => outputs))
  const names = new Set<string>()
  for (const node of nodes) for (const name of namesRead(node)) if (!made.has(name)) names.add(name)
  return names
}

interface WithoutWeights<T> {
  readonly node: T
  readonly standIns: readonly ValueInfo[]
}

/** The node with the weights of the graphs inside it replaced by inputs of the model. */
function withoutWeights(node: ModelNode, prefix: string): WithoutWeights<ModelNode> {
  const bodies = bodiesOf(node)
  if (bodies.length === 0) return { node, standIns: [] }
  const apart = bodies.map(([name, body]) => ({ name, ...hoisted(body, `${prefix}/${name}`) }))
  const graphs = Object.fromEntries(apart.map(({ name, body }) => [name, { type: 'graph' as const, value: body }]))
  return {
    node: { ...node, attributes: { ...node.attributes, ...graphs } },
    standIns: apart.flatMap(({ standIns }) => standIns),
  }
}

/** A body graph sees the inputs of the graph around it: its weights' stand-ins are there, under names of their own. */
function hoisted(body: Body, prefix: string): { body: Body; standIns: readonly ValueInfo[] } {
  const weights = [...constantsIn(body).values()].filter(isWeight)
  const taken = new Set(weights.map(({ name }) => name))
  const nodes = body.nodes
    .filter((node) => constantOf(node) === undefined || !taken.has(node.outputs[0] ?? ''))
    .map((node, index) => withoutWeights(node, `${prefix}/${index}`))
  const copies = weights.map(({ name }) => ({
    ...{ name: '', op: 'Identity', domain: '', attributes: {} },
    inputs: [`${prefix}/${name}`],
    outputs: [name],
  }))
  return {
    body: {
      ...body,
      nodes: [...copies, ...nodes.map(({ node }) => node)],
      weights: new Map([...body.weights].filter(([name]) => !taken.has(name))),
    },
    standIns: [
      ...weights.map(({ name, elementType, dims }) => ({ name: `${prefix}/${name}`, type: { elementType, dims } })),
      ...nodes.flatMap(({ standIns }) => standIns),
    ],
  }
}
