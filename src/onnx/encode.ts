import type { Attribute, Body, Model, ModelNode, TensorType, ValueInfo, Weight } from '../types.js'
import { byteSize, elements, elementTypeNumber } from './element-types.js'
import {
  type Bytes,
  bytesField,
  floatField,
  floatsField,
  integerField,
  integersField,
  lengthPrefix,
  rawBytes,
  textField,
  toBuffer,
} from './wire.js'

// field numbers are those of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

/** What of a model is written. */
export type Encodable = Pick<Model, 'name' | 'irVersion' | 'opsets' | 'functions'> & EncodableBody
type EncodableBody = Pick<Body, 'inputs' | 'outputs' | 'nodes' | 'weights'>

/**
 * A model as an ONNX file, piece by piece: no more than one piece is in memory.
 *
 * @param values the little-endian values of a weight that is not inline, in pieces
 */
export function* encodeModel(
  model: Encodable,
  values: (weight: Weight) => Iterable<Uint8Array>,
): Generator<Uint8Array> {
  const graph = graphFields(model.name, model)
  const weights = [...model.weights.values()].map((weight) => ({ weight, ...initializer(weight) }))
  const length = weights.reduce((sum, { header, valueBytes }) => sum + header.length + valueBytes, graph.length)
  yield toBuffer(modelFields(model) + lengthPrefix(7, length) + graph)
  for (const { weight, header } of weights) {
    yield toBuffer(header)
    if (weight.data.kind === 'inline') yield weight.data.bytes
    else if (weight.data.kind !== 'text') yield* values(weight)
  }
}

const join = <T>(items: readonly T[], field: (item: T) => Bytes): Bytes => items.map(field).join('')

const modelFields = ({ irVersion, opsets, functions }: Encodable): Bytes =>
  integerField(1, irVersion) +
  textField(2, 'flopgap') +
  join(Object.entries(opsets), ([domain, version]) => bytesField(8, textField(1, domain) + integerField(2, version))) +
  join([...functions.values()], ({ bytes }) => bytesField(25, rawBytes(bytes)))

const graphFields = (name: string, { nodes, inputs, outputs }: EncodableBody): Bytes =>
  join(nodes, (node) => bytesField(1, nodeFields(node))) +
  textField(2, name) +
  join(inputs, (input) => bytesField(11, valueInfoFields(input))) +
  join(outputs, (output) => bytesField(12, valueInfoFields(output)))

/** Everything of an initializer up to its values, which are its last field. */
function initializer(weight: Weight): { header: Bytes; valueBytes: number } {
  if (weight.data.kind === 'text') {
    return { header: bytesField(5, tensorFields(weight) + textField(8, weight.name)), valueBytes: 0 }
  }
  const valueBytes = byteSize(weight.elementType, elements(weight.dims)) ?? 0
  const fields = tensorFields(weight) + textField(8, weight.name) + lengthPrefix(9, valueBytes)
  return { header: lengthPrefix(5, fields.length + valueBytes) + fields, valueBytes }
}

const tensorFields = ({ dims, elementType, data }: Weight): Bytes =>
  integersField(1, dims) +
  integerField(2, elementTypeNumber(elementType)) +
  (data.kind === 'text' ? join(data.values, (value) => textField(6, value)) : '')

const nodeFields = ({ inputs, outputs, name, op, domain, attributes }: ModelNode): Bytes =>
  join(inputs, (input) => textField(1, input)) +
  join(outputs, (output) => textField(2, output)) +
  textField(3, name) +
  textField(4, op) +
  join(Object.entries(attributes), ([key, value]) => bytesField(5, attributeFields(key, value))) +
  (domain === '' ? '' : textField(7, domain))

const attributeFields = (name: string, attribute: Attribute): Bytes =>
  attribute.type === 'other' ? rawBytes(attribute.bytes) : textField(1, name) + attributeValue(name, attribute)

/** The value and, as field 20, its AttributeProto.AttributeType. */
function attributeValue(name: string, attribute: Exclude<Attribute, { type: 'other' }>): Bytes {
  switch (attribute.type) {
    case 'float':
      return floatField(2, attribute.value) + integerField(20, 1)
    case 'int':
      return integerField(3, attribute.value) + integerField(20, 2)
    case 'string':
      return textField(4, attribute.value) + integerField(20, 3)
    case 'tensor':
      return bytesField(5, constantFields(attribute.value)) + integerField(20, 4)
    case 'floats':
      return floatsField(7, attribute.value) + integerField(20, 6)
    case 'ints':
      return integersField(8, attribute.value) + integerField(20, 7)
    case 'strings':
      return join(attribute.value, (value) => textField(9, value)) + integerField(20, 8)
    case 'graph':
      return bytesField(6, bodyFields(name, attribute.value)) + integerField(20, 5)
    case 'reference':
      throw new TypeError(`attribute ${name} takes its value from a call of the function around it`)
  }
}

/** A graph inside a node, with its constants. */
const bodyFields = (name: string, body: EncodableBody): Bytes =>
  graphFields(name, body) +
  join([...body.weights.values()], (weight) => bytesField(5, constantFields(weight) + textField(8, weight.name)))

function constantFields(weight: Weight): Bytes {
  const { data } = weight
  if (data.kind === 'text') return tensorFields(weight)
  if (data.kind !== 'inline') throw new TypeError(`the values of constant ${weight.name} are not in memory`)
  return tensorFields(weight) + bytesField(9, rawBytes(data.bytes))
}

const valueInfoFields = ({ name, type }: ValueInfo): Bytes =>
  textField(1, name) + (type === null ? '' : bytesField(2, bytesField(1, tensorTypeFields(type))))

const tensorTypeFields = ({ elementType, dims }: TensorType): Bytes =>
  integerField(1, elementTypeNumber(elementType)) +
  bytesField(
    2,
    join(dims, (dim) => bytesField(1, typeof dim === 'number' ? integerField(1, dim) : textField(2, dim))),
  )
