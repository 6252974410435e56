import { elements } from '../../onnx/element-types.js'
import { elementwise } from './elementwise.js'
import { dataThenSettings, rule } from './rule.js'

/**
 * max(0, x), or x > alpha ? x : 0: one comparison; tanh x: one elementary function.
 * @see https://onnx.ai/onnx/operators/onnx__Relu.html
 */
const single = elementwise(['Relu', 'ThresholdedRelu', 'Tanh'], 1)

/**
 * x < 0 ? slope · x : x: a comparison and a multiplication. PRelu's slope is trained, also one for all channels.
 * @see https://onnx.ai/onnx/operators/onnx__PRelu.html
 */
const leaky = elementwise(['LeakyRelu', 'PRelu'], 2, () => 'param')

/**
 * min(max(x, lower), upper): two comparisons, also where a bound is left at its default. ReLU6 is a Clip.
 * @see https://onnx.ai/onnx/operators/onnx__Clip.html
 */
const clip = elementwise(['Clip'], 2, dataThenSettings)

/**
 * x / (1 + |x|): absolute value, addition, division.
 * @see https://onnx.ai/onnx/operators/onnx__Softsign.html
 */
const softsign = elementwise(['Softsign'], 3)

/**
 * ln(eˣ + 1): exponential, addition, logarithm.
 * @see https://onnx.ai/onnx/operators/onnx__Softplus.html
 */
const softplus = elementwise(['Softplus'], 3)

/**
 * x < −lambd ? x + bias : x > lambd ? x − bias : 0: two comparisons and an addition.
 * @see https://onnx.ai/onnx/operators/onnx__Shrink.html
 */
const shrink = elementwise(['Shrink'], 3)

/**
 * 1 / (1 + e⁻ˣ): negation, exponential, addition, division.
 * @see https://onnx.ai/onnx/operators/onnx__Sigmoid.html
 */
const sigmoid = elementwise(['Sigmoid'], 4)

/**
 * max(0, min(1, alpha · x + beta)): multiplication, addition, two comparisons.
 * @see https://onnx.ai/onnx/operators/onnx__HardSigmoid.html
 */
const hardSigmoid = elementwise(['HardSigmoid'], 4)

/**
 * x < 0 ? alpha · (eˣ − 1) : x: comparison, exponential, subtraction, multiplication.
 * @see https://onnx.ai/onnx/operators/onnx__Elu.html
 */
const elu = elementwise(['Elu'], 4)

/**
 * gamma · (x > 0 ? x : alpha · eˣ − alpha): comparison, exponential, multiplication, subtraction, multiplication.
 * @see https://onnx.ai/onnx/operators/onnx__Selu.html
 */
const selu = elementwise(['Selu'], 5)

/**
 * max(0, x) + min(0, alpha · (e^(x / alpha) − 1)): two comparisons, division, exponential, subtraction,
 * multiplication, addition.
 * @see https://onnx.ai/onnx/operators/onnx__Celu.html
 */
const celu = elementwise(['Celu'], 7)

/**
 * x · HardSigmoid(x): the four of HardSigmoid and a multiplication, as when it is exported as two nodes.
 * @see https://onnx.ai/onnx/operators/onnx__HardSwish.html
 */
const hardSwish = elementwise(['HardSwish'], 5)

/**
 * x · Sigmoid(alpha · x): the four of Sigmoid and a multiplication. Scaling by alpha is not counted: at 1 the operator
 * is SiLU, exported as Sigmoid and Mul before opset 24.
 * @see https://onnx.ai/onnx/operators/onnx__Swish.html
 */
const swish = elementwise(['Swish'], 5)

/**
 * x · tanh(ln(1 + eˣ)): exponential, addition, logarithm, hyperbolic tangent, multiplication.
 * @see https://onnx.ai/onnx/operators/onnx__Mish.html
 */
const mish = elementwise(['Mish'], 5)

/**
 * ½ · x · (1 + erf(x / √2)): division, erf, addition, two multiplications. With `approximate` "tanh",
 * ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))): power, four multiplications, two additions, tanh.
 * @see https://onnx.ai/onnx/operators/onnx__Gelu.html
 */
const gelu = elementwise(['Gelu'], ({ attributes }) => (attributes.string('approximate', 'none') === 'tanh' ? 8 : 5))

/**
 * e^(x − max x) / Σ e^(x − max x), or its logarithm x − max x − ln Σ e^(x − max x): maximum, subtraction, exponential,
 * sum, and division or subtraction, five an element. Along an axis of length n, the maximum and the sum are n − 1
 * operations each; they and the one logarithm are rounded to n.
 * @see https://onnx.ai/onnx/operators/onnx__Softmax.html
 */
const softmax = rule(['Softmax', 'LogSoftmax'], {
  cost: ({ x }) => ({ flops: 5 * elements(x) }),
  kernelClass: 'normalization',
})

/**
 * 1 at the first maximum along an axis, 0 elsewhere: one comparison an element.
 * @see https://onnx.ai/onnx/operators/onnx__Hardmax.html
 */
const hardmax = rule(['Hardmax'], { cost: ({ x }) => ({ flops: elements(x) }), kernelClass: 'normalization' })

export const activation = [
  ...[single, leaky, clip, softsign, softplus, shrink, sigmoid, hardSigmoid, elu, selu, celu],
  ...[hardSwish, swish, mish, gelu, softmax, hardmax],
]
