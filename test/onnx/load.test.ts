import { closeSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { constantOf } from '../../src/onnx/constant.js'
import { FileWindow } from '../../src/onnx/file-window.js'
import { load } from '../../src/onnx/load.js'
import { readSkeleton } from '../../src/onnx/skeleton.js'
import type { Model, ModelNode, Weight } from '../../src/types.js'
import {
  constantNode,
  counting,
  fieldHeader,
  float32Bytes,
  modelBytes,
  onnx,
  put,
  temporaryFolder,
  value,
} from './files.js'

const folder = temporaryFolder()
const { DataType } = onnx.TensorProto

// field numbers of onnx.proto: ModelProto.graph, GraphProto.initializer, TensorProto.raw_data
const [graphField, initializerField, rawDataField] = [7, 5, 9]

/** Loads a model of this graph through a file. */
function loaded(graph: Parameters<typeof modelBytes>[0], name = 'model.onnx'): Model {
  return load(put(folder, name, modelBytes({ output: [value('y', [1])], ...graph })))
}

function weightOf(model: Model, name: string): Weight {
  const weight = model.weights.get(name)
  if (weight === undefined) throw new Error(`no weight ${name}`)
  return weight
}

/** The bytes that a weight's data leads to, read from the file where it says they are. */
function valuesOf({ data }: Weight): Buffer {
  if (data.kind === 'inline') return Buffer.from(data.bytes)
  if (data.kind !== 'file') throw new Error(`values are ${data.kind}`)
  return readFileSync(data.path).subarray(data.offset, data.offset + data.byteLength)
}

const bytesOf = (values: ArrayBufferView) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)

it('finds the values of a large weight in the file, whichever field they are in', () => {
  const floats = counting(1000, -500)
  const doubles = counting(300, 0.5)
  const halves = new Uint16Array(counting(500))
  const model = loaded({
    initializer: [
      { name: 'raw', dims: [10, 100], dataType: DataType.FLOAT, rawData: float32Bytes(floats) },
      { name: 'floats', dims: [1000], dataType: DataType.FLOAT, floatData: floats },
      { name: 'doubles', dims: [300], dataType: DataType.DOUBLE, doubleData: doubles },
      { name: 'halves', dims: [500], dataType: DataType.FLOAT16, rawData: bytesOf(halves) },
    ],
  })
  for (const name of ['raw', 'floats', 'doubles', 'halves']) expect(weightOf(model, name).data.kind).toBe('file')
  expect(weightOf(model, 'raw').dims).toEqual([10, 100])
  expect(valuesOf(weightOf(model, 'raw'))).toEqual(bytesOf(Float32Array.from(floats)))
  expect(valuesOf(weightOf(model, 'floats'))).toEqual(bytesOf(Float32Array.from(floats)))
  expect(valuesOf(weightOf(model, 'doubles'))).toEqual(bytesOf(Float64Array.from(doubles)))
  expect(valuesOf(weightOf(model, 'halves'))).toEqual(bytesOf(halves))
  expect(weightOf(model, 'halves').elementType).toBe('float16')
})

it('keeps the values of small tensors, whichever field they are in', () => {
  const model = loaded({
    initializer: [
      { name: 'raw', dims: [2], dataType: DataType.FLOAT, rawData: float32Bytes([1, -2]) },
      { name: 'floats', dims: [2], dataType: DataType.FLOAT, floatData: [1, -2] },
      { name: 'doubles', dims: [1], dataType: DataType.DOUBLE, doubleData: [0.1] },
      { name: 'int64s', dims: [3], dataType: DataType.INT64, int64Data: [-1, 0, 9_000_000_000] },
      { name: 'int32s', dims: [2], dataType: DataType.INT32, int32Data: [-1, 7] },
      { name: 'int8s', dims: [2], dataType: DataType.INT8, int32Data: [-1, 7] },
      { name: 'uint8s', dims: [2], dataType: DataType.UINT8, int32Data: [255, 7] },
      { name: 'bools', dims: [2], dataType: DataType.BOOL, int32Data: [1, 0] },
      { name: 'halves', dims: [2], dataType: DataType.FLOAT16, int32Data: [0x3c00, 0xbc00] },
      { name: 'uint32s', dims: [2], dataType: DataType.UINT32, uint64Data: [4_000_000_000, 1] },
      { name: 'uint64s', dims: [1], dataType: DataType.UINT64, uint64Data: [9_000_000_000] },
      { name: 'scalar', dims: [], dataType: DataType.FLOAT, floatData: [6] },
      { name: 'none', dims: [0], dataType: DataType.FLOAT },
    ],
  })
  const expected: Record<string, ArrayBufferView> = {
    raw: Float32Array.of(1, -2),
    floats: Float32Array.of(1, -2),
    doubles: Float64Array.of(0.1),
    int64s: BigInt64Array.of(-1n, 0n, 9_000_000_000n),
    int32s: Int32Array.of(-1, 7),
    int8s: Int8Array.of(-1, 7),
    uint8s: Uint8Array.of(255, 7),
    bools: Uint8Array.of(1, 0),
    halves: Uint16Array.of(0x3c00, 0xbc00),
    uint32s: Uint32Array.of(4_000_000_000, 1),
    uint64s: BigUint64Array.of(9_000_000_000n),
    scalar: Float32Array.of(6),
    none: new Uint8Array(0),
  }
  for (const [name, values] of Object.entries(expected)) {
    expect(weightOf(model, name).data.kind, name).toBe('inline')
    expect(valuesOf(weightOf(model, name)), name).toEqual(bytesOf(values))
  }
  expect([...model.weights.keys()]).toEqual(Object.keys(expected))
})

