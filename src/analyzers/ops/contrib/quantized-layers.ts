import { elements } from '../../../onnx/element-types.js'
import { type OpRule, type Role, type RuleInput, rule, type Shape } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { adopt, costOf, has, roles, sum } from './parts.js'
import { dequantizeFlops, quantizeFlops } from './quantization-cost.js'

const [{ kernelClass: convolutionClass } = { kernelClass: 'dense-conv' as const }] = adopt('', ['Conv'])

/** The inputs of the float operator among those of a quantized one: X, W and B at `positions`. */
function floatInput(input: RuleInput, positions: readonly number[]): RuleInput {
  const inputs = positions.map((index) => input.inputs[index])
  return { ...input, inputs, x: inputs[0] ?? [], w: inputs[1] ?? [], b: inputs[2] }
}

const requantize = (y: Shape) => ({ flops: quantizeFlops * elements(y) })

const setting: Role = 'setting'

/** x, its scale and zero point, w, its scale and zero point, y's scale and zero point, B. */
const layerRoles = roles('operand', setting, setting, 'quantized', setting, setting, setting, setting, 'quantized')

/** Convolution of integers: zero points fold into the accumulators, which are requantized. */
export const qLinearConvolution = {
  formula: 'MACs |y| · C/group · k…; FLOPs 4 · |y|, |y| with B',
  cost: (input: RuleInput) => sum(costOf('Conv', floatInput(input, [0, 3, 8])), requantize(input.y)),
  role: layerRoles,
  kernelClass: (input: RuleInput) => {
    const float = floatInput(input, [0, 3, 8])
    return typeof convolutionClass === 'string' ? convolutionClass : convolutionClass(float)
  },
  operands: [0, 3],
} as const satisfies Partial<OpRule>

/**
 * x [N, C, D…] or, with `channels_last`, [N, D…, C]; w [M, C/group, k…].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearConv
 */
const qLinearConv = contribRule(['QLinearConv'], qLinearConvolution)

/**
 * A, its scale and zero point, B, its scale and zero point, C, Y's scale and zero point. Without Y's scale the accumulators
 * become floats, by one multiplication each.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QGemm
 */
const qGemm = contribRule(['QGemm'], {
  formula: 'MACs M · N · K; FLOPs 4 · |Y|, or |Y| where Y is of floats, |Y| with C',
  cost: (input) => {
    const result = has(input, 7) ? requantize(input.y) : { flops: elements(input.y) }
    return sum(costOf('Gemm', floatInput(input, [0, 3, 6])), result)
  },
  role: roles('operand', setting, setting, 'quantized', setting, setting, 'quantized'),
  kernelClass: 'matmul',
  operands: [0, 3],
})

/**
 * A […, M, K], B, scales of both, zero points of both, bias: the accumulators become floats, by one multiplication each.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulIntegerToFloat
 */
const matMulIntegerToFloat = contribRule(['MatMulIntegerToFloat'], {
  formula: 'MACs |Y| · K; FLOPs |Y|, |Y| with bias',
  cost: (input) => sum(costOf('MatMul', input), { flops: elements(input.y) * (has(input, 6) ? 2 : 1) }),
  role: roles('operand', 'quantized', setting, setting, setting, setting, 'param'),
  kernelClass: 'matmul',
})

/**
 * C = clamp(round((A − zero point) · scale + (B − zero point) · scale) / scale) + zero point).
 *
 * Both are dequantized, added and quantized again.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearAdd
 */
const binary = contribRule(['QLinearAdd', 'QLinearMul'], {
  formula: 'FLOPs (2 + 2 + 1 + 4) · |C|',
  cost: ({ y }) => ({ flops: elements(y) * (2 * dequantizeFlops + 1 + quantizeFlops) }),
  role: roles('quantized', setting, setting, 'quantized'),
  kernelClass: 'elementwise',
  operands: [0, 3],
})

/** An operator over floats between dequantizing X and quantizing Y. */
const wrapped = (op: string, details: Partial<OpRule> & Pick<OpRule, 'formula' | 'kernelClass'>) =>
  contribRule([`QLinear${op}`], {
    cost: (input) => sum(costOf(op, input), { flops: dequantizeFlops * elements(input.x) }, requantize(input.y)),
    role: roles('operand'),
    ...details,
  })

/**
 * X, its scale and zero point, Y's scale and zero point.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearSigmoid
 */
const unary = [
  wrapped('Sigmoid', { formula: 'FLOPs (2 + 4 + 4) · |Y|', kernelClass: 'elementwise' }),
  wrapped('LeakyRelu', { formula: 'FLOPs (2 + 2 + 4) · |Y|', kernelClass: 'elementwise' }),
  wrapped('Softmax', { formula: 'FLOPs (2 + 5 + 4) · |Y|', kernelClass: 'normalization' }),
  wrapped('AveragePool', { formula: 'FLOPs |Y| · k… + 2 · |X| + 4 · |Y|', kernelClass: 'pooling' }),
  wrapped('GlobalAveragePool', { formula: 'FLOPs |X| + 2 · |X| + 4 · |Y|', kernelClass: 'pooling' }),
  wrapped('ReduceMean', { formula: 'FLOPs |data| + 2 · |data| + 4 · |reduced|', kernelClass: 'reduction' }),
]

/**
 * Y_scale, Y_zero_point, then each input with its scale and zero point: dequantized and quantized again.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearConcat
 */
const concat = contribRule(['QLinearConcat'], {
  formula: 'FLOPs (2 + 4) · |Y|',
  cost: ({ y }) => ({ flops: elements(y) * (dequantizeFlops + quantizeFlops) }),
  role: (index) => (index >= 2 && index % 3 === 2 ? 'operand' : setting),
  kernelClass: 'data-movement',
})

/**
 * condition, X with scale and zero point, Y with scale and zero point, Z's: the chosen is dequantized and quantized again.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearWhere
 */
const where = contribRule(['QLinearWhere'], {
  formula: 'FLOPs (1 + 2 + 4) · |Z|',
  cost: ({ y }) => ({ flops: elements(y) * (1 + dequantizeFlops + quantizeFlops) }),
  role: roles(setting, 'operand', setting, setting, 'operand'),
  kernelClass: 'elementwise',
})

/**
 * C (int32) = (A − zero point) · (B − zero point); inputs A, its zero point, B, its zero point.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MulInteger
 */
const mulInteger = contribRule(['MulInteger'], {
  formula: 'FLOPs 3 · |C|',
  cost: ({ y }) => ({ flops: 3 * elements(y) }),
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

/**
 * x [N, D…, C], w [C, M/group, k…]: ConvTranspose of integers, in providers that run channels last.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/internal_nhwc_onnx_schemas.cc
 */
const qLinearConvTranspose = ['com.microsoft', 'com.ms.internal.nhwc'].map((domain) =>
  rule(['QLinearConvTranspose'], {
    ...qLinearConvolution,
    domain,
    formula: 'MACs |x| · M/group · k…; FLOPs 4 · |y|, |y| with B',
    cost: (input) => sum(costOf('ConvTranspose', floatInput(input, [0, 3, 8])), requantize(input.y)),
  }),
)

export const quantizedLayers = [
  ...[qLinearConv, qGemm, matMulIntegerToFloat, binary, ...unary, concat, where, mulInteger],
  ...[reduceSumInteger, nhwcMaxPool, ...qLinearConvTranspose],
]
