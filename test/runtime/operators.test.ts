import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { noBinding } from '../../src/onnx/bind.js'
import { elements } from '../../src/onnx/element-types.js'
import { load } from '../../src/onnx/load.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import { modelBytes, onnx, put, temporaryFolder, value } from '../onnx/files.js'

const folder = temporaryFolder()
const { DataType } = onnx.TensorProto
const { INT, INTS, FLOAT, STRING } = onnx.AttributeProto.AttributeType

type Dims = readonly number[]
/** A tensor that a node is given: of the caller's, or (`held`) of the model's own, as `weight` or with these `values`. */
interface Given {
  readonly dims: Dims
  readonly type: number
  readonly held: 'no' | 'weight' | readonly number[]
}

const x = (...dims: number[]): Given => ({ dims, type: DataType.FLOAT, held: 'no' })
const weight = (...dims: number[]): Given => ({ dims, type: DataType.FLOAT, held: 'weight' })
const int8 = (given: Given): Given => ({ ...given, type: DataType.INT8 })
const uint8 = (given: Given): Given => ({ ...given, type: DataType.UINT8 })
const int32 = (given: Given): Given => ({ ...given, type: DataType.INT32 })
const int64 = (...values: number[]): Given => ({ dims: [values.length], type: DataType.INT64, held: values })
const scalar = (value: number): Given => ({ ...int64(value), dims: [] })

const ints = (name: string, ...ints: number[]) => ({ name, type: INTS, ints })
const int = (name: string, i: number) => ({ name, type: INT, i })
const float = (name: string, f: number) => ({ name, type: FLOAT, f })
const text = (name: string, s: string) => ({ name, type: STRING, s: new TextEncoder().encode(s) })

interface Case {
  readonly op: string
  readonly given: readonly (Given | null)[]
  readonly attributes?: object[]
  readonly outputs?: number
  readonly opset?: number
  readonly expected: Record<string, unknown>
}

function model({ op, given, attributes = [], outputs = 1, opset = 17 }: Case): Uint8Array {
  const named = given.map((given, place) => ({ name: given === null ? '' : `i${place}`, given }))
  const present = named.flatMap(({ name, given }) => (given === null ? [] : [{ name, given }]))
  const ofCaller = present.filter(({ given }) => given.held === 'no')
  const held = present.filter(({ given }) => given.held !== 'no')
  const names = Array.from({ length: outputs }, (_, place) => `y${place}`)
  return modelBytes(
    {
      input: ofCaller.map(({ name, given }) => value(name, [...given.dims], given.type)),
      output: [{ name: 'y0' }],
      initializer: held.map(({ name, given: { dims, type, held } }) => ({
        ...{ name, dims: [...dims], dataType: type },
        ...(typeof held === 'string'
          ? { rawData: new Uint8Array(elements(dims) * (type === DataType.FLOAT || type === DataType.INT32 ? 4 : 1)) }
          : { int64Data: [...held] }),
      })),
      node: [{ opType: op, input: named.map(({ name }) => name), output: names, attribute: attributes }],
    },
    { opset, irVersion: 10 },
  )
}

const zero = int8(weight())
const quantized = [int8(x(1, 2, 4, 4)), weight(), zero, int8(weight(3, 2, 3, 3)), weight(3), int8(weight(3))]

