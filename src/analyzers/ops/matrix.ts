import { elements } from '../../onnx/element-types.js'
import { rule } from './rule.js'

/**
 * Gemm: y [M, N] = alpha·A·B + beta·C, A [M, K] or transposed.
 *
 * M·N dot products of length K; C adds one operation an element. Scaling by alpha and beta is not counted: it is 1 in
 * every exported network and folds into the weights.
 * @see https://onnx.ai/onnx/operators/onnx__Gemm.html
 */
const gemm = rule(['Gemm'], {
  cost: ({ x, b, y, attributes }) => ({
    macs: elements(y) * (x[attributes.int('transA', 0) === 1 ? 0 : 1] ?? 0),
    flops: b === undefined ? 0 : elements(y),
  }),
  kernelClass: 'matmul',
})

/**
 * MatMul with NumPy's broadcasting: A […, M, K], B […, K, N], y […, M, N]; the last axis of A is always K.
 * @see https://onnx.ai/onnx/operators/onnx__MatMul.html
 */
const matMul = rule(['MatMul'], {
  cost: ({ x, y }) => ({ macs: elements(y) * (x.at(-1) ?? 1) }),
  kernelClass: 'matmul',
})

export const matrix = [gemm, matMul]