it('keeps shapes and indices of up to 64 KiB, and says of larger integers only that they are there', () => {
  const model = loaded({
    initializer: [
      { name: 'kept', dims: [8000], dataType: DataType.INT64, rawData: bytesOf(new BigInt64Array(8000).fill(-7n)) },
      { name: 'packed', dims: [70_000], dataType: DataType.INT64, int64Data: counting(70_000) },
      { name: 'raw', dims: [20_000], dataType: DataType.INT64, rawData: bytesOf(new BigInt64Array(20_000).fill(3n)) },
    ],
  })
  expect(valuesOf(weightOf(model, 'kept'))).toEqual(bytesOf(new BigInt64Array(8000).fill(-7n)))
  // varints are no array of elements, so there is no range to give
  expect(weightOf(model, 'packed').data).toEqual({ kind: 'elided' })
  expect(weightOf(model, 'packed').dims).toEqual([70_000])
  expect(valuesOf(weightOf(model, 'raw'))).toEqual(bytesOf(new BigInt64Array(20_000).fill(3n)))
})

it('finds the value of a large Constant node, under the name of its output', () => {
  const values = counting(600)
  const model = loaded({
    node: [
      constantNode('large', { dims: [20, 30], dataType: DataType.FLOAT, rawData: float32Bytes(values) }),
      constantNode('small', { dims: [1], dataType: DataType.INT64, int64Data: [-1] }),
      { opType: 'Relu', input: ['large'], output: ['y'] },
    ],
  })
  const [large, small] = model.nodes.map(({ attributes }) => attributes.value)
  if (large?.type !== 'tensor' || small?.type !== 'tensor') throw new Error('a Constant lost its value')
  expect(large.value).toMatchObject({ name: 'large', elementType: 'float32', dims: [20, 30] })
  expect(valuesOf(large.value)).toEqual(bytesOf(Float32Array.from(values)))
  expect(valuesOf(small.value)).toEqual(bytesOf(BigInt64Array.of(-1n)))
})

it('keeps whatever else has a tensor as attribute whole: ConstantOfShape, or a table of an operator', () => {
  const table = bytesOf(BigInt64Array.from({ length: 20_000 }, (_, index) => BigInt(index)))
  const floats = float32Bytes(counting(100))
  const type = onnx.AttributeProto.AttributeType.TENSOR
  const bytes = modelBytes({
    output: [value('y', [1])],
    node: [
      {
        opType: 'ConstantOfShape',
        input: ['s'],
        output: ['c'],
        attribute: [{ name: 'value', type, t: { dims: [1], dataType: DataType.FLOAT, floatData: [0.5] } }],
      },
      {
        opType: 'LabelEncoder',
        domain: 'ai.onnx.ml',
        input: ['x'],
        output: ['y'],
        attribute: [
          { name: 'keys_tensor', type, t: { dims: [20_000], dataType: DataType.INT64, rawData: table } },
          { name: 'values_tensor', type, t: { dims: [100], dataType: DataType.FLOAT, rawData: floats } },
        ],
      },
    ],
  })
  const model = load(put(folder, 'attributes.onnx', bytes))
  const fill = model.nodes[0]?.attributes.value
  if (fill?.type !== 'tensor') throw new Error('ConstantOfShape lost its value')
  expect(valuesOf(fill.value)).toEqual(bytesOf(Float32Array.of(0.5)))
})

