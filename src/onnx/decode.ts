import { dirname } from 'node:path'
import { FlopgapError } from '../errors.js'
import type { Attribute, Model, ModelNode, TensorData, TensorType, ValueInfo, Weight } from '../types.js'
import { byteSize, elements, elementTypeName } from './element-types.js'
import { externalRange } from './external-data.js'
import { type Onnx, onnx } from './proto.js'
import { type ByteRange, elidedKey, type Skeleton } from './skeleton.js'

/**
 * The model that a skeleton describes.
 *
 * @throws FlopgapError `not-onnx` where the bytes are not a ModelProto with a graph; `bad-external-data`
 */
export function decodeModel(skeleton: Skeleton, name: string, path: string): Model {
  const proto = decodeProto(skeleton.bytes)
  const graph = proto.graph
  if (!graph || (graph.node?.length ?? 0) + (graph.output?.length ?? 0) === 0) {
    throw new FlopgapError('not-onnx', 'not an ONNX model: it has no graph')
  }
  const decoder = new GraphDecoder(skeleton.elided, dirname(path), path)
  const { nodes, weights } = decoder.graph(graph)
  const isWeight = (input: ValueInfo) => weights.has(input.name)
  return {
    name,
    origin: { kind: 'file', path },
    irVersion: Number(proto.irVersion ?? 0),
    opsets: Object.fromEntries(
      (proto.opsetImport ?? []).map((opset) => [standardDomain(opset.domain), Number(opset.version ?? 0)]),
    ),
    inputs: (graph.input ?? []).map(valueInfo).filter((input) => !isWeight(input)),
    outputs: (graph.output ?? []).map(valueInfo),
    nodes,
    weights,
    skeleton: skeleton.bytes,
  }
}

/** @throws FlopgapError `not-onnx` */
export function decodeProto(bytes: Uint8Array): Onnx.ModelProto {
  try {
    return onnx.ModelProto.decode(bytes)
  } catch {
    throw new FlopgapError('not-onnx', 'not an ONNX model, or a damaged one: its structure does not decode')
  }
}

const damaged = (tensor: string, what: string) =>
  new FlopgapError('not-onnx', `a damaged ONNX model: tensor ${JSON.stringify(tensor)} ${what}`, 'Export it again.')

/** ONNX spells its own domain both ways. */
const standardDomain = (domain: string | null | undefined): string => (domain === 'ai.onnx' ? '' : (domain ?? ''))

class GraphDecoder {
  readonly #elided: readonly (ByteRange | null)[]
  readonly #folder: string
  readonly #path: string

  constructor(elided: readonly (ByteRange | null)[], folder: string, path: string) {
    this.#elided = elided
    this.#folder = folder
    this.#path = path
  }

  graph(graph: Onnx.IGraphProto): { nodes: ModelNode[]; weights: Map<string, Weight> } {
    const nodes = (graph.node ?? []).map((node) => this.#node(node))
    const weights = new Map<string, Weight>()
    for (const initializer of graph.initializer ?? []) {
      const weight = this.#weight(initializer, initializer.name ?? '')
      weights.set(weight.name, weight)
    }
    for (const sparse of graph.sparseInitializer ?? []) {
      const values = this.#weight(sparse.values ?? {}, sparse.values?.name ?? '')
      weights.set(values.name, { ...values, dims: (sparse.dims ?? []).map(Number) })
    }
    return { nodes, weights }
  }

  #node(node: Onnx.INodeProto): ModelNode {
    const attributes: Record<string, Attribute> = Object.create(null)
    for (const attribute of node.attribute ?? []) {
      attributes[attribute.name ?? ''] = this.#attribute(attribute, node.output?.[0] ?? '')
    }
    return {
      name: node.name ?? '',
      op: node.opType ?? '',
      domain: standardDomain(node.domain),
      inputs: node.input ?? [],
      outputs: node.output ?? [],
      attributes,
    }
  }