/** Costs by hand of shapes that onnxruntime finds; FLOPs are all, two a MAC. */
const table: Case[] = [
  // a 3x3 of stride 2, its size from the filter, SAME: 16 places · 4 filters · 27
  {
    op: 'Conv',
    attributes: [text('auto_pad', 'SAME_UPPER'), ints('strides', 2, 2)],
    given: [x(1, 3, 7, 7), weight(4, 3, 3, 3)],
    expected: { outputShape: [1, 4, 4, 4], macs: 1_728, params: 108 },
  },
  // 72 inputs · 2·8 weights, two groups
  {
    op: 'ConvTranspose',
    attributes: [int('group', 2), ints('strides', 2, 2, 2)],
    given: [x(1, 4, 2, 3, 3), weight(4, 2, 2, 2, 2)],
    expected: { outputShape: [1, 4, 4, 6, 6], macs: 1_152, params: 64, kernelClass: 'grouped-conv' },
  },
  // 9 windows of 4, rounded up
  {
    op: 'MaxPool',
    attributes: [ints('kernel_shape', 2, 2), ints('strides', 2, 2), int('ceil_mode', 1)],
    given: [x(1, 1, 5, 5)],
    expected: { outputShape: [1, 1, 3, 3], flops: 27 },
  },
  { op: 'MatMul', given: [x(9), x(2, 9, 4)], expected: { outputShape: [2, 4], macs: 72 } },
  { op: 'MatMul', given: [x(2, 6, 9), x(9)], expected: { outputShape: [2, 6], macs: 108 } },
  { op: 'MatMul', given: [x(9), x(9)], expected: { outputShape: [], macs: 9 } },
  {
    op: 'Gemm',
    attributes: [int('transA', 1), int('transB', 1), float('alpha', 0.5)],
    given: [x(3, 4), weight(5, 3), weight(5)],
    expected: { outputShape: [4, 5], macs: 60, flops: 160, params: 20 }, // 120 + 20 of C + 20 of alpha
  },
  {
    op: 'Einsum',
    attributes: [text('equation', '...ij,...jk')],
    given: [x(4, 1, 3, 5), weight(1, 2, 5, 7)],
    expected: { outputShape: [4, 2, 3, 7], macs: 840, params: 70, kernelClass: 'matmul' },
  },
  // 3 steps · 2 sequences · 2 directions · 20 rows · 9; a unit 30 with biases; initial states are not trained
  {
    op: 'LSTM',
    attributes: [text('direction', 'bidirectional'), int('hidden_size', 5)],
    given: [x(3, 2, 4), weight(2, 20, 4), weight(2, 20, 5), weight(2, 40), null, weight(2, 2, 5), weight(2, 2, 5)],
    outputs: 3,
    expected: { outputShape: [3, 2, 2, 5], macs: 2_160, flops: 4_320 + 1_800, params: 160 + 200 + 80, buffers: 0 },
  },
  // only the last state is asked for: it costs the same
  {
    op: 'GRU',
    attributes: [int('hidden_size', 5), int('linear_before_reset', 1)],
    given: [x(3, 2, 4), weight(1, 15, 4), weight(1, 15, 5)],
    expected: { macs: 810, flops: 1_620 + 510, params: 60 + 75 },
  },
  // 12 dot products of 18, 32 + 54 zero points, 5·12, a bias of 12
  {
    op: 'QLinearConv',
    given: [...quantized, weight(), zero, int32(weight(3))],
    expected: {
      ...{ outputShape: [1, 3, 2, 2], macs: 216, flops: 432 + 158, params: 57, paramBytes: 54 + 12 },
      ...{ operandTypes: 'int8 x int8', kernelClass: 'dense-conv' },
    },
  },
  {
    op: 'QLinearMatMul',
    given: [uint8(x(4, 3)), weight(), uint8(weight()), int8(weight(3, 5)), weight(), zero, weight(), uint8(weight())],
    expected: { outputShape: [4, 5], macs: 60, flops: 120 + 127, params: 15, operandTypes: 'uint8 x int8' },
  },
  {
    op: 'MatMulInteger',
    given: [uint8(x(4, 3)), int8(weight(3, 5)), uint8(weight()), int8(weight(5))],
    expected: { outputShape: [4, 5], macs: 60, flops: 120 + 27, params: 15, paramBytes: 15 },
  },
  {
    op: 'ConvInteger',
    given: [uint8(x(1, 2, 4, 4)), uint8(weight(3, 2, 3, 3)), uint8(weight())],
    expected: { outputShape: [1, 3, 2, 2], macs: 216, flops: 432 + 32, params: 54, operandTypes: 'uint8 x uint8' },
  },
  { op: 'DynamicQuantizeLinear', given: [x(2, 3, 4)], outputs: 3, expected: { flops: 175 } },
  // 6 + 10 keys: 1024 scores of 16 + 16; 2048 scaled, 5·1024
  {
    op: 'Attention',
    opset: 23,
    given: [x(2, 8, 4, 16), x(2, 2, 6, 16), x(2, 2, 6, 16), null, x(2, 2, 10, 16), x(2, 2, 10, 16)],
    outputs: 3,
    expected: { outputShape: [2, 8, 4, 16], macs: 32_768, flops: 65_536 + 7_168 },
  },
  {
    op: 'RotaryEmbedding',
    opset: 23,
    given: [x(2, 8, 4, 16), weight(50, 8), weight(50, 8), { ...int64(...Array(8).fill(0)), dims: [2, 4] }],
    expected: { flops: 3_072, params: 0 },
  },
  // of 8 real numbers, 5 kept: 2.5·8·3 a line
  {
    op: 'DFT',
    opset: 20,
    attributes: [int('onesided', 1)],
    given: [x(2, 8, 1), null, scalar(1)],
    expected: { outputShape: [2, 5, 2], flops: 120 },
  },
  {
    op: 'STFT',
    given: [x(2, 64, 1), scalar(8), weight(16)],
    expected: { outputShape: [2, 7, 9, 2], flops: 2_464, params: 0 },
  },
  {
    op: 'RoiAlign',
    attributes: [int('output_height', 2), int('output_width', 2), int('sampling_ratio', 2)],
    given: [x(1, 3, 10, 10), x(4, 4), int64(0, 0, 0, 0)],
    expected: { outputShape: [4, 3, 2, 2], flops: 1_536 },
  },
  { op: 'Det', given: [x(2, 3, 3)], expected: { outputShape: [2], flops: 30 } },
  // outputs as long as the data say: what the inputs decide is counted, and bytes are not known
  { op: 'NonZero', given: [x(10, 8)], expected: { status: 'counted', outputShape: null, flops: 80, writeBytes: null } },
  {
    op: 'NonMaxSuppression',
    given: [x(1, 100, 4), x(1, 5, 100), scalar(10)],
    expected: { status: 'counted', outputShape: null, flops: 500, readBytes: null },
  },
  { op: 'Unique', given: [x(10, 8)], expected: { status: 'counted', flops: 80 } },
  // only a shape is read, or only a type
  { op: 'RandomNormalLike', given: [x(2, 3)], expected: { flops: 12, readBytes: 0, writeBytes: 24 } },
  { op: 'CastLike', given: [x(2, 3), x(50, 50)], expected: { status: 'free', readBytes: 24, writeBytes: 24 } },
]

describe('an operator over shapes that onnxruntime finds', () => {
  it.each(table)('$op', async (one) => {
    const { layers } = analyze(await inferShapes(load(put(folder, 'model.onnx', model(one))), noBinding))
    expect(layers).toHaveLength(1)
    expect(layers[0]).toMatchObject(one.expected)
  })
})
