import type { TensorType } from '../types.js'
import { decodeProto } from './decode.js'
import { elementTypeName, elementTypeNumber } from './element-types.js'
import { type Onnx, onnx } from './proto.js'
import { isWeight } from './shape-model.js'

/** As `shapeModel`, of a loaded file by its skeleton; all that flopgap does not know of the format stays as it is. */
export function fileShapeModel(skeleton: Uint8Array, types: ReadonlyMap<string, TensorType>): Uint8Array {
  const proto = decodeProto(skeleton)
  const graph = proto.graph as Onnx.IGraphProto
  const standIns = takeWeights(graph, (tensor) => isElided(tensor) || isLarge(tensor))
  const names = new Set(standIns.map(({ name }) => name))
  const inputs = (graph.input ?? []).filter(({ name }) => !names.has(name))
  const fromBodies = bodiesOf(graph).flatMap((body, index) => hoistWeights(body, `flopgap/${index}`))
  graph.input = [...inputs.map((input) => bind(input, types)), ...standIns, ...fromBodies]
  graph.output = (graph.node ?? []).flatMap((node) => (node.output ?? []).filter(Boolean).map((name) => ({ name })))
  graph.valueInfo = []
  return onnx.ModelProto.encode(proto).finish()
}

const isElided = (tensor: Onnx.ITensorProto) => tensor.dataLocation === onnx.TensorProto.DataLocation.EXTERNAL

const isLarge = (tensor: Onnx.ITensorProto) =>
  isWeight(elementTypeName(tensor.dataType ?? 0), (tensor.dims ?? []).map(Number))

/** Removes a graph's weights and tells what inputs can stand in for them. */
function takeWeights(graph: Onnx.IGraphProto, isTaken: (tensor: Onnx.ITensorProto) => boolean): Onnx.IValueInfoProto[] {
  const constants = (graph.node ?? []).flatMap((node) => {
    const tensor = node.opType === 'Constant' ? node.attribute?.find(({ name }) => name === 'value')?.t : undefined
    return tensor && isTaken(tensor) ? [{ node, input: standIn(node.output?.[0] ?? '', tensor) }] : []
  })
  const standIns = [
    ...(graph.initializer ?? []).filter(isTaken).map((tensor) => standIn(tensor.name ?? '', tensor)),
    ...(graph.sparseInitializer ?? []).map(({ values, dims }) =>
      standIn(values?.name ?? '', { ...values, dims: dims ?? [] }),
    ),
    ...constants.map(({ input }) => input),
  ]
  const replaced = new Set(constants.map(({ node }) => node))
  graph.node = (graph.node ?? []).filter((node) => !replaced.has(node))
  graph.initializer = (graph.initializer ?? []).filter((tensor) => !isTaken(tensor))
  graph.sparseInitializer = []
  return standIns
}

/** The graphs inside a graph's nodes: branches of If, bodies of Loop and Scan, and theirs. */
const bodiesOf = ({ node }: Onnx.IGraphProto): Onnx.IGraphProto[] =>
  (node ?? [])
    .flatMap(({ attribute }) => attribute ?? [])
    .flatMap(({ g, graphs }) => [...(g ? [g] : []), ...(graphs ?? [])])
    .flatMap((body) => [body, ...bodiesOf(body)])

/** A body graph sees the inputs of the graph around it: its weights' stand-ins are there, under names of their own. */
function hoistWeights(body: Onnx.IGraphProto, prefix: string): Onnx.IValueInfoProto[] {
  const standIns = takeWeights(body, isElided)
  const outer = standIns.map((input) => ({ ...input, name: `${prefix}/${input.name}` }))
  const copies = standIns.map(({ name }, index) => ({
    opType: 'Identity',
    input: [outer[index]?.name ?? ''],
    output: [name ?? ''],
  }))
  body.node = [...copies, ...(body.node ?? [])]
  return outer
}

const standIn = (name: string, tensor: Onnx.ITensorProto): Onnx.IValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType: tensor.dataType ?? 0,
      shape: { dim: (tensor.dims ?? []).map((dim) => ({ dimValue: dim })) },
    },
  },
})

function bind(input: Onnx.IValueInfoProto, types: ReadonlyMap<string, TensorType>): Onnx.IValueInfoProto {
  const type = types.get(input.name ?? '')
  if (type === undefined) return input
  const dim = type.dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { ...input, type: { tensorType: { elemType: elementTypeNumber(type.elementType), shape: { dim } } } }
}
