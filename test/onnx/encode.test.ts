import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Encodable, encodeModel } from '../../src/onnx/encode.js'
import type { Attribute, ModelNode, Weight } from '../../src/types.js'
import { float32Bytes, onnx } from './files.js'

const empty: Encodable = {
  name: 'net',
  irVersion: 8,
  opsets: { '': 17 },
  functions: new Map(),
  inputs: [],
  outputs: [],
  nodes: [],
  weights: new Map(),
}

const node = (attributes: ModelNode['attributes'], more: Partial<ModelNode> = {}): ModelNode => ({
  name: 'n',
  op: 'Op',
  domain: '',
  inputs: [],
  outputs: [],
  attributes,
  ...more,
})

const bytesOf = (model: Encodable, values: (weight: Weight) => Iterable<Uint8Array> = () => []) =>
  Buffer.concat([...encodeModel(model, values)])

const decode = (model: Encodable) => onnx.ModelProto.decode(bytesOf(model))

/** The only node's only attribute, as onnx-proto reads it. */
function roundTrip(attribute: Attribute) {
  const [decoded] = decode({ ...empty, nodes: [node({ key: attribute })] }).graph?.node?.[0]?.attribute ?? []
  if (decoded === undefined) throw new Error('no attribute was decoded')
  return decoded
}

const types = onnx.AttributeProto.AttributeType

it('writes an int attribute, negative ones and the largest safe ones too', () => {
  for (const value of [0, 1, -1, 127, 128, -128, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53 - 1)]) {
    const decoded = roundTrip({ type: 'int', value })
    expect(decoded.name).toBe('key')
    expect(decoded.type).toBe(types.INT)
    expect(String(decoded.i)).toBe(String(value))
  }
})

it('writes an ints attribute in order, with negative ones', () => {
  const decoded = roundTrip({ type: 'ints', value: [0, -1, 300, -9_000_000_000, 5] })
  expect(decoded.type).toBe(types.INTS)
  expect(decoded.ints?.map(Number)).toEqual([0, -1, 300, -9_000_000_000, 5])
})

it('writes float and floats attributes as 32-bit floats', () => {
  const one = roundTrip({ type: 'float', value: -0.1 })
  expect(one.type).toBe(types.FLOAT)
  expect(one.f).toBe(Math.fround(-0.1))
  const many = roundTrip({ type: 'floats', value: [1, -2.5, 0, Number.POSITIVE_INFINITY] })
  expect(many.type).toBe(types.FLOATS)
  expect(many.floats).toEqual([1, -2.5, 0, Number.POSITIVE_INFINITY])
})

it('writes string and strings attributes as UTF-8', () => {
  const one = roundTrip({ type: 'string', value: 'SAME_UPPER é 漢字 😀' })
  expect(one.type).toBe(types.STRING)
  expect(new TextDecoder().decode(one.s ?? new Uint8Array())).toBe('SAME_UPPER é 漢字 😀')
  const many = roundTrip({ type: 'strings', value: ['a', '', 'ü'] })
  expect(many.type).toBe(types.STRINGS)
  expect(many.strings?.map((bytes) => new TextDecoder().decode(bytes))).toEqual(['a', '', 'ü'])
})

it('writes a tensor attribute with its values', () => {
  const bytes = float32Bytes([1, -2, 3, -4, 5, -6])
  const decoded = roundTrip({
    type: 'tensor',
    value: { name: 'c', elementType: 'float32', dims: [2, 3], data: { kind: 'inline', bytes } },
  })
  expect(decoded.type).toBe(types.TENSOR)
  expect(decoded.t?.dataType).toBe(onnx.TensorProto.DataType.FLOAT)
  expect(decoded.t?.dims?.map(Number)).toEqual([2, 3])
  expect(Buffer.from(decoded.t?.rawData ?? [])).toEqual(Buffer.from(bytes))
})

it('refuses an attribute that has its value from elsewhere', () => {
  const model = { ...empty, nodes: [node({ alpha: { type: 'reference', value: 'beta' } })] }
  expect(() => bytesOf(model)).toThrow(/attribute alpha/)
})

it('writes header, opsets, inputs and outputs', () => {
  const model = decode({
    ...empty,
    name: 'netz-ü',
    opsets: { '': 17, 'com.microsoft': 1 },
    inputs: [
      { name: 'x', type: { elementType: 'float16', dims: ['batch', 3, 4_294_967_296] } },
      { name: 'flag', type: { elementType: 'bool', dims: [] } },
    ],
    outputs: [{ name: 'y', type: null }],
  })
  expect(Number(model.irVersion)).toBe(8)
  expect(model.producerName).toBe('flopgap')
  expect(model.opsetImport?.map(({ domain, version }) => [domain, Number(version)])).toEqual([
    ['', 17],
    ['com.microsoft', 1],
  ])
  expect(model.graph?.name).toBe('netz-ü')
  const [x, flag] = model.graph?.input ?? []
  expect(x?.name).toBe('x')
  expect(x?.type?.tensorType?.elemType).toBe(onnx.TensorProto.DataType.FLOAT16)
  const dims = x?.type?.tensorType?.shape?.dim ?? []
  expect(dims.map((dim) => dim.dimParam || Number(dim.dimValue))).toEqual(['batch', 3, 4_294_967_296])
  expect(flag?.type?.tensorType?.elemType).toBe(onnx.TensorProto.DataType.BOOL)
  expect(flag?.type?.tensorType?.shape?.dim).toEqual([])
  expect(model.graph?.output?.map(({ name, type }) => [name, type ?? null])).toEqual([['y', null]])
})

