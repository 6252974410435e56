import { elements } from '../../onnx/element-types.js'
import { activation } from './activation.js'
import { legacy } from './legacy.js'
import { attributesOf, type Cost, type OpRule, type Role, type RuleInput, rule } from './rule.js'

interface Cell {
  readonly op: string
  readonly formula: string
  /** By activation of the attribute: its default, and the gates (or cells) of a unit that it is applied to. */
  readonly activations: readonly (readonly [name: string, uses: number])[]
  /** Gates of a unit, each with its rows of W, R and B. */
  readonly gates: number
  /** FLOPs of a unit that are neither of its gates' sums nor of activations. */
  readonly combination: number
}

const oneElement: RuleInput = {
  inputs: [[1]],
  outputs: [[1]],
  x: [1],
  w: [],
  b: undefined,
  y: [1],
  types: [],
  attributes: attributesOf({}),
}

/** FLOPs of an activation by its name, in any case: those of the operator of that name. Null for a name that is not known. */
function activationFlops(name: string): number | null {
  const known = [...activation, ...legacy].find(({ ops }) => ops.some((op) => op.toLowerCase() === name.toLowerCase()))
  if (known === undefined || known.cost === 'free') return null
  return known.cost(oneElement)?.flops ?? null
}

/** FLOPs of a unit's activations, clipping what they are given included, in all directions. */
function activationsOf({ activations }: Cell, { attributes }: RuleInput, directions: number): number | null {
  const names = attributes.strings('activations')
  const clipping = attributes.float('clip', 0) > 0 ? 2 : 0
  let total = 0
  for (let place = 0; place < directions * activations.length; place++) {
    const [usual, uses] = activations[place % activations.length] ?? ['', 0]
    const flops = activationFlops(names?.[place] ?? usual)
    if (flops === null) return null
    total += uses * (flops + clipping)
  }
  return total
}

/**
 * A step of a unit: each gate sums the products of W and R, and with B two biases; P is three multiplications and three
 * additions.
 */
function cost(cell: Cell, input: RuleInput): Cost | null {
  const { x, w, inputs } = input
  const directions = w[0] ?? 1
  const hidden = inputs[2]?.[2] ?? 0
  const activations = activationsOf(cell, input, directions)
  if (activations === null) return null
  const sums = cell.gates * (inputs[3] === undefined ? 1 : 3) + (inputs[7] === undefined ? 0 : 6)
  const units = elements(x.slice(0, 2)) * hidden
  return {
    macs: units * directions * cell.gates * ((w[2] ?? 0) + hidden),
    flops: units * (directions * (sums + cell.combination) + activations),
  }
}

/** W, R, B and P are trained; lengths and initial states are not. */
const role = (index: number): Role => (index >= 4 && index <= 6 ? 'setting' : 'param')

/**
 * A recurrent layer: x [T, N, I], or [N, T, I] with layout 1, W [D, gates · H, I], R [D, gates · H, H], B [D, 2 · gates · H],
 * sequence_lens, initial states, P [D, 3 · H].
 *
 * Every sequence counts as T steps, the first as any other, also where the initial state is left at zero.
 */
const recurrent = (cell: Cell): OpRule =>
  rule([cell.op], { formula: cell.formula, cost: (input) => cost(cell, input), role, kernelClass: 'matmul' })

const steps =
  'for each of T · N steps, D directions and H units, whatever sequence_lens say; activations as their operators count, + 2 each with clip'

/**
 * Hₜ = f(Xₜ·Wᵀ + Hₜ₋₁·Rᵀ + Wb + Rb).
 * @see https://onnx.ai/onnx/operators/onnx__RNN.html
 */
const rnn = recurrent({
  op: 'RNN',
  formula: `MACs T · N · D · H · (I + H); FLOPs 1 + f, by default 2, + 2 with B, ${steps}`,
  activations: [['Tanh', 1]],
  gates: 1,
  combination: 0,
})

/**
 * z, r = f(X·Wᵀ + Hₜ₋₁·Rᵀ + Wb + Rb); h = g(X·Wᵀ + (r ⊙ Hₜ₋₁)·Rᵀ + Rb + Wb), or with linear_before_reset
 * g(X·Wᵀ + r ⊙ (Hₜ₋₁·Rᵀ + Rb) + Wb), which costs the same; Hₜ = (1 − z) ⊙ h + z ⊙ Hₜ₋₁.
 * @see https://onnx.ai/onnx/operators/onnx__GRU.html
 */
const gru = recurrent({
  op: 'GRU',
  formula: `MACs T · N · D · 3 · H · (I + H), also with linear_before_reset; FLOPs 8 + 2 · f + g, by default 17, + 6 with B, ${steps}`,
  activations: [
    ['Sigmoid', 2],
    ['Tanh', 1],
  ],
  gates: 3,
  combination: 5,
})

/**
 * i, f = f(X·Wᵀ + Hₜ₋₁·Rᵀ + P ⊙ Cₜ₋₁ + Wb + Rb); c = g(X·Wᵀ + Hₜ₋₁·Rᵀ + Wb + Rb); Cₜ = f ⊙ Cₜ₋₁ + i ⊙ c;
 * o = f(X·Wᵀ + Hₜ₋₁·Rᵀ + P ⊙ Cₜ + Wb + Rb); Hₜ = o ⊙ h(Cₜ). Gates that input_forget couples are counted as two.
 * @see https://onnx.ai/onnx/operators/onnx__LSTM.html
 */
const lstm = recurrent({
  op: 'LSTM',
  formula: `MACs T · N · D · 4 · H · (I + H), also with input_forget; FLOPs 8 + 3 · f + g + h, by default 22, + 8 with B, + 6 with P, ${steps}`,
  activations: [
    ['Sigmoid', 3],
    ['Tanh', 1],
    ['Tanh', 1],
  ],
  gates: 4,
  combination: 4,
})

export const recurrentOps = [rnn, gru, lstm]
