import { expect, it } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { noBinding } from '../../src/onnx/bind.js'
import { load } from '../../src/onnx/load.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import { constantNode, modelBytes, onnx, put, temporaryFolder, value } from '../onnx/files.js'

const folder = temporaryFolder()
const { FLOAT, FLOAT16, BFLOAT16, INT8, UINT8, INT32, INT64 } = onnx.TensorProto.DataType
const { INT } = onnx.AttributeProto.AttributeType

type Graph = Parameters<typeof modelBytes>[0]

const bytesOf = new Map<number, number>([
  [FLOAT, 4],
  [FLOAT16, 2],
  [BFLOAT16, 2],
  [INT8, 1],
  [UINT8, 1],
  [INT32, 4],
  [INT64, 8],
])

/** A tensor whose values do not matter, but are not zero. */
const tensor = (dims: number[], dataType: number = FLOAT) => ({
  dims,
  dataType,
  rawData: new Uint8Array(dims.reduce((product, dim) => product * dim, 1) * (bytesOf.get(dataType) ?? 0)).fill(1),
})

const weight = (name: string, dims: number[], dataType?: number) => ({ name, ...tensor(dims, dataType) })

const node = (opType: string, inputs: string, output: string, attribute: object[] = []) => ({
  opType,
  input: inputs.split(' '),
  output: [output],
  attribute,
})
const int = (name: string, i: number) => ({ name, type: INT, i })

async function totalsOf(graph: Graph) {
  const bytes = modelBytes({ output: [value('y', [])], ...graph }, { opset: 21, irVersion: 10 })
  const { totals, layers, byOp } = analyze(await inferShapes(load(put(folder, 'model.onnx', bytes)), noBinding))
  return { ...totals, layers, byOp }
}

it('counts a weight once that two layers share', async () => {
  const totals = await totalsOf({
    input: [value('x', [1, 8])],
    initializer: [weight('w', [8, 8])],
    node: [node('MatMul', 'x w', 'h'), node('MatMul', 'h w', 'y')],
  })
  expect(totals).toMatchObject({ params: 64, paramBytes: 256, macs: 128 })
})

it('counts a weight once that two layers read through two chains of copies', async () => {
  const totals = await totalsOf({
    input: [value('x', [1, 8], FLOAT)],
    initializer: [weight('w', [8, 8], FLOAT16)],
    node: [
      node('Cast', 'w', 'w1', [int('to', FLOAT)]),
      node('Transpose', 'w1', 'w2'),
      node('Cast', 'w', 'w3', [int('to', FLOAT)]),
      node('MatMul', 'x w2', 'h'),
      node('MatMul', 'h w3', 'y'),
    ],
  })
  // as stored, 2 bytes each
  expect(totals).toMatchObject({ params: 64, paramBytes: 128 })
  expect(totals.layers.map(({ params }) => params)).toEqual([0, 0, 0, 64, 0])
})

it('counts what Constant nodes hold, a tensor or a list, and what ConstantOfShape fills for a layer', async () => {
  const totals = await totalsOf({
    input: [value('x', [1, 8])],
    initializer: [{ name: 'shape', dims: [2], dataType: INT64, int64Data: [8, 4] }],
    node: [
      constantNode('w', tensor([8, 8])),
      {
        opType: 'Constant',
        output: ['bias'],
        attribute: [{ name: 'value_floats', type: onnx.AttributeProto.AttributeType.FLOATS, floats: Array(8).fill(1) }],
      },
      node('ConstantOfShape', 'shape', 'v'),
      node('MatMul', 'x w', 'h'),
      node('Add', 'h bias', 'i'),
      node('MatMul', 'i v', 'y'),
    ],
  })
  expect(totals.params).toBe(64 + 8 + 32)
})

