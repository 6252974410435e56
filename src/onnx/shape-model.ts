import type { Model, TensorType } from '../types.js'
import { decodeProto } from './decode.js'
import { elementTypeName, isFloating } from './element-types.js'
import { structureProto, tensorTypeProto } from './encode.js'
import { type Onnx, onnx } from './proto.js'

/** A scalar scale, bound or size that shape inference may need stays a constant. */
const constantElements = 8

/**
 * The model whose session tells every tensor's type: no weights (they are inputs of the same type and shape), inputs
 * bound to `inputTypes`, and each node's outputs as outputs of the graph.
 */
export function shapeModel(model: Model, inputTypes: ReadonlyMap<string, TensorType>): Uint8Array {
  const proto = model.skeleton === null ? structureProto(model) : decodeProto(model.skeleton)
  const graph = proto.graph as Onnx.IGraphProto
  const weights = [
    ...(graph.initializer ?? []).filter(isWeight).map((tensor) => tensorInput(tensor.name ?? '', tensor)),
    ...(graph.sparseInitializer ?? []).map((sparse) =>
      tensorInput(sparse.values?.name ?? '', { ...sparse.values, dims: sparse.dims ?? [] }),
    ),
  ]
  const constants = (graph.node ?? []).flatMap((node) => {
    const tensor = node.opType === 'Constant' ? node.attribute?.find(({ name }) => name === 'value')?.t : undefined
    return tensor && isWeight(tensor) ? [{ node, input: tensorInput(node.output?.[0] ?? '', tensor) }] : []
  })
  const moved = new Set(constants.map(({ node }) => node))
  const added = [...weights, ...constants.map(({ input }) => input)]
  const addedNames = new Set(added.map(({ name }) => name))
  const kept = (graph.input ?? []).filter((input) => !addedNames.has(input.name))
  graph.node = (graph.node ?? []).filter((node) => !moved.has(node))
  graph.initializer = (graph.initializer ?? []).filter((tensor) => !isWeight(tensor))
  graph.sparseInitializer = []
  graph.input = [...kept.map((input) => bind(input, inputTypes)), ...added]
  graph.output = graph.node.flatMap((node) => (node.output ?? []).filter(Boolean).map((name) => ({ name })))
  graph.valueInfo = []
  return onnx.ModelProto.encode(proto).finish()
}

function isWeight(tensor: Onnx.ITensorProto): boolean {
  if (tensor.dataLocation === onnx.TensorProto.DataLocation.EXTERNAL) return true
  const elements = (tensor.dims ?? []).reduce<number>((product, dim) => product * Number(dim), 1)
  return isFloating(elementTypeName(tensor.dataType ?? 0)) && elements > constantElements
}

const tensorInput = (name: string, tensor: Onnx.ITensorProto): Onnx.IValueInfoProto => ({
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
  return type === undefined ? input : { ...input, type: { tensorType: tensorTypeProto(type) } }
}
