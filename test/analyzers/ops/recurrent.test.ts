import { describe, expect, it } from 'vitest'
import { recurrentOps } from '../../../src/analyzers/ops/recurrent.js'
import {
  costOf,
  float,
  from,
  kernelClassOf,
  node,
  operatorsIn,
  operatorsOf,
  type Row,
  rolesOf,
  ruleFor,
  ruleInput,
} from './input.js'

// T = 3 steps, N = 2 sequences, I = 4, H = 5: 3·2·5 = 30 units a direction, each a gate of 4 + 5 products
const x = [3, 2, 4]
const layer = (gates: number, directions = 1): number[][] => [x, [directions, gates * 5, 4], [directions, gates * 5, 5]]
const y = (directions = 1): number[] => [3, directions, 2, 5]
const lengths = [2]
const state = (directions = 1): number[] => [directions, 2, 5]

/** Hand-computed: operator, attributes, inputs, y, FLOPs beyond MACs, MACs. */
const table: [...Row, macs: number][] = [
  // 30·9 MACs; a unit: sum of two products, tanh
  ['RNN', {}, layer(1), y(), 60, 270],
  ['RNN', {}, from(...layer(1), [1, 10]), y(), 120, 270], // and two biases
  ['RNN', { activations: ['Relu'] }, layer(1), y(), 60, 270],
  ['RNN', { activations: ['Sigmoid'] }, layer(1), y(), 150, 270], // 1 + 4
  ['RNN', { activations: ['Affine'] }, layer(1), y(), 90, 270], // 1 + 2
  ['RNN', { activations: ['scaledtanh'] }, layer(1), y(), 120, 270], // 1 + 3, in any case
  ['RNN', { clip: float(3) }, layer(1), y(), 120, 270], // 1 + 2 + 1
  // two directions, each its own activation: 30·((1 + 1) + (1 + 4))
  ['RNN', { direction: 'bidirectional', activations: ['Tanh', 'Sigmoid'] }, layer(1, 2), y(2), 210, 540],
  ['RNN', { direction: 'bidirectional' }, layer(1, 2), y(2), 120, 540],
  ['RNN', { direction: 'reverse' }, layer(1), y(), 60, 270],
  // layout 1: [2, 3, 4] costs the same
  ['RNN', { layout: 1 }, [[2, 3, 4], ...layer(1).slice(1)], [2, 3, 1, 5], 60, 270],
  // three gates: 3·30·9; a unit: 3 sums, 2 sigmoids of 4, tanh, r ⊙ H, 1 − z, two products and their sum = 17
  ['GRU', {}, layer(3), y(), 510, 810],
  ['GRU', { linear_before_reset: 1 }, layer(3), y(), 510, 810],
  ['GRU', {}, from(...layer(3), [1, 30]), y(), 690, 810], // and 6 biases
  ['GRU', { linear_before_reset: 1 }, from(...layer(3), [1, 30], lengths, state()), y(), 690, 810],
  ['GRU', { direction: 'bidirectional' }, from(...layer(3, 2), [2, 30]), y(2), 1_380, 1_620],
  ['GRU', { activations: ['HardSigmoid', 'Softsign'] }, layer(3), y(), 570, 810], // 8 + 2·4 + 3
  // four gates: 4·30·9; a unit: 4 sums, 3 sigmoids of 4, 2 tanhs, two products and their sum, one product = 22
  ['LSTM', {}, layer(4), y(), 660, 1_080],
  ['LSTM', {}, from(...layer(4), [1, 40]), y(), 900, 1_080], // and 8 biases
  ['LSTM', {}, from(...layer(4), [1, 40], lengths, state(), state()), y(), 900, 1_080],
  // and three peepholes, a multiplication and an addition each
  ['LSTM', {}, from(...layer(4), [1, 40], lengths, state(), state(), [1, 15]), y(), 1_080, 1_080],
  ['LSTM', {}, from(...layer(4), undefined, undefined, undefined, undefined, [1, 15]), y(), 840, 1_080],
  ['LSTM', { direction: 'bidirectional' }, from(...layer(4, 2), [2, 40]), y(2), 1_800, 2_160],
  ['LSTM', { clip: float(1) }, layer(4), y(), 960, 1_080], // five activations clipped: + 10
  ['LSTM', { layout: 1 }, [[2, 3, 4], ...layer(4).slice(1)], [2, 3, 1, 5], 660, 1_080],
  ['LSTM', { input_forget: 1 }, layer(4), y(), 660, 1_080],
  // 4 sums, 3 hard sigmoids of 4, Relu of 1, Elu of 4, and the 4 operations of C and H = 25
  ['LSTM', { activations: ['HardSigmoid', 'Relu', 'Elu'] }, layer(4), y(), 750, 1_080],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops, macs) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(recurrentOps))
  })

  it('cannot be told of an activation that is not known', () => {
    const { cost } = ruleFor('RNN')
    const odd = node('RNN', layer(1), y(), { activations: ['Odd'] })
    expect(cost === 'free' || cost(ruleInput(odd))).toBeNull()
  })
})

it.each(['RNN', 'GRU', 'LSTM'])('%s trains weights, biases and peepholes, not lengths and initial states', (op) => {
  expect(rolesOf(op, 8).slice(1)).toEqual(['param', 'param', 'param', 'setting', 'setting', 'setting', 'param'])
  expect(kernelClassOf(node(op, layer(1), y()))).toBe('matmul')
})