/** x [1, 3, 8, 8] quantised to uint8, a 4 of 3x3x3 of int8 with one scale a filter, and a bias of int32. */
const quantised: Graph = {
  input: [value('x', [1, 3, 8, 8])],
  initializer: [
    weight('scale', []),
    weight('zero', [], UINT8),
    weight('w', [4, 3, 3, 3], INT8),
    weight('wScale', [4]),
    weight('wZero', [4], INT8),
    weight('b', [4], INT32),
    weight('bScale', [4]),
  ],
  node: [
    node('QuantizeLinear', 'x scale zero', 'xq'),
    node('DequantizeLinear', 'xq scale zero', 'xd'),
    node('DequantizeLinear', 'w wScale wZero', 'wd', [int('axis', 0)]),
    node('DequantizeLinear', 'b bScale', 'bd', [int('axis', 0)]),
    node('Conv', 'xd wd bd', 'c'),
    node('QuantizeLinear', 'c scale zero', 'cq'),
    node('DequantizeLinear', 'cq scale zero', 'y'),
  ],
}

it('counts quantised weights as what they stand for, scales and zero points as nothing', async () => {
  const totals = await totalsOf(quantised)
  expect(totals.params).toBe(4 * 27 + 4)
  // int8 weights and int32 biases
  expect(totals.paramBytes).toBe(4 * 27 + 4 * 4)
  expect(totals.layers.find(({ op }) => op === 'Conv')).toMatchObject({ params: 112, macs: 36 * 4 * 27 })
})

it('counts the integer arithmetic that QDQ stands for', async () => {
  const totals = await totalsOf(quantised)
  expect(totals.macsByType).toEqual([{ types: 'uint8 x int8', macs: 36 * 4 * 27 }])
})

it('tells weights that are quantised alone from arithmetic that is', async () => {
  const totals = await totalsOf({
    input: [value('x', [1, 8])],
    initializer: [weight('w', [8, 4], INT8), weight('s', [])],
    node: [node('DequantizeLinear', 'w s', 'd'), node('MatMul', 'x d', 'y')],
  })
  expect(totals.macsByType).toEqual([{ types: 'float32 x int8', macs: 32 }])
  expect(totals).toMatchObject({ params: 32, paramBytes: 32 })
})

it('counts weights of 4 bits at half a byte', async () => {
  const totals = await totalsOf({
    input: [value('x', [1, 8])],
    initializer: [{ name: 'w', dims: [8, 5], dataType: 22, rawData: new Uint8Array(20).fill(0x11) }, weight('s', [])],
    node: [node('DequantizeLinear', 'w s', 'd'), node('MatMul', 'x d', 'y')],
  })
  expect(totals).toMatchObject({ params: 40, paramBytes: 20 })
  expect(totals.macsByType).toEqual([{ types: 'float32 x int4', macs: 40 }])
})

it('counts weights of float8 at a byte', async () => {
  const float8e4m3fn = 17
  const totals = await totalsOf({
    input: [value('x', [1, 8])],
    initializer: [
      { name: 'w', dims: [8, 16], dataType: float8e4m3fn, rawData: new Uint8Array(128).fill(0x38) },
      weight('s', []),
    ],
    node: [node('DequantizeLinear', 'w s', 'd'), node('MatMul', 'x d', 'y')],
  })
  expect(totals).toMatchObject({ params: 128, paramBytes: 128, macs: 128 })
  expect(totals.macsByType).toEqual([{ types: 'float32 x float8e4m3fn', macs: 128 }])
  // x and d for MatMul; w and s for the other
  expect(totals.readBytes).toBe(4 * 8 + 4 * 128 + (128 + 4))
})

