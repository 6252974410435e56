import { elements } from '../../../onnx/element-types.js'
import type { RuleInput } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { activationCost } from './fused-activation.js'
import { costOf, has, roles, sum } from './parts.js'

/** Gemm, then the activation that an attribute names. */
const gemm = (input: RuleInput) =>
  sum(costOf('Gemm', input), activationCost(input.attributes.string('activation', ''), input.y, input))

const gemmFormula =
  'MACs M · N · K; FLOPs |Y| with C, |Y| with alpha ≠ 1, |C| with beta ≠ 1, the activation’s for |Y| elements'

/**
 * Y [M, N] = activation(alpha·A·B + beta·C).
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedGemm
 */
const fusedGemm = contribRule(['FusedGemm'], { formula: gemmFormula, cost: gemm, kernelClass: 'matmul' })

/** Multiplications by the scales at 3 to 5 beyond Gemm's: those of A and B are one factor with alpha, that of Y another. */
function float8Scaling(input: RuleInput) {
  const isScaled = input.attributes.float('alpha', 1) !== 1
  const factors = (!isScaled && (has(input, 3) || has(input, 4)) ? 1 : 0) + (has(input, 5) ? 1 : 0)
  return { flops: factors * elements(input.y) }
}

/**
 * As FusedGemm, of 8-bit floats with a scale for A, B and Y, which are settings.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GemmFloat8
 */
const gemmFloat8 = contribRule(['GemmFloat8'], {
  formula:
    'MACs M · N · K; FLOPs |Y| with C, |Y| with alpha ≠ 1, scaleA or scaleB, |C| with beta ≠ 1, |Y| with scaleY, the activation’s for |Y| elements',
  cost: (input) => sum(gemm(input), float8Scaling(input)),
  role: roles('param', 'param', 'param'),
  kernelClass: 'matmul',
})

/** Length of the dot products: A […, M, K], `transA` […, K, M], `transBatchA` [M, …, K], both [K, …, M]. */
function innerSize({ x, attributes }: RuleInput): number {
  if (attributes.int('transA', 0) === 0 || x.length < 2) return x.at(-1) ?? 1
  return (attributes.int('transBatchA', 0) === 0 ? x.at(-2) : x[0]) ?? 1
}

const product = (input: RuleInput) => ({ macs: elements(input.y) * innerSize(input) })

/**
 * Y […, M, N] = alpha·A·B, each as it is or transposed. Scaling by alpha is one operation an element where it is not 1.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedMatMul
 */
const scaled = (input: RuleInput) =>
  sum(product(input), { flops: input.attributes.float('alpha', 1) === 1 ? 0 : elements(input.y) })

const fusedMatMul = contribRule(['FusedMatMul', 'TransposeMatMul'], {
  formula: 'MACs |Y| · K; FLOPs |Y| with alpha ≠ 1',
  cost: scaled,
  kernelClass: 'matmul',
})

/**
 * FusedMatMul, then an activation.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedMatMulActivation
 */
const fusedMatMulActivation = contribRule(['FusedMatMulActivation'], {
  formula: 'MACs |Y| · K; FLOPs |Y| with alpha ≠ 1, the activation’s for |Y| elements',
  cost: (input) => sum(scaled(input), activationCost(input.attributes.string('activation', ''), input.y, input)),
  kernelClass: 'matmul',
})

/**
 * FastGelu(X·W + bias), X […, M, K], W [K, N].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GemmFastGelu
 */
const gemmFastGelu = contribRule(['GemmFastGelu'], {
  formula: 'MACs |Y| · K; FLOPs 8 · |Y|, |Y| with bias',
  cost: (input) => sum(costOf('MatMul', input), { flops: elements(input.y) * (has(input, 2) ? 9 : 8) }),
  kernelClass: 'matmul',
})

/**
 * MatMul of 16-bit integers.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulInteger16
 */
const matMulInteger16 = contribRule(['MatMulInteger16'], {
  formula: 'MACs |Y| · K',
  cost: (input) => costOf('MatMul', input),
  role: () => 'quantized',
  kernelClass: 'matmul',
})

export const contribMatrix = [fusedGemm, gemmFloat8, fusedMatMul, fusedMatMulActivation, gemmFastGelu, matMulInteger16]
