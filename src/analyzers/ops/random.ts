import { elements } from '../../onnx/element-types.js'
import { rule } from './rule.js'

/**
 * mean + scale · z, or low + (high − low) · u.
 * @see https://onnx.ai/onnx/operators/onnx__RandomNormal.html
 */
const drawn = rule(['RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike'], {
  formula: 'FLOPs 2 · |y|: multiplication, addition; drawing the number is not counted',
  cost: ({ y }) => ({ flops: 2 * elements(y) }),
  role: () => 'setting',
  kernelClass: 'elementwise',
  traffic: 'write',
})

/**
 * u < x, of a number drawn for each probability.
 * @see https://onnx.ai/onnx/operators/onnx__Bernoulli.html
 */
const bernoulli = rule(['Bernoulli'], {
  formula: 'FLOPs |y|: comparison; drawing the number is not counted',
  cost: ({ y }) => ({ flops: elements(y) }),
  role: () => 'operand',
  kernelClass: 'elementwise',
})

/**
 * x [N, classes] logarithms of weights, y [N, sample_size]: where the drawn share of their sum lies among the running sums.
 * @see https://onnx.ai/onnx/operators/onnx__Multinomial.html
 */
const multinomial = rule(['Multinomial'], {
  formula:
    'FLOPs 2 · |x|: exponential, running sum; + |y|: multiplication with the sum; drawing and searching are not counted',
  cost: ({ x, y }) => ({ flops: 2 * elements(x) + elements(y) }),
  role: () => 'operand',
  kernelClass: 'other',
})

export const random = [drawn, bernoulli, multinomial]