it('gives a sparse initializer the shape it stands for', () => {
  const values = counting(100)
  const model = loaded({
    sparseInitializer: [
      {
        values: { name: 'sparse', dims: [100], dataType: DataType.FLOAT, rawData: float32Bytes(values) },
        indices: { dims: [100], dataType: DataType.INT64, int64Data: counting(100) },
        dims: [50, 40],
      },
    ],
  })
  expect(weightOf(model, 'sparse').dims).toEqual([50, 40])
  expect(valuesOf(weightOf(model, 'sparse'))).toEqual(bytesOf(Float32Array.from(values)))
})

it('reads fields in any order: initializers before nodes, the graph before the opset', () => {
  const graph = (...parts: object[]) => Buffer.concat(parts.map((part) => onnx.GraphProto.encode(part).finish()))
  const first = counting(100)
  const second = counting(200, 1000)
  const body = graph(
    { initializer: [{ name: 'a', dims: [100], dataType: DataType.FLOAT, rawData: float32Bytes(first) }] },
    { output: [value('y', [1])] },
    { initializer: [{ name: 'b', dims: [200], dataType: DataType.FLOAT, floatData: second }] },
    { node: [{ opType: 'Concat', input: ['a', 'b'], output: ['y'] }] },
    { name: 'backwards' },
  )
  const opset = onnx.ModelProto.encode({ opsetImport: [{ domain: '', version: 13 }] }).finish()
  const model = load(put(folder, 'backwards.onnx', fieldHeader(graphField, body.length), body, opset))
  expect(model.opsets).toEqual({ '': 13 })
  expect(model.nodes.map(({ op, inputs }) => [op, inputs])).toEqual([['Concat', ['a', 'b']]])
  expect(valuesOf(weightOf(model, 'a'))).toEqual(bytesOf(Float32Array.from(first)))
  expect(valuesOf(weightOf(model, 'b'))).toEqual(bytesOf(Float32Array.from(second)))
})

it('reads a tensor whose values come before its shape and type', () => {
  const values = float32Bytes(counting(64))
  const tensor = Buffer.concat([
    onnx.TensorProto.encode({ rawData: values }).finish(),
    onnx.TensorProto.encode({ name: 'w', dims: [64], dataType: DataType.FLOAT }).finish(),
  ])
  const graph = Buffer.concat([
    fieldHeader(initializerField, tensor.length),
    tensor,
    onnx.GraphProto.encode({ output: [value('y', [1])] }).finish(),
  ])
  const model = load(put(folder, 'values-first.onnx', fieldHeader(graphField, graph.length), graph))
  expect(weightOf(model, 'w').dims).toEqual([64])
  expect(valuesOf(weightOf(model, 'w'))).toEqual(Buffer.from(values))
})

