import { elements } from '../../../onnx/element-types.js'
import { transposedClass } from '../convolution.js'
import { centred, dequantized, quantized } from '../quantization-cost.js'
import type { OpRule, Role, RuleInput, Shape } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { adopt, costOf, has, roles, sum } from './parts.js'

/** The inputs of the float operator among those of a quantized one: X, W and B at `positions`. */
function floatInput(input: RuleInput, positions: readonly number[]): RuleInput {
  const inputs = positions.map((index) => input.inputs[index])
  return { ...input, inputs, x: inputs[0] ?? [], w: inputs[1] ?? [], b: inputs[2] }
}

const setting: Role = 'setting'

/**
 * x [N, C, D…] or, with `channels_last`, [N, D…, C]; w [M, C/group, k…]: as QLinearConv of ai.onnx.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearConv
 */
const qLinearConv = adopt('com.microsoft', ['QLinearConv'])

/**
 * ConvTranspose of integers, in providers that run channels last: x [N, D…, C], its scale and zero point, w [C, M/group, k…],
 * its scale and zero point, those of y, B. As QLinearConv otherwise.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/internal_nhwc_onnx_schemas.cc
 */
export const qLinearConvTranspose = contribRule(['QLinearConvTranspose'], {
  formula:
    'MACs |x| · M/group · k…; FLOPs |x| + |w| to subtract the zero points, 5 · |y| to requantize, + |y| with a bias',
  cost: (input) => {
    const { x, y, inputs } = input
    const convolved = costOf('ConvTranspose', floatInput(input, [0, 3, 8]))
    return sum(centred(x, inputs[2]), centred(inputs[3] ?? [], inputs[5]), convolved, quantized(y, inputs[7]))
  },
  role: (index) => ([0, 3, 8].includes(index) ? 'quantized' : setting),
  kernelClass: (input) => transposedClass(floatInput(input, [0, 3, 8])),
  operands: [0, 3],
})

/**
 * A, its scale and zero point, B, its scale and zero point, C, Y's scale and zero point. Alpha and the scales are one
 * factor. Without Y's scale the accumulators become floats, by one multiplication each.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QGemm
 */
const qGemm = contribRule(['QGemm'], {
  formula:
    'MACs M · N · K; FLOPs |A| + |B| to subtract the zero points, 5 · |Y| to requantize, or |Y| where Y is of floats, |Y| with C',
  cost: (input) => {
    const { x, y, inputs, attributes } = input
    const product = { macs: elements(y) * (x[attributes.int('transA', 0) === 1 ? 0 : 1] ?? 0) }
    const result = has(input, 7) ? quantized(y, inputs[8]) : { flops: elements(y) }
    const bias = { flops: has(input, 6) ? elements(y) : 0 }
    return sum(product, centred(x, inputs[2]), centred(inputs[3] ?? [], inputs[5]), bias, result)
  },
  role: roles('operand', setting, setting, 'quantized', setting, setting, 'quantized'),
  kernelClass: 'matmul',
  operands: [0, 3],
})

/** MatMulInteger of the first two inputs with these zero points. */
export const integerProduct = (input: RuleInput, ofA: Shape | undefined, ofB: Shape | undefined) =>
  costOf('MatMulInteger', { ...input, inputs: [input.x, input.w, ofA, ofB] })

/**
 * A […, M, K], B, scales of both, zero points of both, bias: the accumulators become floats, by one multiplication each.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulIntegerToFloat
 */
const matMulIntegerToFloat = contribRule(['MatMulIntegerToFloat'], {
  formula: 'MACs |Y| · K; FLOPs |A| with a_zero_point, |B| with b_zero_point, |Y|, |Y| with bias',
  cost: (input) => {
    const { y, inputs } = input
    const scaled = { flops: elements(y) * (has(input, 6) ? 2 : 1) }
    return sum(integerProduct(input, inputs[4], inputs[5]), scaled)
  },
  role: roles('operand', 'quantized', setting, setting, setting, setting, 'param'),
  kernelClass: 'matmul',
})

/**
 * C = saturate(round(((A − zero point) · scale ∘ (B − zero point) · scale) / scale) + zero point): A, its scale and zero
 * point, B, its scale and zero point, those of C. Both are dequantized before they are broadcast.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearAdd
 */