it('counts zeros that an LSTM starts with as no weight, also through Expand', async () => {
  const totals = await totalsOf({
    input: [value('x', [5, 1, 4])],
    initializer: [
      weight('w', [1, 32, 4]),
      weight('r', [1, 32, 8]),
      { name: 'zeros', dims: [1, 1, 8], dataType: FLOAT, rawData: new Uint8Array(32) },
      { name: 'shape', dims: [3], dataType: INT64, int64Data: [1, 1, 8] },
    ],
    node: [
      node('Expand', 'zeros shape', 'h'),
      {
        opType: 'LSTM',
        input: ['x', 'w', 'r', '', '', 'h', 'h'],
        output: ['y'],
        attribute: [int('hidden_size', 8)],
      },
    ],
  })
  // four gates of 8 by 4 inputs and 8 states
  expect(totals.params).toBe(4 * 8 * (4 + 8))
  expect(totals.macs).toBe(5 * 4 * 8 * (4 + 8))
})

it('counts an operator by its counted nodes, and says how many are not', async () => {
  const totals = await totalsOf({
    input: [value('x', [2, 3]), value('s', [2], INT64)],
    node: [
      node('Abs', 'x', 'a'),
      node('Cast', 's', 't', [int('to', INT64)]),
      node('Reshape', 'x t', 'r'),
      node('Abs', 'r', 'y'),
    ],
  })
  expect(totals.byOp.find(({ op }) => op === 'Abs')).toMatchObject({
    count: 2,
    uncounted: 1,
    flops: 6,
    readBytes: null,
  })
})

it('counts embeddings, but neither indices nor shapes', async () => {
  const totals = await totalsOf({
    input: [value('ids', [1, 6], INT64)],
    initializer: [
      weight('table', [100, 16]),
      { name: 'shape', dims: [2], dataType: INT64, int64Data: [6, 16] },
      { name: 'positions', dims: [6], dataType: INT64, int64Data: [0, 1, 2, 3, 4, 5] },
    ],
    node: [node('Gather', 'table ids', 'e'), node('Reshape', 'e shape', 'r'), node('Gather', 'r positions', 'y')],
  })
  expect(totals).toMatchObject({ params: 1600, paramBytes: 6400, buffers: 0 })
})

it('counts integers that are cast to numbers and added as no weight', async () => {
  const totals = await totalsOf({
    input: [value('x', [1, 6])],
    initializer: [{ name: 'positions', dims: [6], dataType: INT64, int64Data: [0, 1, 2, 3, 4, 5] }],
    node: [node('Cast', 'positions', 'p', [int('to', FLOAT)]), node('Add', 'x p', 'y')],
  })
  expect(totals.params).toBe(0)
})

it('counts the running statistics of BatchNormalization as buffers', async () => {
  const totals = await totalsOf({
    input: [value('x', [1, 10, 4, 4])],
    initializer: ['scale', 'shift', 'mean', 'variance'].map((name) => weight(name, [10])),
    node: [node('BatchNormalization', 'x scale shift mean variance', 'y')],
  })
  expect(totals).toMatchObject({ params: 20, buffers: 20 })
})

it('counts of a sparse weight the values that it stores, with their indices in bytes', async () => {
  const totals = await totalsOf({
    input: [value('x', [1, 64])],
    sparseInitializer: [
      {
        dims: [64, 64],
        values: { name: 'w', ...tensor([100]) },
        indices: { name: 'at', dims: [100], dataType: INT64, int64Data: Array.from({ length: 100 }, (_, i) => i * 40) },
      },
    ],
    node: [node('MatMul', 'x w', 'y')],
  })
  // onnxruntime multiplies the dense matrix
  expect(totals).toMatchObject({ params: 100, paramBytes: 100 * (4 + 8), macs: 64 * 64 })
})

it.each([
  ['float16', FLOAT16, 2],
  ['bfloat16', BFLOAT16, 2],
  ['float32', FLOAT, 4],
])('moves %s at its own width', async (name, type, width) => {
  const totals = await totalsOf({
    input: [value('x', [1, 8], type)],
    initializer: [weight('w', [8, 16], type)],
    node: [node('MatMul', 'x w', 'y')],
  })
  expect(totals).toMatchObject({ readBytes: width * (8 + 128), writeBytes: width * 16, paramBytes: width * 128 })
  expect(totals.macsByType).toEqual([{ types: `${name} x ${name}`, macs: 128 }])
})
