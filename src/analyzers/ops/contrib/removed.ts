import { elements } from '../../../onnx/element-types.js'
import { rule } from '../rule.js'
import { roles } from './parts.js'

/** A rule for an operator that does the same operations for each element. */
const mapped = (op: string, perElement: number) =>
  rule([op], {
    formula: `FLOPs ${perElement} · |Y|`,
    cost: ({ y }) => ({ flops: perElement * elements(y) }),
    role: roles('operand'),
    kernelClass: 'elementwise',
  })

/**
 * Experimental operators that ai.onnx has dropped and onnxruntime still runs.
 *
 * alpha · x + beta; scale · x + bias a channel; alpha · ln(e^(beta · x) + 1): two multiplications, exponential, addition,
 * logarithm; alpha · tanh(beta · x); scale · x.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/onnx_deprecated_operators.cc
 */
const arithmetic = [
  mapped('Affine', 2),
  mapped('ImageScaler', 2),
  mapped('ParametricSoftplus', 5),
  mapped('ScaledTanh', 3),
  mapped('Scale', 1),
]

/**
 * Parts of the input, or a tensor of one value.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/onnx_deprecated_operators.cc
 */
const moved = rule(['Crop', 'DynamicSlice', 'GivenTensorFill'], {
  formula: 'elements that bounds select, or that an attribute holds',
  cost: 'free',
  role: roles('operand'),
  kernelClass: 'data-movement',
})

export const removed = [...arithmetic, moved]
