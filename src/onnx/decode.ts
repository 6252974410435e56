import { basename, dirname } from 'node:path'
import { FlopgapError } from '../errors.js'
import type {
  Attribute,
  Body,
  LocalFunction,
  Model,
  ModelNode,
  TensorData,
  TensorType,
  ValueInfo,
  Weight,
} from '../types.js'
import { byteSize, elements, elementTypeName } from './element-types.js'
import { externalRange } from './external-data.js'
import { fieldsNumbered } from './fields.js'
import { type Onnx, onnx } from './proto.js'
import { type ByteRange, elidedKey, type Skeleton } from './skeleton.js'

/**
 * The model that a skeleton describes.
 *
 * @throws FlopgapError `not-onnx` where the bytes are not a ModelProto with a graph; `bad-external-data`
 */
export function decodeModel(skeleton: Skeleton, path: string, byteLength: number): Model {
  const proto = decodeProto(skeleton.bytes)
  const graph = proto.graph
  if (!graph || (graph.node?.length ?? 0) + (graph.output?.length ?? 0) === 0) {
    throw new FlopgapError('not-onnx', 'not an ONNX model: it has no graph')
  }
  const decoder = new GraphDecoder(skeleton.elided, dirname(path), path)
  const functions = proto.functions?.length ? fieldsNumbered(functionsField, skeleton.bytes) : []
  return {
    name: basename(path),
    origin: { kind: 'file', path, byteLength },
    irVersion: Number(proto.irVersion ?? 0),
    opsets: opsetsOf(proto.opsetImport),
    functions: decoder.functions(functions),
    ...overridableIn(graph),
    ...decoder.body(graph),
  }
}

function overridableIn({ input, initializer }: Onnx.IGraphProto): Pick<Model, 'overridable'> {
  const inputs = new Set((input ?? []).map(({ name }) => name ?? ''))
  const names = (initializer ?? []).map(({ name }) => name ?? '').filter((name) => inputs.has(name))
  return names.length === 0 ? {} : { overridable: new Set(names) }
}

const functionsField = 25
const functionDefaultsField = 11

const opsetsOf = (imports: readonly Onnx.IOperatorSetIdProto[] | null | undefined) =>
  Object.fromEntries((imports ?? []).map(({ domain, version }) => [standardDomain(domain), Number(version ?? 0)]))

/** @throws FlopgapError `not-onnx` */
function decodeProto(bytes: Uint8Array): Onnx.ModelProto {
  return decoded(() => onnx.ModelProto.decode(readable(bytes)))
}

/** protobuf.js makes an empty field with `new` of the bytes' own class, for which Node warns where that is Buffer. */
const readable = (bytes: Uint8Array): Uint8Array =>
  Object.defineProperty(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 'constructor', {
    value: Uint8Array,
  })

function decoded<T>(decode: () => T): T {
  try {
    return decode()
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

  body(graph: Onnx.IGraphProto): Body {
    const weights = this.#weights(graph)
    return {
      inputs: (graph.input ?? []).map(valueInfo).filter(({ name }) => !weights.has(name)),
      outputs: (graph.output ?? []).map(valueInfo),
      nodes: (graph.node ?? []).map((node) => this.#node(node)),
      weights,
      declared: new Map([...(graph.valueInfo ?? []), ...(graph.output ?? [])].flatMap(declaration)),
    }
  }

  functions(protos: readonly Uint8Array[]): Map<string, LocalFunction> {
    const functions = protos.map((bytes) => this.#function(bytes))
    return new Map(functions.map((found) => [`${found.domain}:${found.name}`, found]))
  }

  #function(bytes: Uint8Array): LocalFunction {
    const proto = decoded(() => onnx.FunctionProto.decode(readable(bytes)))
    // a field that is newer than onnx-proto
    const defaults = fieldsNumbered(functionDefaultsField, bytes).map((field) =>
      decoded(() => onnx.AttributeProto.decode(readable(field))),
    )
    return {
      name: proto.name,
      domain: standardDomain(proto.domain),
      inputs: proto.input,
      outputs: proto.output,
      nodes: proto.node.map((node) => this.#node(node)),
      defaults: this.#attributes(defaults, ''),
      opsets: opsetsOf(proto.opsetImport),
      bytes,
    }
  }

  #weights(graph: Onnx.IGraphProto): Map<string, Weight> {
    const dense = (graph.initializer ?? []).map((initializer) => this.#weight(initializer, initializer.name ?? ''))
    const sparse = (graph.sparseInitializer ?? []).map((tensor) => this.#sparse(tensor, tensor.values?.name ?? ''))
    return new Map([...dense, ...sparse].map((weight) => [weight.name, weight]))
  }

  #node(node: Onnx.INodeProto): ModelNode {
    return {
      name: node.name ?? '',
      op: node.opType ?? '',
      domain: standardDomain(node.domain),
      inputs: node.input ?? [],
      outputs: node.output ?? [],
      attributes: this.#attributes(node.attribute ?? [], node.output?.[0] ?? ''),
    }
  }

  #attributes(protos: readonly Onnx.IAttributeProto[], output: string): Record<string, Attribute> {
    const attributes: Record<string, Attribute> = Object.create(null)
    for (const proto of protos) attributes[proto.name ?? ''] = this.#attribute(proto, output)
    return attributes
  }

  #attribute(attribute: Onnx.IAttributeProto, output: string): Attribute {
    const type = onnx.AttributeProto.AttributeType
    if (attribute.refAttrName) return { type: 'reference', value: attribute.refAttrName }
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
      case type.GRAPH:
        return { type: 'graph', value: this.body(attribute.g ?? {}) }
      case type.SPARSE_TENSOR:
        return { type: 'tensor', value: this.#sparse(attribute.sparseTensor ?? {}, output) }
      default:
        return { type: 'other', bytes: onnx.AttributeProto.encode(attribute).finish() }
    }
  }

  #sparse({ values, indices, dims }: Onnx.ISparseTensorProto, name: string): Weight {
    const stored = this.#weight(values ?? {}, name)
    const at = this.#weight(indices ?? {}, name)
    return {
      ...stored,
      dims: (dims ?? []).map(Number),
      sparse: { values: elements(stored.dims), indexBytes: byteSize(at.elementType, elements(at.dims)) ?? 0 },
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
    if (tensor.stringData?.length) return { kind: 'text', values: tensor.stringData.map(text) }
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
  const info = { name: value.name ?? '', type: tensor ? tensorType(tensor) : null }
  return tensor && !tensor.shape ? { ...info, isUnranked: true } : info
}

/** What a file states of a tensor; a type without a shape states too little. */
function declaration(value: Onnx.IValueInfoProto): [string, TensorType][] {
  const tensor = value.type?.tensorType
  return tensor?.shape ? [[value.name ?? '', tensorType(tensor)]] : []
}

function tensorType(tensor: Onnx.TypeProto.ITensor): TensorType {
  const dims = (tensor.shape?.dim ?? []).map((dim, axis) => {
    if (dim.dimParam) return dim.dimParam
    const value = Number(dim.dimValue ?? 0)
    return value > 0 ? value : `?${axis}`
  })
  return { elementType: elementTypeName(tensor.elemType ?? 0), dims }
}
