import { elements } from '../../../onnx/element-types.js'
import { contribRule } from './contrib-rule.js'
import { costOf, has, mapOf, roles, sum } from './parts.js'
import { dequantizeFlops, dynamicQuantizeFlops, quantizeFlops } from './quantization-cost.js'

/**
 * clamp(round(x / scale) + zero point), in the layout that `order_output` names for the second.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QuantizeLinear
 */
const quantize = contribRule(['QuantizeLinear', 'QuantizeWithOrder'], {
  formula: 'FLOPs 4 · |y|',
  cost: ({ y }) => ({ flops: quantizeFlops * elements(y) }),
  role: roles('operand'),
  kernelClass: 'elementwise',
})

/**
 * (x − zero point) · scale; x may be a quantized weight.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DequantizeLinear
 */
const dequantize = contribRule(['DequantizeLinear', 'DequantizeWithOrder'], {
  formula: 'FLOPs 2 · |y|',
  cost: ({ y }) => ({ flops: dequantizeFlops * elements(y) }),
  role: roles('quantized'),
  kernelClass: 'elementwise',
})

/**
 * A […, M, K] quantized as DynamicQuantizeLinear does, then MatMulIntegerToFloat; B, its scale and zero point, bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeMatMul
 */
const dynamicQuantizeMatMul = contribRule(['DynamicQuantizeMatMul'], {
  formula: 'MACs |Y| · K; FLOPs 6 · |A|, |Y|, |Y| with bias',
  cost: (input) => {
    const { x, y } = input
    const outside = dynamicQuantizeFlops * elements(x) + elements(y) * (has(input, 4) ? 2 : 1)
    return sum(costOf('MatMul', input), { flops: outside })
  },
  role: roles('operand', 'quantized', 'setting', 'setting', 'param'),
  kernelClass: 'matmul',
})

/**
 * Y = alpha·A·B + bias + beta·C of 8-bit integers, A [N, M, K], B at 2, bias at 5, C at 6: accumulators are requantized; C is
 * scaled and added.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QOrderedMatMul
 */
const qOrderedMatMul = contribRule(['QOrderedMatMul'], {
  formula: 'MACs |Y| · K; FLOPs 4 · |Y|, |Y| with bias, 2 · |Y| with C',
  cost: (input) => {
    const perElement = quantizeFlops + (has(input, 5) ? 1 : 0) + (has(input, 6) ? 2 : 0)
    return sum(costOf('MatMul', input), { flops: elements(input.y) * perElement })
  },
  role: roles('operand', 'setting', 'quantized', 'setting', 'setting', 'param', 'quantized'),
  kernelClass: 'matmul',
  operands: [0, 2],
})

/**
 * Gelu between dequantizing and quantizing.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QOrderedGelu
 */
const qOrderedGelu = contribRule(['QOrderedGelu'], {
  formula: 'FLOPs (2 + 5 + 4) · |Y|',
  cost: (input) =>
    sum(costOf('Gelu', mapOf(input, input.y)), { flops: elements(input.y) * (dequantizeFlops + quantizeFlops) }),
  role: roles('operand'),
  kernelClass: 'elementwise',
})

/**
 * X, its scale, gamma, beta, Y's scale: LayerNormalization between dequantizing and quantizing.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QOrderedLayerNormalization
 */
const qOrderedLayerNormalization = contribRule(['QOrderedLayerNormalization'], {
  formula: 'FLOPs 6 · |X| + 2 a set, |X| with B, (2 + 4) · |X|',
  cost: (input) =>
    sum(costOf('LayerNormalization', { ...input, b: input.inputs[3] }), {
      flops: elements(input.x) * (dequantizeFlops + quantizeFlops),
    }),
  role: roles('operand', 'setting', 'param', 'param'),
  kernelClass: 'normalization',
})

export const contribQuantization = [
  ...[quantize, dequantize, dynamicQuantizeMatMul, qOrderedMatMul, qOrderedGelu, qOrderedLayerNormalization],
]