it('writes names and lists that need lengths of two and three bytes', () => {
  const long = 'n'.repeat(200)
  const longer = '漢'.repeat(20_000)
  const inputs = Array.from({ length: 300 }, (_, index) => (index % 7 === 0 ? '' : `input-${index}`))
  const nodes = [node({}, { name: long, op: 'Concat', inputs, outputs: [longer], domain: 'com.example' })]
  const [decoded] = decode({ ...empty, nodes }).graph?.node ?? []
  expect(decoded?.name).toBe(long)
  expect(decoded?.opType).toBe('Concat')
  expect(decoded?.domain).toBe('com.example')
  expect(decoded?.input).toEqual(inputs)
  expect(decoded?.output).toEqual([longer])
})

it('writes inline and generated weights, values in pieces, after the nodes', () => {
  const inline: Weight = {
    name: 'shape',
    elementType: 'int64',
    dims: [2],
    data: { kind: 'inline', bytes: new Uint8Array(BigInt64Array.from([1n, -1n]).buffer) },
  }
  const generated: Weight = {
    name: 'weight',
    elementType: 'float32',
    dims: [3, 100],
    data: { kind: 'generated', fill: { lower: 0, upper: 1 } },
  }
  const scalar: Weight = {
    ...inline,
    name: 'one',
    elementType: 'float32',
    dims: [],
    data: { kind: 'inline', bytes: float32Bytes([1]) },
  }
  const values = Array.from({ length: 300 }, (_, index) => index / 4)
  const model = { ...empty, nodes: [node({})], weights: new Map([inline, generated, scalar].map((w) => [w.name, w])) }
  const asked: string[] = []
  const bytes = bytesOf(model, (weight) => {
    asked.push(weight.name)
    return [float32Bytes(values.slice(0, 100)), float32Bytes(values.slice(100))]
  })
  const { graph } = onnx.ModelProto.decode(bytes)
  expect(asked).toEqual(['weight'])
  expect(graph?.node).toHaveLength(1)
  expect(graph?.initializer?.map(({ name, dataType, dims }) => [name, dataType, (dims ?? []).map(Number)])).toEqual([
    ['shape', 7, [2]],
    ['weight', 1, [3, 100]],
    ['one', 1, []],
  ])
  const raw = graph?.initializer?.map(({ rawData }) => Buffer.from(rawData ?? []))
  expect(raw?.[0]?.readBigInt64LE(8)).toBe(-1n)
  expect(raw?.[1]).toEqual(Buffer.from(float32Bytes(values)))
  expect(raw?.[2]?.readFloatLE(0)).toBe(1)
})

const name = fc.string({ unit: 'grapheme', maxLength: 200 })
const safeInteger = fc.maxSafeInteger()
const float = fc.float({ noNaN: true })
const attribute = fc.oneof(
  fc.record({ type: fc.constant('int' as const), value: safeInteger }),
  fc.record({ type: fc.constant('ints' as const), value: fc.array(safeInteger) }),
  fc.record({ type: fc.constant('float' as const), value: float }),
  fc.record({ type: fc.constant('floats' as const), value: fc.array(float) }),
  fc.record({ type: fc.constant('string' as const), value: name }),
  fc.record({ type: fc.constant('strings' as const), value: fc.array(name) }),
)
const anyNode = fc.record({
  name,
  op: name,
  domain: name,
  inputs: fc.array(name),
  outputs: fc.array(name),
  attributes: fc.dictionary(fc.string({ minLength: 1 }), attribute, { maxKeys: 4 }),
})

it('writes any nodes so that onnx-proto reads the same', () => {
  fc.assert(
    fc.property(fc.array(anyNode, { maxLength: 4 }), name, (nodes, graphName) => {
      const { graph } = decode({ ...empty, name: graphName, nodes })
      expect(graph?.name).toBe(graphName)
      expect(graph?.node?.map(plain)).toEqual(
        nodes.map(({ attributes, ...rest }) => ({
          ...rest,
          attributes: Object.entries(attributes).map(([key, { value }]) => [key, value]),
        })),
      )
    }),
    { numRuns: 200 },
  )
})

type DecodedNode = NonNullable<NonNullable<ReturnType<typeof decode>['graph']>['node']>[number]

const plain = ({ name, opType, domain, input, output, attribute }: DecodedNode) => ({
  name,
  op: opType,
  domain,
  inputs: input,
  outputs: output,
  attributes: (attribute ?? []).map((entry) => [entry.name, plainValue(entry)]),
})

function plainValue({ type, i, f, s, ints, floats, strings }: NonNullable<DecodedNode['attribute']>[number]) {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')
  switch (type) {
    case types.INT:
      return Number(i)
    case types.INTS:
      return ints?.map(Number)
    case types.FLOAT:
      return f
    case types.FLOATS:
      return floats
    case types.STRING:
      return text(s ?? new Uint8Array())
    default:
      return strings?.map(text)
  }
}
