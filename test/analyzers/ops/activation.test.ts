import { describe, expect, it } from 'vitest'
import { activation } from '../../../src/analyzers/ops/activation.js'
import { costOf, float, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf } from './input.js'

/** Of 2·3·4 = 24 elements, so many operations each. */
const each = (op: string, perElement: number, attributes: Row[1] = {}): Row => {
  return [op, attributes, from([2, 3, 4]), [2, 3, 4], 24 * perElement]
}

const table: Row[] = [
  each('Relu', 1), // max
  each('ThresholdedRelu', 1), // compare
  each('Tanh', 1), // tanh
  each('LeakyRelu', 2), // compare, mul
  ['PRelu', {}, from([2, 3, 4], [3, 1]), [2, 3, 4], 48], // compare, mul
  ['Clip', {}, from([2, 3, 4], [], []), [2, 3, 4], 48], // max, min
  ['Clip', {}, from([2, 3, 4], undefined, []), [2, 3, 4], 48],
  each('Softsign', 3), // abs, add, div
  each('Softplus', 3), // exp, add, log
  each('Shrink', 3), // compare, compare, add
  each('Sigmoid', 4), // neg, exp, add, div
  each('HardSigmoid', 4), // mul, add, min, max
  each('Elu', 4), // compare, exp, sub, mul
  each('Selu', 5), // compare, exp, mul, sub, mul
  each('Celu', 7), // max, div, exp, sub, mul, min, add
  each('HardSwish', 5), // mul, add, min, max, mul
  each('Swish', 5), // neg, exp, add, div, mul
  each('Swish', 5, { alpha: float(1) }),
  each('Swish', 6, { alpha: float(1.702) }), // and mul
  each('Mish', 5), // exp, add, log, tanh, mul
  each('Gelu', 5), // div, erf, add, mul, mul
  each('Gelu', 5, { approximate: 'none' }),
  each('Gelu', 8, { approximate: 'tanh' }), // pow, mul, add, mul, tanh, add, mul, mul
  each('Softmax', 5), // max, sub, exp, sum, div
  each('Softmax', 5, { axis: 1 }),
  each('LogSoftmax', 5), // max, sub, exp, sum, sub
  each('Hardmax', 1), // max
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(activation))
  })
})

describe('roles', () => {
  it('Clip takes its bounds as settings', () => {
    expect(rolesOf('Clip', 3).slice(1)).toEqual(['setting', 'setting'])
  })

  it('PRelu trains its slope, also a single one', () => {
    expect(rolesOf('PRelu', 2)[1]).toBe('param')
  })
})

it.each([
  ['Relu', 'elementwise'],
  ['Gelu', 'elementwise'],
  ['Softmax', 'normalization'],
  ['LogSoftmax', 'normalization'],
  ['Hardmax', 'normalization'],
])('kernel class of %s: %s', (op, expected) => {
  expect(kernelClassOf(node(op, from([2, 3]), [2, 3]))).toBe(expected)
})
