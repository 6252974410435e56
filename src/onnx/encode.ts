import type { Attribute, Model, ModelNode, TensorData, TensorType, ValueInfo, Weight } from '../types.js'
import { byteSize, elementTypeNumber, elements } from './element-types.js'
import { type Onnx, onnx } from './proto.js'
import { varintBytes } from './skeleton.js'

/** One initializer in the file: what stands before its values, and how many bytes of values there are. */
interface Initializer {
  readonly weight: Weight
  readonly header: Uint8Array
  readonly valueBytes: number
}

/**
 * The ONNX file of a built model, piece by piece: no more than one piece is in memory.
 *
 * @param values the little-endian values of a generated weight, in pieces
 */
export function* encodeModel(
  model: Model,
  values: (weight: Weight) => Iterable<Uint8Array>,
): Generator<Uint8Array> {
  const header = graphHeader(model)
  const initializers = [...model.weights.values()].map(initializer)
  const tensorBytes = ({ header, valueBytes }: Initializer) =>
    header.length + valuesTag(valueBytes).length + valueBytes
  const length = initializers.reduce(
    (sum, tensor) => sum + initializerTag(tensorBytes(tensor)).length + tensorBytes(tensor),
    header.length,
  )
  yield Buffer.concat([modelHeader(model), graphTag(length), header])
  for (const tensor of initializers) {
    yield Buffer.concat([initializerTag(tensorBytes(tensor)), tensor.header, valuesTag(tensor.valueBytes)])
    const { data } = tensor.weight
    if (data.kind === 'inline') yield data.bytes
    else yield* values(tensor.weight)
  }
}

function initializer(weight: Weight): Initializer {
  const { name, elementType, dims } = weight
  const header = onnx.TensorProto.encode({ dims: [...dims], dataType: elementTypeNumber(elementType), name }).finish()
  return { weight, header, valueBytes: byteSize(elementType, elements(dims)) ?? 0 }
}

// field number and wire type 2 (a length follows), then the length
const graphTag = (length: number) => Buffer.concat([varintBytes(7 * 8 + 2), varintBytes(length)])
const initializerTag = (length: number) => Buffer.concat([varintBytes(5 * 8 + 2), varintBytes(length)])
const valuesTag = (length: number) => Buffer.concat([varintBytes(9 * 8 + 2), varintBytes(length)])

const modelHeader = (model: Model): Uint8Array => onnx.ModelProto.encode(modelFields(model)).finish()
const graphHeader = (model: Model): Uint8Array => onnx.GraphProto.encode(graphFields(model)).finish()

const modelFields = ({ irVersion, opsets }: Model): Onnx.IModelProto => ({
  irVersion,
  producerName: 'flopgap',
  opsetImport: Object.entries(opsets).map(([domain, version]) => ({ domain, version })),
})

const graphFields = ({ nodes, name, inputs, outputs }: Model): Onnx.IGraphProto => ({
  node: nodes.map(nodeProto),
  name,
  input: inputs.map(valueInfoProto),
  output: outputs.map(valueInfoProto),
})

/** A built model without its generated weights' values. */
export const structureProto = (model: Model): Onnx.IModelProto => ({
  ...modelFields(model),
  graph: {
    ...graphFields(model),
    initializer: [...model.weights.values()].map(({ name, elementType, dims, data }) => ({
      name,
      dims: [...dims],
      dataType: elementTypeNumber(elementType),
      ...(data.kind === 'inline' ? { rawData: data.bytes } : {}),
    })),
  },
})

function nodeProto(node: ModelNode): Onnx.INodeProto {
  return {
    input: [...node.inputs],
    output: [...node.outputs],
    name: node.name,
    opType: node.op,
    domain: node.domain,
    attribute: Object.entries(node.attributes).map(([name, attribute]) => attributeProto(name, attribute)),
  }
}

function attributeProto(name: string, attribute: Attribute): Onnx.IAttributeProto {
  const type = onnx.AttributeProto.AttributeType
  switch (attribute.type) {
    case 'int':
      return { name, type: type.INT, i: attribute.value }
    case 'float':
      return { name, type: type.FLOAT, f: attribute.value }
    case 'string':
      return { name, type: type.STRING, s: Buffer.from(attribute.value) }
    case 'ints':
      return { name, type: type.INTS, ints: [...attribute.value] }
    case 'floats':
      return { name, type: type.FLOATS, floats: [...attribute.value] }
    case 'strings':
      return { name, type: type.STRINGS, strings: attribute.value.map((value) => Buffer.from(value)) }
    case 'tensor':
      return { name, type: type.TENSOR, t: tensorProto(attribute.value, attribute.value.data) }
    case 'other':
      throw new TypeError(`attribute ${name} of a built model has no value`)
  }
}

function tensorProto(weight: Weight, data: TensorData): Onnx.ITensorProto {
  if (data.kind !== 'inline') throw new TypeError(`constant ${weight.name} of a built model is not inline`)
  return { dims: [...weight.dims], dataType: elementTypeNumber(weight.elementType), rawData: data.bytes }
}

const valueInfoProto = ({ name, type }: ValueInfo): Onnx.IValueInfoProto => ({
  name,
  ...(type === null ? {} : { type: { tensorType: tensorTypeProto(type) } }),
})

/** The protobuf form of a tensor type. */
export const tensorTypeProto = ({ elementType, dims }: TensorType): Onnx.TypeProto.ITensor => ({
  elemType: elementTypeNumber(elementType),
  shape: { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) },
})