it('reads the graphs inside nodes, their large weights left in the file', () => {
  const values = counting(1000)
  const branch = (name: string) => ({
    name,
    output: [value('b', [1000])],
    initializer: [{ name: 'w', dims: [1000], dataType: DataType.FLOAT, rawData: float32Bytes(values) }],
    node: [
      constantNode('c', { dims: [1000], dataType: DataType.FLOAT, rawData: float32Bytes(values) }),
      { opType: 'Add', input: ['w', 'c'], output: ['b'] },
    ],
  })
  const graphType = onnx.AttributeProto.AttributeType.GRAPH
  const bytes = modelBytes({
    input: [value('p', [], DataType.BOOL)],
    output: [value('y', [1000])],
    node: [
      {
        opType: 'If',
        input: ['p'],
        output: ['y'],
        attribute: [
          { name: 'then_branch', type: graphType, g: branch('then') },
          { name: 'else_branch', type: graphType, g: branch('else') },
        ],
      },
    ],
  })
  const model = load(put(folder, 'if.onnx', bytes))
  expect(model.weights.size).toBe(0)
  for (const name of ['then_branch', 'else_branch']) {
    const branch = model.nodes[0]?.attributes[name]
    if (branch?.type !== 'graph') throw new Error(`${name} is no graph`)
    const { nodes, weights, outputs } = branch.value
    expect(nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([
      ['Constant', [], ['c']],
      ['Add', ['w', 'c'], ['b']],
    ])
    expect(outputs).toEqual([{ name: 'b', type: { elementType: 'float32', dims: [1000] } }])
    expect(valuesOf(weights.get('w') as Weight)).toEqual(Buffer.from(float32Bytes(values)))
    expect(weights.get('w')?.data.kind).toBe('file')
    expect(constantOf(nodes[0] as ModelNode)).toMatchObject({ name: 'c', dims: [1000], data: { kind: 'file' } })
  }
})

it('reports no weight as an input, though files of old opsets list both', () => {
  const bytes = modelBytes(
    {
      input: [value('x', [1, 4]), value('w', [4, 4]), value('s', [1])],
      output: [value('y', [1, 4])],
      initializer: [
        { name: 'w', dims: [4, 4], dataType: DataType.FLOAT, rawData: float32Bytes(counting(16)) },
        { name: 's', dims: [1], dataType: DataType.FLOAT, floatData: [2] },
      ],
      node: [{ opType: 'MatMul', input: ['x', 'w'], output: ['y'] }],
    },
    { opset: 9, irVersion: 3 },
  )
  const model = load(put(folder, 'opset9.onnx', bytes))
  expect(model.inputs).toEqual([{ name: 'x', type: { elementType: 'float32', dims: [1, 4] } }])
  expect([...model.weights.keys()]).toEqual(['w', 's'])
  expect(model.opsets).toEqual({ '': 9 })
  expect(model.irVersion).toBe(3)
})

it('reads nodes, attributes and declarations as they were written', () => {
  const type = onnx.AttributeProto.AttributeType
  const bytes = onnx.ModelProto.encode({
    irVersion: 7,
    opsetImport: [
      { domain: 'ai.onnx', version: 12 },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: {
      input: [value('x', ['batch', 3, null, 0]), { name: 'seq', type: { sequenceType: {} } }, { name: 'untyped' }],
      output: [value('y', [])],
      node: [
        {
          name: 'Ü/1',
          opType: 'Op',
          domain: 'ai.onnx',
          input: ['x', '', 'b'],
          output: ['y', ''],
          attribute: [
            { name: 'axis', type: type.INT, i: -1 },
            { name: 'ends', type: type.INTS, ints: [-1, 2, 2 ** 40] },
            { name: 'alpha', type: type.FLOAT, f: 0.25 },
            { name: 'scales', type: type.FLOATS, floats: [1, 0.5] },
            { name: 'mode', type: type.STRING, s: Buffer.from('nächster') },
            { name: 'names', type: type.STRINGS, strings: [Buffer.from('a'), Buffer.from('')] },
            { name: 'toString', type: type.INT, i: 0 },
            { name: 'types', type: type.TYPE_PROTO, tp: {} },
          ],
        },
        { opType: 'Gelu', domain: 'com.microsoft', output: ['z'] },
      ],
    },
  }).finish()
  const model = load(put(folder, 'as-written.onnx', bytes))
  expect(model).toMatchObject({
    name: 'as-written.onnx',
    origin: { path: join(folder, 'as-written.onnx') },
    irVersion: 7,
  })
  expect(model.opsets).toEqual({ '': 12, 'com.microsoft': 1 })
  const [x, ...others] = model.inputs
  expect(x?.type?.elementType).toBe('float32')
  expect(x?.type?.dims.slice(0, 2)).toEqual(['batch', 3])
  // sizes that the file leaves out are free, and have names of their own
  const free = x?.type?.dims.slice(2) ?? []
  expect(free.every((dim) => typeof dim === 'string')).toBe(true)
  expect(new Set(free).size).toBe(2)
  expect(others).toEqual([
    { name: 'seq', type: null },
    { name: 'untyped', type: null },
  ])
  const [op, gelu] = model.nodes
  expect(op).toMatchObject({ name: 'Ü/1', op: 'Op', domain: '', inputs: ['x', '', 'b'], outputs: ['y', ''] })
  expect({ ...op?.attributes }).toEqual({
    axis: { type: 'int', value: -1 },
    ends: { type: 'ints', value: [-1, 2, 2 ** 40] },
    alpha: { type: 'float', value: 0.25 },
    scales: { type: 'floats', value: [1, 0.5] },
    mode: { type: 'string', value: 'nächster' },
    names: { type: 'strings', value: ['a', ''] },
    toString: { type: 'int', value: 0 },
    types: { type: 'other', bytes: expect.any(Uint8Array) },
  })
  expect(gelu).toMatchObject({ name: '', op: 'Gelu', domain: 'com.microsoft' })
})

it('rejects a weight whose bytes are not those its shape needs', () => {
  const initializer = (dims: number[]) => [
    { name: 'kernel', dims, dataType: DataType.FLOAT, rawData: float32Bytes(counting(100)) },
  ]
  expect(() => loaded({ initializer: initializer([10, 10]) })).not.toThrow()
  expect(() => loaded({ initializer: initializer([10, 11]) })).toThrow(/"kernel" has 400 bytes.* needs 440/)
  expect(() => loaded({ initializer: initializer([2 ** 40, 2 ** 40]) })).toThrow(/"kernel" has 400 bytes/)
  expect(() => loaded({ initializer: initializer([-10, -10]) })).toThrow(/"kernel" has the shape -10x-10/)
})

/** Writes a model whose last tensor has `valueBytes` of zeros that take no room on the disk. */
function putWithHole(name: string, valueBytes: number): string {
  const tensor = onnx.TensorProto.encode({ name: 'huge', dims: [valueBytes / 4], dataType: DataType.FLOAT }).finish()
  const start = Buffer.concat([tensor, fieldHeader(rawDataField, valueBytes)])
  const rest = onnx.GraphProto.encode({
    output: [value('y', [1])],
    node: [{ opType: 'Relu', input: ['huge'], output: ['y'] }],
  }).finish()
  const initializer = Buffer.concat([fieldHeader(initializerField, start.length + valueBytes), start])
  const graphLength = rest.length + initializer.length + valueBytes
  const opset = onnx.ModelProto.encode({ irVersion: 8, opsetImport: [{ domain: '', version: 17 }] }).finish()
  const before = Buffer.concat([opset, fieldHeader(graphField, graphLength), rest, initializer])
  const path = join(folder, name)
  const fd = openSync(path, 'w')
  writeSync(fd, before)
  ftruncateSync(fd, before.length + valueBytes)
  closeSync(fd)
  return path
}

it('loads a file of 8 GiB of weights, more than a buffer can hold, in a few megabytes', () => {
  const valueBytes = 8 * 2 ** 30
  const path = putWithHole('huge.onnx', valueBytes)
  const before = process.memoryUsage.rss()
  const model = load(path)
  expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20)
  const { data, dims } = weightOf(model, 'huge')
  expect(dims).toEqual([valueBytes / 4])
  expect(data).toMatchObject({ kind: 'file', path, byteLength: valueBytes })
})

vi.mock('node:fs', { spy: true })

it('reads no more than one window of a weight', () => {
  const path = putWithHole('counted.onnx', 64 * 2 ** 20)
  vi.mocked(readSync).mockClear()
  const model = load(path)
  expect(weightOf(model, 'huge').data.kind).toBe('file')
  const results = vi.mocked(readSync).mock.results.map((result) => Number(result.value))
  expect(results.length).toBeGreaterThan(0)
  expect(results.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(1024 * 1024)
})

it('does not fill memory with a structure that no network has', () => {
  const length = 2 ** 30
  const path = join(folder, 'fat.onnx')
  const fd = openSync(path, 'w')
  const docString = 6
  const header = fieldHeader(docString, length)
  writeSync(fd, header)
  ftruncateSync(fd, header.length + length)
  closeSync(fd)
  const before = process.memoryUsage.rss()
  expect(() => load(path)).toThrow(/structure, without the weights, takes more than 512 MiB/)
  expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20)
})

it('makes a skeleton that is the file itself where nothing is large', () => {
  const bytes = modelBytes({ node: [{ opType: 'Relu', input: ['x'], output: ['y'] }], output: [value('y', [1])] })
  const path = put(folder, 'small.onnx', bytes)
  const fd = openSync(path, 'r')
  try {
    const skeleton = readSkeleton(new FileWindow(fd, bytes.length), bytes.length)
    expect(Buffer.from(skeleton.bytes)).toEqual(Buffer.from(bytes))
    expect(skeleton.elided).toEqual([])
  } finally {
    closeSync(fd)
  }
})

it('finds every weight of a model far larger than the window', () => {
  // 60 weights of 40 kB, sizes apart so that they straddle the windows of 256 KiB differently
  const weights = Array.from({ length: 60 }, (_, index) => ({
    name: `w${index}`,
    dims: [10_000 + 7 * index],
    dataType: DataType.FLOAT,
    rawData: float32Bytes(counting(10_000 + 7 * index, index)),
  }))
  const model = loaded({ initializer: weights })
  for (const { name, rawData, dims } of weights) {
    expect(weightOf(model, name).dims).toEqual(dims)
    expect(valuesOf(weightOf(model, name)).equals(rawData)).toBe(true)
  }
})
