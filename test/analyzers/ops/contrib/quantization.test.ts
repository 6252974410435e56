import { describe, expect, it } from 'vitest'
import { contribQuantization } from '../../../../src/analyzers/ops/contrib/quantization.js'
import { quantizedLayers } from '../../../../src/analyzers/ops/contrib/quantized-layers.js'
import { costOf, costOfAll, kernelClassOf, node, rolesOf } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const y = [1, 4, 6, 6]
const layer = [[1, 3, 8, 8], [], [], [4, 3, 3, 3], [], [], [], [], [4]]

/** y has 144 elements. */
const layers: ContribRow[] = [
  // filters of 27; four to requantize and one for the bias
  ['QLinearConv', {}, layer, [y], 3_888, 720],
  ['QLinearConv', { channels_last: 1 }, [[1, 8, 8, 3], ...layer.slice(1, 8)], [[1, 6, 6, 4]], 3_888, 576],
  // 18 inputs times filters of 16
  ['QLinearConvTranspose', {}, [[1, 2, 3, 3], [], [], [2, 4, 2, 2], [], [], [], []], [y], 288, 576],
  // 4·5 dot products of length 3; four to requantize, one for C
  ['QGemm', {}, [[4, 3], [], [], [3, 5], [], [], [5], [], []], [[4, 5]], 60, 100],
  // without Y's scale one multiplication makes a float
  ['QGemm', { transB: 1 }, [[4, 3], [], [], [5, 3], [], []], [[4, 5]], 60, 20],
  ['MatMulIntegerToFloat', {}, [[4, 3], [3, 5], [], [], [], [], [5]], [[4, 5]], 60, 40],
  ['MatMulIntegerToFloat', {}, [[4, 3], [3, 5], [], []], [[4, 5]], 60, 20],
  // two dequantized, one operation, one quantized: 2·2 + 1 + 4
  ['QLinearAdd', {}, [y, [], [], y, [], [], [], []], [y], 0, 1_296],
  ['QLinearMul', {}, [y, [], [], [4, 1, 1], [], [], [], []], [y], 0, 1_296],
  ['QLinearSigmoid', {}, [y, [], [], [], []], [y], 0, 1_440],
  ['QLinearLeakyRelu', {}, [y, [], [], [], []], [y], 0, 1_152],
  ['QLinearSoftmax', { axis: 1 }, [y, [], [], [], []], [y], 0, 1_584],
  // 36 outputs of windows of four; all 144 inputs dequantized, the outputs quantized
  ['QLinearAveragePool', { kernel_shape: [2, 2] }, [y, [], [], [], []], [[1, 4, 3, 3]], 0, 576],
  // 144 additions and divisions, 2·144 and 4·4
  ['QLinearGlobalAveragePool', {}, [y, [], [], [], []], [[1, 4, 1, 1]], 0, 448],
  ['QLinearReduceMean', { axes: [2, 3] }, [y, [], [], [], []], [[1, 4, 1, 1]], 0, 448],
  ['QLinearConcat', { axis: 1 }, [[], [], [1, 2, 6, 6], [], [], [1, 2, 6, 6], [], []], [y], 0, 864],
  ['QLinearWhere', {}, [y, y, [], [], y, [], [], [], []], [y], 0, 1_008],
  // two differences and a product
  ['MulInteger', {}, [y, [], y, []], [y], 0, 432],
  ['ReduceSumInteger', { axes: [2, 3] }, [y], [[1, 4, 1, 1]], 0, 140],
  ['NhwcMaxPool', { kernel_shape: [2, 2] }, [[1, 6, 6, 4]], [[1, 3, 3, 4]], 0, 108],
]

const others: ContribRow[] = [
  ['QuantizeLinear', {}, [y, [], []], [y], 0, 576],
  ['QuantizeWithOrder', {}, [y, []], [y], 0, 576],
  ['DequantizeLinear', {}, [y, [], []], [y], 0, 288],
  ['DequantizeWithOrder', {}, [y, []], [y], 0, 288],
  // 60 MACs; A: 12 elements of six operations; 20 results made floats, and a bias
  ['DynamicQuantizeMatMul', {}, [[4, 3], [3, 5], [], [], [5]], [[4, 5]], 60, 112],
  ['DynamicQuantizeMatMul', {}, [[4, 3], [3, 5], []], [[4, 5]], 60, 92],
  // 2·4·5 results of four; bias one, C scaled and added
  ['QOrderedMatMul', {}, [[2, 4, 3], [], [3, 5], [], []], [[2, 4, 5]], 120, 160],
  ['QOrderedMatMul', {}, [[2, 4, 3], [], [3, 5], [], [], [5], [2, 4, 5], []], [[2, 4, 5]], 120, 280],
  ['QOrderedGelu', {}, [y, [], []], [y], 0, 1_584],
  // 40 elements: seven and two for each of eight lines, six to dequantize and quantize
  ['QOrderedLayerNormalization', {}, [[2, 4, 5], [], [5], [5], []], [[2, 4, 5]], 0, 536],
]

describe('cost of layers', () => expectCosts(quantizedLayers, layers))
describe('cost', () => expectCosts(contribQuantization, others))

const quantized = (elements: number) => ({ macs: 0, flops: 4 * elements })

it('QLinearConv is Conv and requantizing', () => {
  const conv = costOf(node('Conv', [[1, 3, 8, 8], [4, 3, 3, 3], [4]], y))
  const { macs, flops } = costOf(nodeOf(['QLinearConv', {}, layer, [y], 0, 0]))
  expect({ macs, flops }).toEqual({ macs: conv.macs, flops: conv.flops + quantized(144).flops })
})

it('QLinearAdd is two DequantizeLinear, Add and QuantizeLinear', () => {
  const dequantize = { ...node('DequantizeLinear', [y, [], []], y), domain: 'com.microsoft' }
  const quantize = { ...node('QuantizeLinear', [y, [], []], y), domain: 'com.microsoft' }
  const parts = [dequantize, dequantize, node('Add', [y, y], y), quantize]
  expect(costOf(nodeOf(['QLinearAdd', {}, [y, [], [], y, [], [], [], []], [y], 0, 0]))).toEqual(costOfAll(parts))
})

it('has the kernel class of the convolution', () => {
  const of = (filter: number[], group: number) =>
    kernelClassOf(nodeOf(['QLinearConv', { group }, [[1, 4, 8, 8], [], [], filter], [y], 0, 0]))
  expect(of([4, 1, 3, 3], 4)).toBe('depthwise-conv')
  expect(of([4, 4, 1, 1], 1)).toBe('pointwise-conv')
})

it('takes filters for quantized weights, scales and zero points for settings', () => {
  const roles = rolesOf('QLinearConv', 9, 'com.microsoft')
  expect(roles.filter((role) => role === 'quantized')).toHaveLength(2)
  expect([roles[3], roles[8], roles[4]]).toEqual(['quantized', 'quantized', 'setting'])
  expect(rolesOf('QLinearConcat', 8, 'com.microsoft').map((role) => role === 'operand')).toEqual([
    ...[false, false, true, false, false, true, false, false],
  ])
  expect(rolesOf('DequantizeLinear', 3, 'com.microsoft')).toEqual(['quantized', 'setting', 'setting'])
})
