import { describe, expect, it } from 'vitest'
import { contribQuantization } from '../../../../src/analyzers/ops/contrib/quantization.js'
import { quantizedLayers } from '../../../../src/analyzers/ops/contrib/quantized-layers.js'
import { costOf, costOfAll, float, kernelClassOf, node, rolesOf } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const y = [1, 4, 6, 6]
const layer = [[1, 3, 8, 8], [], [], [4, 3, 3, 3], [], [], [], [], [4]]

/** x has 192 elements, y 144; a shape of [] is a scale or a zero point that is there. */
const layers: ContribRow[] = [
  // filters of 27; 192 + 108 zero points, five to requantize and one for the bias
  ['QLinearConv', {}, layer, [y], 3_888, 1_164],
  ['QLinearConv', { channels_last: 1 }, [[1, 8, 8, 3], ...layer.slice(1, 8)], [[1, 6, 6, 4]], 3_888, 1_020],
  // 18 inputs times filters of 16; 18 + 32 zero points and five to requantize
  ['QLinearConvTranspose', {}, [[1, 2, 3, 3], [], [], [2, 4, 2, 2], [], [], [], []], [y], 288, 770],
  // 4·5 dot products of length 3; 12 + 15 zero points; five to requantize, one for C
  ['QGemm', {}, [[4, 3], [], [], [3, 5], [], [], [5], [], []], [[4, 5]], 60, 147],
  // without Y's scale one multiplication makes a float, whatever alpha is
  ['QGemm', { transB: 1 }, [[4, 3], [], [], [5, 3], [], []], [[4, 5]], 60, 47],
  ['QGemm', { transA: 1, alpha: float(0.5) }, [[3, 4], [], [], [3, 5], [], []], [[4, 5]], 60, 47],
  // 12 + 15 zero points, one multiplication and one for the bias
  ['MatMulIntegerToFloat', {}, [[4, 3], [3, 5], [], [], [], [], [5]], [[4, 5]], 60, 67],
  ['MatMulIntegerToFloat', {}, [[4, 3], [3, 5], [], []], [[4, 5]], 60, 20],
  // two dequantized, one operation, one quantized: 2·2 + 1 + 5
  ['QLinearAdd', {}, [y, [], [], y, [], [], [], []], [y], 0, 1_440],
  // without zero points 2·1 + 1 + 4
  ['QLinearAdd', {}, [y, [], undefined, y, [], undefined, []], [y], 0, 1_008],
  // B has four elements to dequantize: 2·144 + 2·4 + 144 + 5·144
  ['QLinearMul', {}, [y, [], [], [4, 1, 1], [], [], [], []], [y], 0, 1_160],
  // 2 + 4 + 5, 2 + 2 + 5, 2 + 5 + 5
  ['QLinearSigmoid', {}, [y, [], [], [], []], [y], 0, 1_584],
  ['QLinearLeakyRelu', {}, [y, [], [], [], []], [y], 0, 1_296],
  ['QLinearSoftmax', { axis: 1 }, [y, [], [], [], []], [y], 0, 1_728],
  // 36 outputs of windows of four; all 144 inputs dequantized, the outputs quantized: 144 + 2·144 + 5·36
  ['QLinearAveragePool', { kernel_shape: [2, 2] }, [y, [], [], [], []], [[1, 4, 3, 3]], 0, 612],
  // without zero points 144 + 144 + 4·36
  ['QLinearAveragePool', { kernel_shape: [2, 2] }, [y, [], undefined, []], [[1, 4, 3, 3]], 0, 432],
  // 144 additions and divisions, 2·144 and 5·4
  ['QLinearGlobalAveragePool', {}, [y, [], [], [], []], [[1, 4, 1, 1]], 0, 452],
  ['QLinearReduceMean', { axes: [2, 3] }, [y, [], [], [], []], [[1, 4, 1, 1]], 0, 452],
  // 2 + 5
  ['QLinearConcat', { axis: 1 }, [[], [], [1, 2, 6, 6], [], [], [1, 2, 6, 6], [], []], [y], 0, 1_008],
  // only the second of two halves has a zero point: 72 + 2·72 + 5·144
  ['QLinearConcat', { axis: 1 }, [[], [], [1, 2, 6, 6], [], undefined, [1, 2, 6, 6], [], []], [y], 0, 936],
  // 1 + 2 + 5
  ['QLinearWhere', {}, [y, y, [], [], y, [], [], [], []], [y], 0, 1_152],
  // two differences and a product
  ['MulInteger', {}, [y, [], y, []], [y], 0, 432],
  // B alone has a zero point, and four elements
  ['MulInteger', {}, [y, undefined, [4, 1, 1], []], [y], 0, 148],
  ['ReduceSumInteger', { axes: [2, 3] }, [y], [[1, 4, 1, 1]], 0, 140],
  ['NhwcMaxPool', { kernel_shape: [2, 2] }, [[1, 6, 6, 4]], [[1, 3, 3, 4]], 0, 108],
]

