import { elements } from '../../../onnx/element-types.js'
import { dequantized, quantized } from '../quantization-cost.js'
import { contribRule } from './contrib-rule.js'
import { adopt, costOf, has, mapOf, roles, sum } from './parts.js'
import { integerProduct } from './quantized-layers.js'

const domain = 'com.microsoft'

/**
 * As QuantizeLinear of ai.onnx; the second without a zero point, in the layout that `order_output` names.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QuantizeLinear
 */
const quantize = adopt(domain, ['QuantizeLinear'], { ops: ['QuantizeLinear', 'QuantizeWithOrder'] })

/**
 * As DequantizeLinear of ai.onnx; the second without a zero point, in the layout that `order_output` names.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DequantizeLinear
 */
const dequantize = adopt(domain, ['DequantizeLinear'], { ops: ['DequantizeLinear', 'DequantizeWithOrder'] })

/**
 * A […, M, K] quantized as DynamicQuantizeLinear does, then MatMulIntegerToFloat; B, its scale and zero point, bias. The
 * product of the scales is not counted.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeMatMul
 */
const dynamicQuantizeMatMul = contribRule(['DynamicQuantizeMatMul'], {
  formula:
    'MACs |Y| · K; FLOPs 7 · |A| + 7 to quantize, |A| to subtract its zero point, |B| with b_zero_point, |Y|, |Y| with bias',
  cost: (input) =>
    sum(costOf('DynamicQuantizeLinear', input), integerProduct(input, [], input.inputs[3]), {
      flops: elements(input.y) * (has(input, 4) ? 2 : 1),
    }),
  role: roles('operand', 'quantized', 'setting', 'setting', 'param'),
  quantizesTo: 'uint8',
  kernelClass: 'matmul',
})

/**
 * Y = alpha·A·B + bias + beta·C of 8-bit integers, A [N, M, K], B at 2, bias at 5, C at 6: accumulators are requantized; C is
 * scaled and added. There are no zero points.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QOrderedMatMul
 */
const qOrderedMatMul = contribRule(['QOrderedMatMul'], {
  formula: 'MACs |Y| · K; FLOPs 4 · |Y|, |Y| with bias, 2 · |Y| with C',
  cost: (input) => {
    const added = (has(input, 5) ? 1 : 0) + (has(input, 6) ? 2 : 0)
    return sum(costOf('MatMul', input), quantized(input.y, undefined), { flops: elements(input.y) * added })
  },
  role: roles('operand', 'setting', 'quantized', 'setting', 'setting', 'param', 'quantized'),
  kernelClass: 'matmul',
  operands: [0, 2],
})

/**
 * Gelu between dequantizing and quantizing, without zero points.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QOrderedGelu
 */
const qOrderedGelu = contribRule(['QOrderedGelu'], {
  formula: 'FLOPs (1 + 5 + 4) · |Y|',
  cost: (input) => {
    const { y } = input
    return sum(dequantized(y, undefined), costOf('Gelu', mapOf(input, y)), quantized(y, undefined))
  },
  role: roles('operand'),
  kernelClass: 'elementwise',
})

/**
 * X, its scale, gamma, beta, Y's scale: LayerNormalization between dequantizing and quantizing, without zero
 * points.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QOrderedLayerNormalization
 */
const qOrderedLayerNormalization = contribRule(['QOrderedLayerNormalization'], {
  formula: 'FLOPs 6 · |X| + 2 a set, |X| with B, (1 + 4) · |X|',
  cost: (input) => {
    const { x, inputs } = input
    const normalized = costOf('LayerNormalization', { ...input, b: inputs[3] })
    return sum(dequantized(x, undefined), normalized, quantized(x, undefined))
  },
  role: roles('operand', 'setting', 'param', 'param'),
  kernelClass: 'normalization',
})

export const contribQuantization = [
  ...[...quantize, ...dequantize, dynamicQuantizeMatMul, qOrderedMatMul, qOrderedGelu, qOrderedLayerNormalization],
]
