import { describe, expect, it } from 'vitest'
import { detection } from '../../../src/analyzers/ops/detection.js'
import {
  costOf,
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

const x = [1, 3, 10, 10]
const pooled = [4, 3, 2, 2] // 48 elements of 4 regions

const table: Row[] = [
  ['NonMaxSuppression', {}, from([1, 100, 4], [1, 5, 100]), [7, 3], 500], // 5·100 scores
  // 2² samples of 4 neighbours: 16 multiplications, 15 additions, a division
  ['RoiAlign', { sampling_ratio: 2 }, from(x, [4, 4], [4]), pooled, 1_536],
  ['RoiAlign', { sampling_ratio: 2, mode: 'avg' }, from(x, [4, 4], [4]), pooled, 1_536],
  // 16 multiplications, 4·3 additions, 3 comparisons
  ['RoiAlign', { sampling_ratio: 2, mode: 'max' }, from(x, [4, 4], [4]), pooled, 1_488],
  // one sample at least: 4 multiplications, 3 additions, a division
  ['RoiAlign', {}, from(x, [4, 4], [4]), pooled, 384],
  // at most 4 times all of x, one comparison less for each of 48 maxima
  ['MaxRoiPool', { pooled_shape: [2, 2] }, from(x, [4, 5]), pooled, 1_152],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('of a decoder depends on the bytes', () => {
    const { cost } = ruleFor('ImageDecoder')
    expect(cost === 'free' || cost(ruleInput(node('ImageDecoder', [[1000]], [8, 8, 3])))).toBeNull()
  })

  it('of a suppression is known though its selection is not', () => {
    expect(ruleFor('NonMaxSuppression').ofInputs).toBe(true)
  })

  it('has a line for every operator of the family', () => {
    expect([...operatorsIn(table), 'ImageDecoder'].sort()).toEqual(operatorsOf(detection))
  })
})

it('boxes and regions are never trained', () => {
  expect(rolesOf('NonMaxSuppression', 5)).toEqual(Array(5).fill('setting'))
  expect(rolesOf('RoiAlign', 3)).toEqual(['operand', 'setting', 'setting'])
  expect(rolesOf('MaxRoiPool', 2)).toEqual(['operand', 'setting'])
  expect(rolesOf('ImageDecoder', 1)).toEqual(['setting'])
})

it.each([
  ['NonMaxSuppression', 'other'],
  ['ImageDecoder', 'other'],
  ['RoiAlign', 'pooling'],
  ['MaxRoiPool', 'pooling'],
])('kernel class of %s: %s', (op, expected) => {
  expect(kernelClassOf(node(op, from(x, [4, 5]), pooled))).toBe(expected)
})
