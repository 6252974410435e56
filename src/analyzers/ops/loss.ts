import { elements } from '../../onnx/element-types.js'
import { type RuleInput, rule } from './rule.js'

/**
 * −x at the class of each of n targets, times its weight; then the sum of them, and their mean by n or by the sum of their
 * weights.
 */
function likelihoodFlops({ w, b, attributes }: RuleInput): number {
  const targets = elements(w)
  const each = targets * (b === undefined ? 1 : 2)
  const reduction = attributes.string('reduction', 'mean')
  if (reduction === 'none' || targets === 0) return each
  if (reduction === 'sum') return each + targets - 1
  return each + (b === undefined ? targets : 2 * targets - 1)
}

const reduced =
  'n targets: negation, + n with weight; − 1 + n to sum, n for the mean, 2 · n − 1 with weight, 0 with reduction = none'

/**
 * x [N, C, d…], target [N, d…], weight [C].
 * @see https://onnx.ai/onnx/operators/onnx__NegativeLogLikelihoodLoss.html
 */
const negativeLogLikelihoodLoss = rule(['NegativeLogLikelihoodLoss'], {
  formula: `FLOPs n for ${reduced}`,
  cost: (input) => ({ flops: likelihoodFlops(input) }),
  role: () => 'setting',
  kernelClass: 'reduction',
})

/**
 * NegativeLogLikelihoodLoss of the logarithm of Softmax of scores [N, C, d…].
 * @see https://onnx.ai/onnx/operators/onnx__SoftmaxCrossEntropyLoss.html
 */
const softmaxCrossEntropyLoss = rule(['SoftmaxCrossEntropyLoss'], {
  formula: `FLOPs 5 · |x| as LogSoftmax, n for ${reduced}`,
  cost: (input) => ({ flops: 5 * elements(input.x) + likelihoodFlops(input) }),
  role: () => 'setting',
  kernelClass: 'normalization',
})

export const losses = [negativeLogLikelihoodLoss, softmaxCrossEntropyLoss]