const binary = contribRule(['QLinearAdd', 'QLinearMul'], {
  formula: 'as DequantizeLinear of A and of B, |C|, QuantizeLinear of C',
  cost: ({ x, y, inputs }) => {
    const operands = [dequantized(x, inputs[2]), dequantized(inputs[3] ?? [], inputs[5])]
    return sum(...operands, { flops: elements(y) }, quantized(y, inputs[7]))
  },
  role: roles('quantized', setting, setting, 'quantized'),
  kernelClass: 'elementwise',
  operands: [0, 3],
})

/** An operator over floats between dequantizing X, with its zero point at 2, and quantizing Y, with its own at 4. */
const wrapped = (op: string, kernelClass: OpRule['kernelClass']) =>
  contribRule([`QLinear${op}`], {
    formula: `as DequantizeLinear of the input, ${op}, QuantizeLinear of the output`,
    cost: (input) => {
      const { x, y, inputs } = input
      return sum(dequantized(x, inputs[2]), costOf(op, input), quantized(y, inputs[4]))
    },
    role: roles('operand'),
    kernelClass,
  })

/** X [N, C, D…] or, with `channels_last`, [N, D…, C]. */
export const qLinearAveragePool = wrapped('AveragePool', 'pooling')

/**
 * X, its scale and zero point, Y's scale and zero point.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearSigmoid
 */
const unary = [
  wrapped('Sigmoid', 'elementwise'),
  wrapped('LeakyRelu', 'elementwise'),
  wrapped('Softmax', 'normalization'),
  qLinearAveragePool,
  wrapped('GlobalAveragePool', 'pooling'),
  wrapped('ReduceMean', 'reduction'),
]

/**
 * Y_scale, Y_zero_point, then each input with its scale and zero point: dequantized and quantized again.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearConcat
 */
const concat = contribRule(['QLinearConcat'], {
  formula: 'as DequantizeLinear of each input, QuantizeLinear of Y',
  cost: ({ y, inputs }) => {
    const parts = inputs.flatMap((x, index) => (index % 3 === 2 ? [dequantized(x ?? [], inputs[index + 2])] : []))
    return sum(...parts, quantized(y, inputs[1]))
  },
  role: (index) => (index >= 2 && index % 3 === 2 ? 'operand' : setting),
  kernelClass: 'data-movement',
})

/**
 * condition, X with scale and zero point, Y with scale and zero point, Z's: the chosen is dequantized and quantized again.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearWhere
 */
const where = contribRule(['QLinearWhere'], {
  formula: 'FLOPs |Z|: selection; as DequantizeLinear of the chosen, QuantizeLinear of Z',
  cost: ({ y, inputs }) => sum({ flops: elements(y) }, dequantized(y, inputs[3] ?? inputs[6]), quantized(y, inputs[8])),
  role: roles(setting, 'operand', setting, setting, 'operand'),
  kernelClass: 'elementwise',
})

/**
 * C (int32) = (A − zero point) · (B − zero point); inputs A, its zero point, B, its zero point.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MulInteger
 */
const mulInteger = contribRule(['MulInteger'], {
  formula: 'FLOPs |C|, |A| with a zero point of A, |B| with one of B',
  cost: ({ x, y, inputs }) => sum({ flops: elements(y) }, centred(x, inputs[1]), centred(inputs[2] ?? [], inputs[3])),
  role: roles('quantized', setting, 'quantized'),
  kernelClass: 'elementwise',
  operands: [0, 2],
})

/**
 * n elements become one by n − 1 additions.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.ReduceSumInteger
 */
const reduceSumInteger = contribRule(['ReduceSumInteger'], {
  formula: 'FLOPs |data| − |reduced|',
  cost: (input) => costOf('ReduceSum', input),
  role: roles('operand'),
  kernelClass: 'reduction',
})

/**
 * x [N, D…, C] of 8-bit integers: a window's maximum is k − 1 comparisons.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.NhwcMaxPool
 */
const nhwcMaxPool = contribRule(['NhwcMaxPool'], {
  formula: 'FLOPs |y| · (k… − 1)',
  cost: (input) => costOf('MaxPool', input),
  role: roles('operand'),
  kernelClass: 'pooling',
})

export const quantizedLayers = [
  ...[...qLinearConv, qLinearConvTranspose, qGemm, matMulIntegerToFloat, binary, ...unary, concat, where],
  ...[mulInteger, reduceSumInteger, nhwcMaxPool],
]
