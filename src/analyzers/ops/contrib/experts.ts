import { elements } from '../../../onnx/element-types.js'
import type { Cost, RuleInput, Shape } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { activationCost } from './fused-activation.js'
import { has, sum } from './parts.js'

/** Where an operator keeps the weights and biases of its three layers. */
interface Layers {
  readonly weights: readonly [number, number, number]
  readonly biases: readonly [number, number, number]
}

/**
 * Activation over the inner elements. SwiGLU is G · σ(alpha · G) · (L + beta): Swish and a multiplication, one more for
 * alpha ≠ 1 and for beta ≠ 0, and three comparisons with a limit.
 */
function innerActivation(input: RuleInput, inner: Shape): Cost | null {
  const { attributes } = input
  const name = attributes.string('activation_type', 'relu')
  if (name !== 'swiglu') return activationCost(name, inner, input)
  const scaled = attributes.float('activation_alpha', 1) === 1 ? 0 : 1
  const shifted = attributes.float('activation_beta', 0) === 0 ? 0 : 1
  const limited = Number.isFinite(attributes.float('swiglu_limit', Number.POSITIVE_INFINITY)) ? 3 : 0
  return sum(activationCost('swish', inner, input), { flops: elements(inner) * (1 + scaled + shifted + limited) })
}

/**
 * Each token through k of E experts, whichever they are: input [tokens…, H], router_probs [tokens, E], fc1 of `wide`
 * columns (gate and value of SwiGLU together, or one of them with fc3), fc2 from `inner` columns back to H.
 *
 * Routing: softmax over E and one comparison each for the k largest, then, with `normalize_routing_weights`, k − 1
 * additions and k divisions. Outputs: k multiplications and k − 1 additions an element.
 */
function mixture(input: RuleInput, layers: Layers, inner: number) {
  const { x, w, inputs, attributes } = input
  const hidden = x.at(-1) ?? 1
  const tokens = elements(x.slice(0, -1))
  const k = attributes.int('k', 1)
  const wide = inputs[layers.weights[0]]?.[1] ?? 0
  const third = has(input, layers.weights[2]) ? inner : 0
  const columns = [wide, hidden, third]
  const biased = columns.reduce((total, size, layer) => total + (has(input, layers.biases[layer] ?? -1) ? size : 0), 0)
  const routing =
    tokens * (6 * (w.at(-1) ?? 1) + (attributes.int('normalize_routing_weights', 0) === 1 ? 2 * k - 1 : 0))
  return sum(
    { macs: tokens * k * hidden * (wide + inner + third), flops: tokens * k * biased + routing },
    innerActivation(input, [tokens * k, inner]),
    { flops: tokens * hidden * (2 * k - 1) },
  )
}

const formula =
  'MACs tokens · k · H · (fc1 columns + inner + inner with fc3); FLOPs the activation’s for tokens · k · inner elements, biases, 6 · |router_probs|, (2 · k − 1) · |output|'

/**
 * input, router_probs, fc1 [E, wide, H] and bias, fc2 [E, H, inner] and bias, fc3 [E, inner, H] and bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MoE
 */
const moe = contribRule(['MoE'], {
  formula,
  cost: (input) => mixture(input, { weights: [2, 4, 6], biases: [3, 5, 7] }, input.inputs[4]?.[2] ?? 0),
  role: (index) => (index < 2 ? 'setting' : 'param'),
  kernelClass: 'matmul',
  operands: [0, 2],
})

/** Weights that one element holds: those of uint8 are 8 / expert_weight_bits, floats of 8 bits one. */
const perElement = ({ types, attributes }: RuleInput, index: number): number =>
  types[index] === 'uint8' ? 8 / attributes.int('expert_weight_bits', 4) : 1

/**
 * As MoE, of quantized experts: fc1 [E, wide, H / pack], its scales and bias, fc2, its scales and bias, fc3, its scales and
 * bias, zero points. Making floats of them is not counted: which experts are used depends on the data.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QMoE
 */
const qMoe = contribRule(['QMoE'], {
  formula: `${formula}; dequantizing is not counted`,
  cost: (input) => {
    const inner = (input.inputs[5]?.[2] ?? 0) * perElement(input, 5)
    return mixture(input, { weights: [2, 5, 8], biases: [4, 7, 10] }, inner)
  },
  role: (index) => {
    if (index === 2 || index === 5 || index === 8) return 'quantized'
    return index === 4 || index === 7 || index === 10 ? 'param' : 'setting'
  },
  kernelClass: 'matmul',
  operands: [0, 2],
  packed: (index, input) => {
    const dims = input.inputs[index]
    return dims !== undefined && [2, 5, 8].includes(index) ? elements(dims) * perElement(input, index) : undefined
  },
})

export const experts = [moe, qMoe]