  #attribute(attribute: Onnx.IAttributeProto, output: string): Attribute {
    const type = onnx.AttributeProto.AttributeType
    switch (attribute.type) {
      case type.INT:
        return { type: 'int', value: Number(attribute.i ?? 0) }
      case type.FLOAT:
        return { type: 'float', value: attribute.f ?? 0 }
      case type.STRING:
        return { type: 'string', value: text(attribute.s) }
      case type.INTS:
        return { type: 'ints', value: (attribute.ints ?? []).map(Number) }
      case type.FLOATS:
        return { type: 'floats', value: attribute.floats ?? [] }
      case type.STRINGS:
        return { type: 'strings', value: (attribute.strings ?? []).map(text) }
      case type.TENSOR:
        return { type: 'tensor', value: this.#weight(attribute.t ?? {}, output) }
      default:
        return { type: 'other' }
    }
  }

  #weight(tensor: Onnx.ITensorProto, name: string): Weight {
    const elementType = elementTypeName(tensor.dataType ?? 0)
    const dims = (tensor.dims ?? []).map(Number)
    if (dims.some((dim) => dim < 0)) throw damaged(name, `has the shape ${dims.join('x')}`)
    const data = this.#data({ ...tensor, name })
    const needed = byteSize(elementType, elements(dims))
    if (data.kind === 'file' && needed !== null && data.byteLength !== needed) {
      throw damaged(name, `has ${data.byteLength} bytes, but its shape ${dims.join('x')} needs ${needed}`)
    }
    return { name, elementType, dims, data }
  }

  #data(tensor: Onnx.ITensorProto): TensorData {
    if (tensor.dataLocation === onnx.TensorProto.DataLocation.EXTERNAL) {
      const number = (tensor.externalData ?? []).find((entry) => entry.key === elidedKey)?.value
      if (number === undefined) return externalRange(tensor, this.#folder)
      const range = this.#elided[Number(number)]
      return range ? { kind: 'file', path: this.#path, ...range } : { kind: 'elided' }
    }
    return { kind: 'inline', bytes: inlineBytes(tensor) }
  }
}

/** The values of a small tensor as little-endian elements, whichever field they are in. */
function inlineBytes(tensor: Onnx.ITensorProto): Uint8Array {
  if (tensor.rawData?.length) return tensor.rawData
  if (tensor.floatData?.length) return new Uint8Array(Float32Array.from(tensor.floatData).buffer)
  if (tensor.doubleData?.length) return new Uint8Array(Float64Array.from(tensor.doubleData).buffer)
  if (tensor.int64Data?.length) {
    return new Uint8Array(BigInt64Array.from(tensor.int64Data, (value) => BigInt(value.toString())).buffer)
  }
  if (tensor.uint64Data?.length) return unsigned(elementTypeName(tensor.dataType ?? 0), tensor.uint64Data)
  if (tensor.int32Data?.length) return narrow(elementTypeName(tensor.dataType ?? 0), tensor.int32Data)
  return new Uint8Array(0)
}

/** `int32_data` also carries the narrower integers and the bits of 16-bit floats. */
function narrow(elementType: string, values: readonly number[]): Uint8Array {
  switch (elementType) {
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer)
    case 'uint16':
    case 'int16':
    case 'float16':
    case 'bfloat16':
      return new Uint8Array(Uint16Array.from(values).buffer)
    default:
      return Uint8Array.from(values)
  }
}

/** `uint64_data` also carries uint32. */
const unsigned = (elementType: string, values: readonly unknown[]): Uint8Array =>
  elementType === 'uint32'
    ? new Uint8Array(Uint32Array.from(values, Number).buffer)
    : new Uint8Array(BigUint64Array.from(values, (value) => BigInt(String(value))).buffer)

const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('utf8')

function valueInfo(value: Onnx.IValueInfoProto): ValueInfo {
  const tensor = value.type?.tensorType
  return { name: value.name ?? '', type: tensor ? tensorType(tensor) : null }
}

function tensorType(tensor: Onnx.TypeProto.ITensor): TensorType {
  const dims = (tensor.shape?.dim ?? []).map((dim, axis) => {
    if (dim.dimParam) return dim.dimParam
    const value = Number(dim.dimValue ?? 0)
    return value > 0 ? value : `?${axis}`
  })
  return { elementType: elementTypeName(tensor.elemType ?? 0), dims }
}
