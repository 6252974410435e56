import { describe, expect, it } from 'vitest'
import { reduction } from '../../../src/analyzers/ops/reduction.js'
import { costOf, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf } from './input.js'

/** 60 elements in 12 lines of 5. */
const lines = (op: string, flops: number): Row => [op, {}, from([3, 4, 5], [1]), [3, 4, 1], flops]

const table: Row[] = [
  lines('ReduceSum', 48), // 12·4
  lines('ReduceProd', 48),
  lines('ReduceMax', 48),
  lines('ReduceMin', 48),
  lines('ReduceMean', 60), // 12·(4 + division)
  lines('ReduceLogSum', 60), // 12·(4 + log)
  lines('ReduceL1', 108), // 60 absolute values + 48
  lines('ReduceSumSquare', 108), // 60 squares + 48
  lines('ReduceL2', 120), // 60 squares + 48 + 12 roots
  lines('ReduceLogSumExp', 120), // 60 exponentials + 48 + 12 logarithms
  ['ReduceSum', {}, from([3, 4, 5]), [], 59], // to a scalar
  ['ReduceSum', {}, from([3, 4, 5]), [3, 4, 5], 0], // over no axis
  ['ReduceSumSquare', {}, from([3, 4, 5]), [3, 4, 5], 60], // over no axis: the squares remain
  ['ReduceSum', {}, from([0, 4]), [1, 4], 0], // nothing to add
  ['ArgMax', { axis: 1 }, from([2, 1000]), [2, 1], 1_998], // 2·999 comparisons
  ['ArgMin', { axis: 1, keepdims: 0 }, from([2, 1000]), [2], 1_998],
  ['CumSum', {}, from([3, 4], []), [3, 4], 12],
  ['CumProd', {}, from([3, 4], []), [3, 4], 12],
  ['TopK', {}, from([2, 1000], [1]), [2, 5], 2_000],
  ['Unique', {}, from([3, 4]), [7], 12],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(reduction))
  })
})

it.each(operatorsOf(reduction))('%s is a reduction whose axes or k are settings', (op) => {
  expect(kernelClassOf(node(op, from([3, 4]), [3, 1]))).toBe('reduction')
  expect(rolesOf(op, 2)).toEqual(['operand', 'setting'])
})
