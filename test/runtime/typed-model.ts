import { onnx, value } from '../onnx/files.js'

type AttributeValue = number | string | readonly number[] | { readonly float: number }
type Bytes = Int8Array | Uint8Array | Int32Array | Float32Array | BigInt64Array

/** `[domain:]Op input input -> output output`, with `_` for an omitted input, and the node's attributes. */
type TypedLine = readonly [line: string, attributes?: Readonly<Record<string, AttributeValue>>]

/** A tensor's TensorProto.DataType and shape; `values` where they matter, else small ones that are not alike. */
export interface Typed {
  readonly type: keyof typeof bytesOf
  readonly dims: readonly number[]
  readonly values?: readonly number[]
}

export interface TypedModel {
  readonly inputs: Readonly<Record<string, Typed>>
  readonly weights?: Readonly<Record<string, Typed>>
  readonly nodes: readonly TypedLine[]
  readonly outputs: string
  readonly opset?: number
}

const bytesOf = {
  float: (values: readonly number[]): Bytes => Float32Array.from(values),
  uint8: (values: readonly number[]): Bytes => Uint8Array.from(values),
  int8: (values: readonly number[]): Bytes => Int8Array.from(values),
  int32: (values: readonly number[]): Bytes => Int32Array.from(values),
  int64: (values: readonly number[]): Bytes => BigInt64Array.from(values, BigInt),
}

const numbers = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const

/** Bytes of a model whose tensors have any type, with operators of any domain. */
export function encodeTyped({ inputs, weights = {}, nodes, outputs, opset = 17 }: TypedModel): Uint8Array {
  const domains = new Set(nodes.map(([line]) => domainOf(line).domain))
  domains.delete('')
  return onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: opset }, ...[...domains].map((domain) => ({ domain, version: 1 }))],
    graph: {
      name: 'typed',
      node: nodes.map(([line, attributes = {}], index) => node(line, attributes, index)),
      input: Object.entries(inputs).map(([name, { type, dims }]) => value(name, dims, numbers[type])),
      output: outputs.split(' ').map((name) => ({ name })),
      initializer: Object.entries(weights).map(([name, tensor]) => initializer(name, tensor)),
    },
  }).finish()
}

function initializer(name: string, { type, dims, values }: Typed) {
  const count = dims.reduce((product, dim) => product * dim, 1)
  const unlike = Array.from({ length: count }, (_, index) => ((index * 7919) % 101) / (type === 'float' ? 1000 : 1))
  const filled = values ?? unlike
  return { name, dims: [...dims], dataType: numbers[type], rawData: new Uint8Array(bytesOf[type](filled).buffer) }
}

function domainOf(line: string) {
  const [text = ''] = line.split(' ')
  const at = text.lastIndexOf(':')
  return { domain: text.slice(0, Math.max(0, at)), op: text.slice(at + 1) }
}

function node(line: string, attributes: Readonly<Record<string, AttributeValue>>, index: number) {
  const [, inputs = '', outputs = ''] = /^\S+(.*) -> (.+)$/.exec(line) ?? []
  const { domain, op } = domainOf(line)
  const names = inputs.trim().split(' ').filter(Boolean)
  return {
    name: `n${index}`,
    domain,
    opType: op,
    input: names.map((name) => (name === '_' ? '' : name)),
    output: outputs.split(' ').map((name) => (name === '_' ? '' : name)),
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  }
}

function attribute(name: string, value: AttributeValue) {
  const type = onnx.AttributeProto.AttributeType
  if (typeof value === 'string') return { name, type: type.STRING, s: Buffer.from(value) }
  if (typeof value === 'number') return { name, type: type.INT, i: value }
  return 'float' in value ? { name, type: type.FLOAT, f: value.float } : { name, type: type.INTS, ints: [...value] }
}
