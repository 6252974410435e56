import { elements } from '../../../onnx/element-types.js'
import { dequantized, dequantizeFlops } from '../quantization-cost.js'
import type { OpRule, RuleInput, Shape } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { activationCost } from './fused-activation.js'
import { costOf, has, mapOf, roles, sum } from './parts.js'

/**
 * Rows of A […, K] times a matrix of N · K quantized weights, each of which is made a float once: by default with a zero
 * point, which is the middle of the range where it is not given.
 */
function product(x: Shape, n: number, dequantize = dequantizeFlops([])) {
  const k = x.at(-1) ?? 1
  return { macs: elements(x) * n, flops: dequantize * n * k }
}

const bias = (input: RuleInput, index: number, y: Shape) => ({ flops: has(input, index) ? elements(y) : 0 })

/** N · K weights at `index`, whatever they are stored in. */
const packedAt =
  (index: number, n: (input: RuleInput) => number): NonNullable<OpRule['packed']> =>
  (at, input) =>
    at === index ? n(input) * (input.x.at(-1) ?? 1) : undefined

const outputs = ({ y }: RuleInput): number => y.at(-1) ?? 1

/**
 * A […, K], B [N, ⌈K / block⌉, block · bits / 8] for N · K weights, scales, zero points, g_idx, bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits
 */
const matMulNBits = contribRule(['MatMulNBits'], {
  formula: 'MACs |Y| · K; FLOPs 2 · N · K to dequantize B, |Y| with bias',
  cost: (input) => sum(product(input.x, outputs(input)), bias(input, 5, input.y)),
  role: roles('operand', 'quantized', 'setting', 'setting', 'setting', 'param'),
  kernelClass: 'matmul',
  packed: packedAt(1, outputs),
})

/**
 * A […, K] or, with transB 0, […, N]; B [⌈N · K / 2⌉] of 4-bit numbers that stand for a table's entries, scaled a block.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulBnb4
 */
const matMulBnb4 = contribRule(['MatMulBnb4'], {
  formula: 'MACs |Y| · K; FLOPs N · K to dequantize B',
  cost: (input) => product(input.x, outputs(input), 1),
  role: roles('operand', 'quantized'),
  kernelClass: 'matmul',
  packed: packedAt(1, outputs),
})

/**
 * A […, M, K], B a blob of N · K 4-bit weights with their scales, B_shape.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulFpQ4
 */
const matMulFpQ4 = contribRule(['MatMulFpQ4'], {
  formula: 'MACs |Y| · K; FLOPs 2 · N · K to dequantize B',
  cost: (input) => product(input.x, outputs(input)),
  role: roles('operand', 'quantized'),
  kernelClass: 'matmul',
  packed: packedAt(1, outputs),
})

/**
 * A […, K], B [N, K / 2] of two 4-bit floats a byte, block scales, one scale for all, A's scale, bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulBlockQuantizedFp4Weight
 */
const fp4Weight = contribRule(['MatMulBlockQuantizedFp4Weight'], {
  formula: 'MACs |Y| · K; FLOPs 2 · N · K to scale B, |Y| with bias',
  cost: (input) => sum(product(input.x, outputs(input), 2), bias(input, 5, input.y)),
  role: roles('operand', 'quantized', 'setting', 'setting', 'setting', 'param'),
  kernelClass: 'matmul',
  packed: packedAt(1, outputs),
})

/**
 * A […, K], B [N, K] of 8-bit floats, block scales, A's scale, bias. With A's scale A becomes an 8-bit float and is scaled
 * back: division, rounding, multiplication.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulBlockQuantizedFp8Weight
 */
const fp8Weight = contribRule(['MatMulBlockQuantizedFp8Weight'], {
  formula: 'MACs |Y| · K; FLOPs N · K to scale B, 3 · |A| with a_scale, |Y| with bias',
  cost: (input) => {
    const activations = { flops: has(input, 3) ? 3 * elements(input.x) : 0 }
    return sum(product(input.x, outputs(input), 1), activations, bias(input, 4, input.y))
  },
  role: roles('operand', 'quantized', 'setting', 'setting', 'param'),
  kernelClass: 'matmul',
})

