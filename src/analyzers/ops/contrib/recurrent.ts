import { elements } from '../../../onnx/element-types.js'
import { centred, dynamicallyQuantized } from '../quantization-cost.js'
import type { RuleInput, Shape } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { activationCost } from './fused-activation.js'
import { has, roles, sum } from './parts.js'

/** The functions of the gates, of the cell's input and of the output, for each direction. */
const functionsOf = ({ attributes }: RuleInput, directions: number): readonly string[] =>
  attributes.strings('activations') ?? Array(directions).fill(['Sigmoid', 'Tanh', 'Tanh']).flat()

/** Three gates by the first function, the cell's input by the second, the cell by the third, over `states` elements. */
function activations(input: RuleInput, directions: number, states: number) {
  const costs = functionsOf(input, directions).map((name, index) => {
    const size = index % 3 === 0 ? 3 * states : states
    return activationCost(name, [size], input)
  })
  return sum(...costs)
}

/** X [T, B, I] and h [B, H] quantized anew each step and direction, and their zero points subtracted. */
function quantizedSteps([steps = 1, batch = 1, size = 0]: Shape, directions: number, hidden: number) {
  const operands = [
    [batch, size],
    [batch, hidden],
  ]
  const step = sum(...operands.flatMap((operand) => [dynamicallyQuantized(operand), centred(operand, [])]))
  return { flops: steps * directions * (step?.flops ?? 0) }
}

/**
 * LSTM with 8-bit weights: X [T, B, I], W [D, I, 4H], R [D, H, 4H], bias [D, 8H], peepholes [D, 3H] at 7, scales and zero
 * points of W and R at 8 to 11. X and h are quantized anew each step, as DynamicQuantizeLinear does.
 *
 * Each step and direction: the two products, each made floats by one multiplication an element and added; biases of both;
 * the functions; c = f · c + i · g and h = o · f(c), four an element; peepholes six.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeLSTM
 */
const dynamicQuantizeLstm = contribRule(['DynamicQuantizeLSTM'], {
  formula:
    'MACs T · B · D · 4H · (I + H); FLOPs T · D · (8 · B · (I + H) + 14) to quantize and subtract zero points, |W| and |R| with theirs, T · B · D · (12H + 4H, 8H with B, 6H with P, three gates’, one input’s and one output’s activation)',
  cost: (input) => {
    const { x, w, inputs } = input
    const [directions = 1, size = 0] = w
    const hidden = inputs[2]?.[1] ?? 0
    const states = elements(x.slice(0, 2)) * hidden
    const perState = 12 + 4 + (has(input, 3) ? 8 : 0) + (has(input, 7) ? 6 : 0)
    return sum(
      { macs: states * directions * 4 * (size + hidden), flops: states * directions * perState },
      quantizedSteps(x, directions, hidden),
      centred(w, inputs[9]),
      centred(inputs[2] ?? [], inputs[11]),
      activations(input, directions, states),
    )
  },
  role: roles('operand', 'quantized', 'quantized', 'param', 'setting', 'setting', 'setting', 'param'),
  quantizesTo: 'uint8',
  kernelClass: 'matmul',
})

export const contribRecurrent = [dynamicQuantizeLstm]
