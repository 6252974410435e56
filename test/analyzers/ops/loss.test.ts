import { describe, expect, it } from 'vitest'
import { losses } from '../../../src/analyzers/ops/loss.js'
import { costOf, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf } from './input.js'

const x = [2, 3, 4] // 24 scores
const target = [2, 4] // 8 targets

const table: Row[] = [
  ['NegativeLogLikelihoodLoss', { reduction: 'none' }, from(x, target), target, 8], // 8 negations
  ['NegativeLogLikelihoodLoss', { reduction: 'sum' }, from(x, target), [], 15], // and 7 additions
  ['NegativeLogLikelihoodLoss', {}, from(x, target), [], 16], // and a division
  // times a weight; divided by the sum of 8 weights
  ['NegativeLogLikelihoodLoss', { reduction: 'none' }, from(x, target, [3]), target, 16],
  ['NegativeLogLikelihoodLoss', { reduction: 'mean' }, from(x, target, [3]), [], 31], // 16 + 7 + 7 + 1
  // 5·24 of LogSoftmax before
  ['SoftmaxCrossEntropyLoss', {}, from(x, target), [], 136],
  ['SoftmaxCrossEntropyLoss', { reduction: 'sum' }, from(x, target, [3]), [], 143], // 120 + 16 + 7
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(losses))
  })
})

it.each([
  ['NegativeLogLikelihoodLoss', 'reduction'],
  ['SoftmaxCrossEntropyLoss', 'normalization'],
])('%s: kernel class %s; the weights of classes are not trained', (op, expected) => {
  expect(kernelClassOf(node(op, from(x, target), []))).toBe(expected)
  expect(rolesOf(op, 3).slice(1)).toEqual(['setting', 'setting'])
})
