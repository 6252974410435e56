import { elements } from '../../onnx/element-types.js'
import { type RuleInput, rule } from './rule.js'

/** Multiplications by alpha and beta, where they are not 1. */
function scaling({ b, y, attributes }: RuleInput): number {
  const alpha = attributes.float('alpha', 1) === 1 ? 0 : elements(y)
  const beta = b === undefined || attributes.float('beta', 1) === 1 ? 0 : elements(b)
  return alpha + beta
}

/**
 * y [M, N] = alpha·A·B + beta·C, A [M, K] or transposed [K, M].
 * @see https://onnx.ai/onnx/operators/onnx__Gemm.html
 */
const gemm = rule(['Gemm'], {
  formula: 'MACs M · N · K; FLOPs + |y| with C, + |y| with alpha ≠ 1, + |C| with beta ≠ 1',
  cost: (input) => {
    const { x, b, y, attributes } = input
    return {
      macs: elements(y) * (x[attributes.int('transA', 0) === 1 ? 0 : 1] ?? 0),
      flops: (b === undefined ? 0 : elements(y)) + scaling(input),
    }
  },
  kernelClass: 'matmul',
})

/**
 * MatMul with NumPy's broadcasting: A […, M, K], B […, K, N], y […, M, N]; a vector A is one row, a vector B one column.
 * @see https://onnx.ai/onnx/operators/onnx__MatMul.html
 */
const matMul = rule(['MatMul'], {
  formula: 'MACs |y| · K, K the last axis of A',
  cost: ({ x, y }) => ({ macs: elements(y) * (x.at(-1) ?? 1) }),
  kernelClass: 'matmul',
})

/**
 * Determinants of x […, M, M], by elimination: below each of the first M − 1 pivots a division a row, and a multiplication
 * and a subtraction for each element right of it; then the product of the pivots. Finding pivots is not counted.
 * @see https://onnx.ai/onnx/operators/onnx__Det.html
 */
const det = rule(['Det'], {
  formula:
    'FLOPs (M − 1) · M · (2 · M − 1) / 3 + M · (M − 1) / 2 + M − 1 for each matrix: elimination, product of pivots',
  cost: ({ x }) => {
    const m = x.at(-1) ?? 1
    return { flops: elements(x.slice(0, -2)) * (((m - 1) * m * (2 * m - 1)) / 3 + (m * (m - 1)) / 2 + m - 1) }
  },
  kernelClass: 'other',
})

export const matrix = [gemm, matMul, det]