/** The sum with a residual and the RMS norm that may come before projections, over [rows…, K]. */
function normalized(input: RuleInput) {
  const { x } = input
  const residual = { flops: has(input, 1) ? elements(x) : 0 }
  return has(input, 2) ? sum(residual, costOf('RMSNormalization', mapOf(input, x))) : residual
}

/**
 * activation(gate) · up of two projections to N of [skip +] A, normalized first where there is a norm_scale: A, skip,
 * norm_scale, then B, scales and bias of the gate and of up.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBitsMlp
 */
const mlp = contribRule(['MatMulNBitsMlp'], {
  formula: 'as SkipSimplifiedLayerNormalization, two MatMulNBits, an activation and a Mul',
  cost: (input) => {
    const { x, y, attributes } = input
    const projections = [5, 8].flatMap((index) => [product(x, outputs(input)), bias(input, index, y)])
    const gate = sum(activationCost(attributes.string('activation', ''), y, input), { flops: elements(y) })
    return sum(normalized(input), ...projections, gate)
  },
  role: roles(
    ...(['operand', 'operand', 'param'] as const),
    ...(['quantized', 'setting', 'param'] as const),
    ...(['quantized', 'setting', 'param'] as const),
  ),
  kernelClass: 'matmul',
  operands: [0, 3],
  packed: (index, input) => (index === 3 || index === 6 ? outputs(input) * (input.x.at(-1) ?? 1) : undefined),
})

/** Widths of the three projections, which are the three outputs. */
const widths = (input: RuleInput) => input.outputs.slice(0, 3).map((y) => y?.at(-1) ?? 1)

/**
 * Three projections of [skip +] A, normalized: A, skip, norm_scale, then B, scales and bias of Q, K and V.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBitsQkv
 */
const qkv = contribRule(['MatMulNBitsQkv'], {
  formula: 'as SkipSimplifiedLayerNormalization and three MatMulNBits',
  cost: (input) => {
    const projections = widths(input).flatMap((n, which) => [
      product(input.x, n),
      bias(input, 5 + 3 * which, input.outputs[which] ?? []),
    ])
    return sum(normalized(input), ...projections)
  },
  role: roles(
    ...(['operand', 'operand', 'param'] as const),
    ...(['quantized', 'setting', 'param'] as const),
    ...(['quantized', 'setting', 'param'] as const),
    ...(['quantized', 'setting', 'param'] as const),
  ),
  kernelClass: 'matmul',
  operands: [0, 3],
  packed: (index, input) => {
    const which = (index - 3) / 3
    return [0, 1, 2].includes(which) ? (widths(input)[which] ?? 1) * (input.x.at(-1) ?? 1) : undefined
  },
})

/**
 * data, quantized in blocks, indices, scales, zero points: what is gathered is made floats. The zero point is 0 for signed
 * data, else the middle of the range, where it is not given. Data of uint8 packs 8 / bits weights a byte.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GatherBlockQuantized
 */
const gather = contribRule(['GatherBlockQuantized'], {
  formula: 'FLOPs |output| to dequantize what is gathered, |output| with zero_points or unsigned data',
  cost: ({ y, inputs, types }) => dequantized(y, types[0]?.startsWith('uint') ? [] : inputs[3]),
  role: roles('quantized'),
  kernelClass: 'data-movement',
  traffic: 'gather',
  packed: (index, { x, types, attributes }) =>
    index === 0 && types[0] === 'uint8' ? (elements(x) * 8) / attributes.int('bits', 4) : undefined,
})

export const blockQuantized = [matMulNBits, matMulBnb4, matMulFpQ4, fp4Weight, fp8Weight, mlp, qkv, gather]