const others: ContribRow[] = [
  // division, rounding, two comparisons; an addition with a zero point
  ['QuantizeLinear', {}, [y, [], []], [y], 0, 720],
  ['QuantizeLinear', {}, [y, []], [y], 0, 576],
  ['QuantizeWithOrder', {}, [y, []], [y], 0, 576],
  // multiplication; a subtraction with a zero point
  ['DequantizeLinear', {}, [y, [], []], [y], 0, 288],
  ['DequantizeLinear', {}, [y, []], [y], 0, 144],
  ['DequantizeWithOrder', {}, [y, []], [y], 0, 144],
  // 60 MACs; 7·12 + 7 to quantize A; 12 + 15 zero points; 20 results made floats, and a bias
  ['DynamicQuantizeMatMul', {}, [[4, 3], [3, 5], [], [], [5]], [[4, 5]], 60, 158],
  ['DynamicQuantizeMatMul', {}, [[4, 3], [3, 5], []], [[4, 5]], 60, 123],
  // 2·4·5 results of four; bias one, C scaled and added
  ['QOrderedMatMul', {}, [[2, 4, 3], [], [3, 5], [], []], [[2, 4, 5]], 120, 160],
  ['QOrderedMatMul', {}, [[2, 4, 3], [], [3, 5], [], [], [5], [2, 4, 5], []], [[2, 4, 5]], 120, 280],
  // 1 + 5 + 4
  ['QOrderedGelu', {}, [y, [], []], [y], 0, 1_440],
  // 40 elements: seven and two for each of eight lines, 1 + 4 to dequantize and quantize
  ['QOrderedLayerNormalization', {}, [[2, 4, 5], [], [5], [5], []], [[2, 4, 5]], 0, 496],
]

describe('cost of layers', () => expectCosts(quantizedLayers, layers))
describe('cost', () => expectCosts(contribQuantization, others))

it('a QLinearConvTranspose without stride costs what the QLinearConv of the same sizes does', () => {
  const x = [1, 4, 6, 6]
  const inputs = [x, [], [], [4, 4, 1, 1], [], [], [], []]
  expect(costOf(nodeOf(['QLinearConvTranspose', {}, inputs, [x], 0, 0]))).toEqual(
    costOf(node('QLinearConv', inputs, x)),
  )
})

const [a, b, c] = [
  [4, 3],
  [3, 5],
  [4, 5],
]

it('MatMulIntegerToFloat is MatMulInteger, Mul and Add', () => {
  const parts = [node('MatMulInteger', [a, b, [], []], c), node('Mul', [c, []], c), node('Add', [c, [5]], c)]
  expect(costOf(nodeOf(['MatMulIntegerToFloat', {}, [a, b, [], [], [], [], [5]], [c], 0, 0]))).toEqual(costOfAll(parts))
})

it('DynamicQuantizeMatMul is DynamicQuantizeLinear and MatMulIntegerToFloat', () => {
  const toFloat = nodeOf(['MatMulIntegerToFloat', {}, [a, b, [], [], [], [], [5]], [c], 0, 0])
  expect(costOf(nodeOf(['DynamicQuantizeMatMul', {}, [a, b, [], [], [5]], [c], 0, 0]))).toEqual(
    costOfAll([node('DynamicQuantizeLinear', [a], a), toFloat]),
  )
})

it('QGemm with Y of 8 bits is QLinearMatMul', () => {
  const inputs = [a, [], [], b, [], []]
  expect(costOf(nodeOf(['QGemm', {}, [...inputs, undefined, [], []], [c], 0, 0]))).toEqual(
    costOf(node('QLinearMatMul', [...inputs, [], []], c)),
  )
})

it('QLinearAdd is two DequantizeLinear, Add and QuantizeLinear', () => {
  const dequantize = node('DequantizeLinear', [y, [], []], y)
  const quantize = node('QuantizeLinear', [y, [], []], y)
  const parts = [dequantize, dequantize, node('Add', [y, y], y), quantize]
  expect(costOf(nodeOf(['QLinearAdd', {}, [y, [], [], y, [], [], [], []], [y], 0, 0]))).toEqual(costOfAll(parts))
})

it('has the kernel class of the convolution', () => {
  const of = (filter: number[], group: number) =>
    kernelClassOf(nodeOf(['QLinearConv', { group }, [[1, 4, 8, 8], [], [], filter], [y], 0, 0]))
  expect(of([4, 1, 3, 3], 4)).toBe('depthwise-conv')
  expect(of([4, 4, 1, 1], 1)).toBe('pointwise-conv')
  const transposed = [[1, 4, 8, 8], [], [], [4, 1, 2, 2], [], [], [], []]
  const attributes = { group: 4 }
  expect(kernelClassOf(nodeOf(['QLinearConvTranspose', attributes, transposed, [y], 0, 0]))).toBe('depthwise-conv')
})

it('takes filters for quantized weights, scales and zero points for settings', () => {
  const roles = rolesOf('QLinearConv', 9, 'com.microsoft')
  expect(roles.flatMap((role, index) => (role === 'quantized' ? [index] : []))).toEqual([0, 3, 8])
  expect(roles.filter((role) => role === 'setting')).toHaveLength(6)
  expect(rolesOf('QLinearConcat', 8, 'com.microsoft').map((role) => role === 'operand')).toEqual([
    ...[false, false, true, false, false, true, false, false],
  ])
  expect(rolesOf('DequantizeLinear', 3, 'com.microsoft')).toEqual(['quantized', 'setting', 'setting'])
})
