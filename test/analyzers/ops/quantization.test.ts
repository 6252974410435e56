import { describe, expect, it } from 'vitest'
import { quantization } from '../../../src/analyzers/ops/quantization.js'
import { costOf, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf, ruleFor } from './input.js'

const x = [2, 3, 4] // 24 elements
const image = [1, 2, 4, 4] // 32
const filters = [3, 2, 3, 3] // 54, 18 a filter
const map = [1, 3, 2, 2] // 12
const scalar: number[] = []

/** Hand-computed: operator, attributes, inputs, y, FLOPs beyond MACs, MACs. */
const table: [...Row, macs: number][] = [
  // division, rounding, addition, two comparisons for each of 24; no addition without a zero point
  ['QuantizeLinear', {}, from(x, scalar, scalar), x, 120, 0],
  ['QuantizeLinear', {}, from(x, scalar), x, 96, 0],
  ['QuantizeLinear', { axis: 1 }, from(x, [3], [3]), x, 120, 0],
  ['QuantizeLinear', { axis: 2, block_size: 2 }, from(x, [2, 3, 2], [2, 3, 2]), x, 120, 0],
  // subtraction and multiplication
  ['DequantizeLinear', {}, from(x, scalar, scalar), x, 48, 0],
  ['DequantizeLinear', {}, from(x, scalar), x, 24, 0],
  ['DequantizeLinear', { axis: 1 }, from(x, [3], [3]), x, 48, 0],
  ['DequantizeLinear', { axis: 2, block_size: 2 }, from(x, [2, 3, 2]), x, 24, 0],
  // min and max with 0: 24 comparisons each; 5·24; range, scale, and a zero point of div, sub, round, min, max
  ['DynamicQuantizeLinear', {}, from(x), x, 175, 0],
  // 12 dot products of 18; 32 + 54 zero points; 5·12 to requantize; 12 additions of a bias
  ['QLinearConv', {}, from(image, [], [], filters, [], [], [], []), map, 146, 216],
  ['QLinearConv', {}, from(image, [], [], filters, [3], [3], [], [], [3]), map, 158, 216],
  // depthwise: 16 outputs of 9; 64 + 36 + 80
  [
    ...(['QLinearConv', { group: 4 }, from([1, 4, 4, 4], [], [], [4, 1, 3, 3], [], [], [], [])] as const),
    ...([[1, 4, 2, 2], 180, 144] as const),
  ],
  ['ConvInteger', {}, from(image, filters), map, 0, 216],
  ['ConvInteger', {}, from(image, filters, []), map, 32, 216],
  ['ConvInteger', {}, from(image, filters, [], [3]), map, 86, 216],
  ['ConvInteger', {}, from(image, filters, undefined, [3]), map, 54, 216],
  // 20 dot products of 3; 12 + 15 zero points; 5·20
  ['QLinearMatMul', {}, from([4, 3], [], [], [3, 5], [], [], [], []), [4, 5], 127, 60],
  ['QLinearMatMul', {}, from([3], [], [], [3, 5], [], [], [], []), [5], 43, 15], // 3 + 15 + 25
  ['MatMulInteger', {}, from([4, 3], [3, 5]), [4, 5], 0, 60],
  ['MatMulInteger', {}, from([4, 3], [3, 5], []), [4, 5], 12, 60],
  ['MatMulInteger', {}, from([4, 3], [3, 5], [4], [5]), [4, 5], 27, 60],
  ['MatMulInteger', {}, from([2, 4, 3], [3, 5], undefined, []), [2, 4, 5], 15, 120],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops, macs) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(quantization))
  })
})

describe('roles', () => {
  const setting = 'setting'
  it.each([
    ['QuantizeLinear', ['operand', setting, setting]],
    ['DequantizeLinear', ['quantized', setting, setting]],
    ['DynamicQuantizeLinear', ['operand']],
    [
      'QLinearConv',
      ['quantized', setting, setting, 'quantized', setting, setting, setting, setting, 'quantized'], // int32 bias
    ],
    ['ConvInteger', ['quantized', 'quantized', setting, setting]],
    ['QLinearMatMul', ['quantized', setting, setting, 'quantized', setting, setting, setting, setting]],
    ['MatMulInteger', ['quantized', 'quantized', setting, setting]],
  ])('%s: %j', (op, roles) => {
    expect(rolesOf(op, roles.length)).toEqual(roles)
  })
})

it.each([
  ['QLinearConv', [0, 3]],
  ['QLinearMatMul', [0, 3]],
  ['ConvInteger', [0, 1]],
  ['MatMulInteger', [0, 1]],
])('%s multiplies its inputs %j', (op, operands) => {
  expect(ruleFor(op).operands).toEqual(operands)
})

it.each([
  ['QuantizeLinear', 'elementwise', from(x, [])],
  ['DequantizeLinear', 'elementwise', from(x, [])],
  ['DynamicQuantizeLinear', 'elementwise', from(x)],
  ['QLinearMatMul', 'matmul', from([4, 3], [], [], [3, 5])],
  ['MatMulInteger', 'matmul', from([4, 3], [3, 5])],
  ['QLinearConv', 'dense-conv', from(image, [], [], filters)],
  ['QLinearConv', 'pointwise-conv', from(image, [], [], [3, 2, 1, 1])],
  ['ConvInteger', 'dense-conv', from(image, filters)],
])('kernel class of %s: %s', (op, expected, inputs) => {
  expect(kernelClassOf(node(op, inputs, map))).toBe(expected)
})

it.each([
  ['QLinearConv', from([1, 4, 4, 4], [], [], [4, 1, 3, 3])],
  ['ConvInteger', from([1, 4, 4, 4], [4, 1, 3, 3])],
])('%s may be depthwise', (op, inputs) => {
  expect(kernelClassOf(node(op, inputs, [1, 4, 2, 2], { group: 4 }))).toBe('depthwise-conv')
})
