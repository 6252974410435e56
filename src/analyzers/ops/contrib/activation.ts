import { elements } from '../../../onnx/element-types.js'
import type { RuleInput } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { costOf, has, mapOf, roles, sum } from './parts.js'

const gelu = (input: RuleInput) => costOf('Gelu', mapOf(input, input.y))

/** So many operations for each element of the output. */
const mapped = ({ y }: RuleInput, perElement: number) => ({ flops: perElement * elements(y) })

/**
 * ½ · x · (1 + erf(x / √2)).
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Gelu
 */
const plainGelu = contribRule(['Gelu'], {
  formula: 'FLOPs 5 · |Y|',
  cost: gelu,
  role: roles('operand'),
  kernelClass: 'elementwise',
})

/**
 * Gelu(A + B).
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasGelu
 */
const biasGelu = contribRule(['BiasGelu'], {
  formula: 'FLOPs (1 + 5) · |C|',
  cost: (input) => sum(gelu(input), mapped(input, 1)),
  role: roles('operand', 'param'),
  kernelClass: 'elementwise',
})

/**
 * ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) as Gelu with `approximate` "tanh", of X + bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FastGelu
 */
const fastGelu = contribRule(['FastGelu'], {
  formula: 'FLOPs 8 · |Y|, |Y| with bias',
  cost: (input) => mapped(input, has(input, 1) ? 9 : 8),
  role: roles('operand', 'param'),
  kernelClass: 'elementwise',
})

/**
 * x · Sigmoid(alpha · x): the four of Sigmoid and a multiplication, and another where alpha is not 1.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QuickGelu
 */
const quickGelu = contribRule(['QuickGelu'], {
  formula: 'FLOPs 5 · |Y|, |Y| with alpha ≠ 1',
  cost: (input) => mapped(input, input.attributes.float('alpha', 1.702) === 1 ? 5 : 6),
  role: roles('operand'),
  kernelClass: 'elementwise',
})

/**
 * left · Gelu(right) of the halves of X + bias, X [N, S, D], Y [N, S, D / 2].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasSplitGelu
 */
const biasSplitGelu = contribRule(['BiasSplitGelu'], {
  formula: 'FLOPs |X| + (5 + 1) · |Y|',
  cost: (input) => sum(gelu(input), mapped(input, 1), { flops: elements(input.x) }),
  role: roles('operand', 'param'),
  kernelClass: 'elementwise',
})

/**
 * X + bias + skip.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasAdd
 */
const biasAdd = contribRule(['BiasAdd'], {
  formula: 'FLOPs 2 · |Y|',
  cost: (input) => mapped(input, 2),
  role: roles('operand', 'param', 'operand'),
  kernelClass: 'elementwise',
})

/**
 * Dropout(data + bias) + residual; at inference Dropout is the identity.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasDropout
 */
const biasDropout = contribRule(['BiasDropout', 'BitmaskBiasDropout'], {
  formula: 'FLOPs |output|, |output| with residual',
  cost: (input) => mapped(input, has(input, 2) ? 2 : 1),
  role: roles('operand', 'param', 'operand'),
  kernelClass: 'elementwise',
})

/**
 * Softmax(data + bias).
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasSoftmax
 */
const biasSoftmax = contribRule(['BiasSoftmax'], {
  formula: 'FLOPs (1 + 5) · |output|',
  cost: (input) => sum(costOf('Softmax', input), mapped(input, 1)),
  role: roles('operand', 'operand'),
  kernelClass: 'normalization',
})

/**
 * X + Y · gate, X and Y […, C], gate […, 1].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GatedAdd
 */
const gatedAdd = contribRule(['GatedAdd'], {
  formula: 'FLOPs 2 · |output|',
  cost: (input) => mapped(input, 2),
  role: roles('operand', 'operand', 'operand'),
  kernelClass: 'elementwise',
})

export const contribActivation = [
  ...[plainGelu, biasGelu, fastGelu, quickGelu, biasSplitGelu, biasAdd, biasDropout, biasSoftmax, gatedAdd],
]
