import { elements } from '../../onnx/element-types.js'
import { elementwise } from './elementwise.js'
import { dataThenSettings, rule } from './rule.js'

/**
 * max(0, x), or x > alpha ? x : 0.
 * @see https://onnx.ai/onnx/operators/onnx__Relu.html
 */
const rectified = elementwise(['Relu', 'ThresholdedRelu'], 1, 'FLOPs |y|: comparison')

/** @see https://onnx.ai/onnx/operators/onnx__Tanh.html */
const tanh = elementwise(['Tanh'], 1, 'FLOPs |y|: hyperbolic tangent')

/**
 * x < 0 ? slope · x : x. PRelu's slope is trained, also one for all channels.
 * @see https://onnx.ai/onnx/operators/onnx__PRelu.html
 */
const leaky = elementwise(['LeakyRelu', 'PRelu'], 2, 'FLOPs 2 · |y|: comparison, multiplication', () => 'param')

/**
 * min(max(x, lower), upper). ReLU6 is a Clip.
 * @see https://onnx.ai/onnx/operators/onnx__Clip.html
 */
const clip = elementwise(
  ['Clip'],
  2,
  'FLOPs 2 · |y|: two comparisons, also where a bound is left at its default',
  dataThenSettings,
)

/**
 * x / (1 + |x|).
 * @see https://onnx.ai/onnx/operators/onnx__Softsign.html
 */
const softsign = elementwise(['Softsign'], 3, 'FLOPs 3 · |y|: absolute value, addition, division')

/**
 * ln(eˣ + 1).
 * @see https://onnx.ai/onnx/operators/onnx__Softplus.html
 */
const softplus = elementwise(['Softplus'], 3, 'FLOPs 3 · |y|: exponential, addition, logarithm')

/**
 * x < −lambd ? x + bias : x > lambd ? x − bias : 0.
 * @see https://onnx.ai/onnx/operators/onnx__Shrink.html
 */
const shrink = elementwise(['Shrink'], 3, 'FLOPs 3 · |y|: two comparisons, addition')

/**
 * 1 / (1 + e⁻ˣ).
 * @see https://onnx.ai/onnx/operators/onnx__Sigmoid.html
 */
const sigmoid = elementwise(['Sigmoid'], 4, 'FLOPs 4 · |y|: negation, exponential, addition, division')

/**
 * max(0, min(1, alpha · x + beta)).
 * @see https://onnx.ai/onnx/operators/onnx__HardSigmoid.html
 */
const hardSigmoid = elementwise(['HardSigmoid'], 4, 'FLOPs 4 · |y|: multiplication, addition, two comparisons')

/**
 * x < 0 ? alpha · (eˣ − 1) : x.
 * @see https://onnx.ai/onnx/operators/onnx__Elu.html
 */
const elu = elementwise(['Elu'], 4, 'FLOPs 4 · |y|: comparison, exponential, subtraction, multiplication')

/**
 * gamma · (x > 0 ? x : alpha · eˣ − alpha).
 * @see https://onnx.ai/onnx/operators/onnx__Selu.html
 */
const selu = elementwise(
  ['Selu'],
  5,
  'FLOPs 5 · |y|: comparison, exponential, multiplication, subtraction, multiplication',
)

/**
 * max(0, x) + min(0, alpha · (e^(x / alpha) − 1)).
 * @see https://onnx.ai/onnx/operators/onnx__Celu.html
 */
const celu = elementwise(
  ['Celu'],
  7,
  'FLOPs 7 · |y|: two comparisons, division, exponential, subtraction, multiplication, addition',
)

/**
 * x · HardSigmoid(x).
 * @see https://onnx.ai/onnx/operators/onnx__HardSwish.html
 */
const hardSwish = elementwise(['HardSwish'], 5, 'FLOPs 5 · |y|: the four of HardSigmoid, multiplication')

/**
 * x · Sigmoid(alpha · x). At alpha 1 it is SiLU, exported as Sigmoid and Mul before opset 24.
 * @see https://onnx.ai/onnx/operators/onnx__Swish.html
 */
const swish = elementwise(
  ['Swish'],
  ({ attributes }) => (attributes.float('alpha', 1) === 1 ? 5 : 6),
  'FLOPs 5 · |y|: the four of Sigmoid, multiplication; + |y| with alpha ≠ 1',
)

/**
 * x · tanh(ln(1 + eˣ)).
 * @see https://onnx.ai/onnx/operators/onnx__Mish.html
 */
const mish = elementwise(
  ['Mish'],
  5,
  'FLOPs 5 · |y|: exponential, addition, logarithm, hyperbolic tangent, multiplication',
)

/**
 * ½ · x · (1 + erf(x / √2)), or with `approximate` "tanh" ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))).
 * @see https://onnx.ai/onnx/operators/onnx__Gelu.html
 */
const gelu = elementwise(
  ['Gelu'],
  ({ attributes }) => (attributes.string('approximate', 'none') === 'tanh' ? 8 : 5),
  'FLOPs 5 · |y|: division, erf, addition, two multiplications; with approximate = tanh 8 · |y|: power, four multiplications, two additions, hyperbolic tangent',
)

/**
 * e^(x − max x) / Σ e^(x − max x), or its logarithm x − max x − ln Σ e^(x − max x).
 *
 * Along an axis of length n, the maximum and the sum are n − 1 operations each; they and the one logarithm are rounded to
 * n. So it does not matter whether the axes from `axis` on are one (before opset 13) or `axis` alone is meant.
 * @see https://onnx.ai/onnx/operators/onnx__Softmax.html
 */
const softmax = rule(['Softmax', 'LogSoftmax'], {
  formula: 'FLOPs 5 · |x|: maximum, subtraction, exponential, sum, division or subtraction',
  cost: ({ x }) => ({ flops: 5 * elements(x) }),
  kernelClass: 'normalization',
})

/**
 * 1 at the first maximum along an axis, 0 elsewhere.
 * @see https://onnx.ai/onnx/operators/onnx__Hardmax.html
 */
const hardmax = rule(['Hardmax'], {
  formula: 'FLOPs |x|: comparison',
  cost: ({ x }) => ({ flops: elements(x) }),
  kernelClass: 'normalization',
})

export const activation = [
  ...[rectified, tanh, leaky, clip, softsign, softplus, shrink, sigmoid, hardSigmoid, elu, selu, celu],
  ...[hardSwish, swish, mish, gelu, softmax, hardmax],
]
