import { describe, expect, it } from 'vitest'
import { random } from '../../../src/analyzers/ops/random.js'
import { costOf, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf, ruleFor } from './input.js'

const y = [2, 3, 4] // 24 elements

const table: Row[] = [
  // mean + scale · z, low + range · u
  ['RandomNormal', { shape: y }, [], y, 48],
  ['RandomNormalLike', {}, [y], y, 48],
  ['RandomUniform', { shape: y }, [], y, 48],
  ['RandomUniformLike', {}, [y], y, 48],
  ['Bernoulli', {}, [y], y, 24], // u < x
  ['Multinomial', { sample_size: 5 }, from([2, 10]), [2, 5], 50], // 20 exponentials, 20 sums, 10 products
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(random))
  })
})

it.each(['RandomNormalLike', 'RandomUniformLike'])('%s reads no element, only a shape', (op) => {
  expect(ruleFor(op).traffic).toBe('write')
  expect(rolesOf(op, 1)).toEqual(['setting'])
})

it.each([
  ['RandomNormal', 'elementwise'],
  ['Bernoulli', 'elementwise'],
  ['Multinomial', 'other'],
])('kernel class of %s: %s', (op, expected) => {
  expect(kernelClassOf(node(op, [y], y))).toBe(expected)
  expect(rolesOf('Bernoulli', 1)).toEqual(['operand'])
})
