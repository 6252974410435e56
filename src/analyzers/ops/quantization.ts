import { elements } from '../../onnx/element-types.js'
import { convolutionClass } from './convolution.js'
import { elementwise } from './elementwise.js'
import { centred, dequantizeFlops, dynamicallyQuantized, quantized, quantizeFlops } from './quantization-cost.js'
import { type Role, type RuleInput, rule, type Shape } from './rule.js'

/**
 * y = saturate(round(x / y_scale) + y_zero_point), of one scale, one an index of `axis` or one a block.
 * @see https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html
 */
const quantizeLinear = elementwise(
  ['QuantizeLinear'],
  ({ b }) => quantizeFlops(b),
  'FLOPs 4 · |y|: division, rounding, two comparisons; + |y| with a zero point; however many scales there are',
  (index) => (index === 0 ? 'operand' : 'setting'),
)

/**
 * y = (x − x_zero_point) · x_scale, of one scale, one an index of `axis` or one a block.
 * @see https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html
 */
const dequantizeLinear = elementwise(
  ['DequantizeLinear'],
  ({ b }) => dequantizeFlops(b),
  'FLOPs |y|: multiplication; + |y| with a zero point; however many scales there are',
  (index) => (index === 0 ? 'quantized' : 'setting'),
)

/**
 * x as y, its scale and its zero point.
 * @see https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html
 */
const dynamicQuantizeLinear = rule(['DynamicQuantizeLinear'], {
  formula: 'FLOPs 7 · |x| + 7: smallest, largest, division, rounding, addition, two comparisons; scale and zero point',
  cost: ({ x }) => dynamicallyQuantized(x),
  role: () => 'operand',
  kernelClass: 'elementwise',
})

/** Positions of the weight that a quantized operator has beside its data. */
const quantizedAt =
  (...positions: readonly number[]) =>
  (index: number): Role =>
    positions.includes(index) ? 'quantized' : 'setting'

const at = ({ inputs }: RuleInput, index: number): Shape => inputs[index] ?? []

/**
 * x [N, C, D…], its scale and zero point, w [M, C/group, k…] at 3, its scale and zero point, those of y, and an int32 bias at
 * 8. Both zero points are subtracted, the sums requantized by one factor a channel, whose making is not counted.
 * @see https://onnx.ai/onnx/operators/onnx__QLinearConv.html
 */
const qLinearConv = rule(['QLinearConv'], {
  formula:
    'MACs |y| · C/group · k…; FLOPs |x| + |w| to subtract the zero points, 5 · |y| to requantize, + |y| with a bias',
  cost: (input) => {
    const [w, y] = [at(input, 3), input.y]
    const bias = input.inputs[8] === undefined ? 0 : elements(y)
    return {
      macs: elements(y) * elements(w.slice(1)),
      flops: elements(input.x) + elements(w) + quantized(y, []).flops + bias,
    }
  },
  role: quantizedAt(0, 3, 8),
  kernelClass: (input) => convolutionClass(at(input, 3), input.attributes.int('group', 1)),
  operands: [0, 3],
})

/**
 * x [N, C, D…], w [M, C/group, k…], zero points of both, y (int32).
 * @see https://onnx.ai/onnx/operators/onnx__ConvInteger.html
 */
const convInteger = rule(['ConvInteger'], {
  formula: 'MACs |y| · C/group · k…; FLOPs + |x| with a zero point of x, + |w| with one of w',
  cost: ({ x, w, y, inputs }) => ({
    macs: elements(y) * elements(w.slice(1)),
    flops: centred(x, inputs[2]).flops + centred(w, inputs[3]).flops,
  }),
  role: quantizedAt(0, 1),
  kernelClass: ({ w, attributes }) => convolutionClass(w, attributes.int('group', 1)),
})

/**
 * a […, M, K], its scale and zero point, b […, K, N] at 3, its scale and zero point, those of y […, M, N].
 * @see https://onnx.ai/onnx/operators/onnx__QLinearMatMul.html
 */
const qLinearMatMul = rule(['QLinearMatMul'], {
  formula: 'MACs |y| · K; FLOPs |a| + |b| to subtract the zero points, 5 · |y| to requantize',
  cost: (input) => {
    const { x, y } = input
    return {
      macs: elements(y) * (x.at(-1) ?? 1),
      flops: elements(x) + elements(at(input, 3)) + quantized(y, []).flops,
    }
  },
  role: quantizedAt(0, 3),
  kernelClass: 'matmul',
  operands: [0, 3],
})

/**
 * A […, M, K], B […, K, N], zero points of both, y […, M, N] (int32).
 * @see https://onnx.ai/onnx/operators/onnx__MatMulInteger.html
 */
const matMulInteger = rule(['MatMulInteger'], {
  formula: 'MACs |y| · K; FLOPs + |A| with a zero point of A, + |B| with one of B',
  cost: ({ x, w, y, inputs }) => ({
    macs: elements(y) * (x.at(-1) ?? 1),
    flops: centred(x, inputs[2]).flops + centred(w, inputs[3]).flops,
  }),
  role: quantizedAt(0, 1),
  kernelClass: 'matmul',
})

export const quantization = [
  ...[quantizeLinear, dequantizeLinear, dynamicQuantizeLinear, qLinearConv, convInteger],
  ...[qLinearMatMul, matMulInteger],
]
