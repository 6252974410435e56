import { describe, expect, it } from 'vitest'
import { pooling } from '../../../src/analyzers/ops/pooling.js'
import { costOf, float, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row } from './input.js'

const table: Row[] = [
  // ResNet's: 64·56·56 = 200704 windows of 9, 8 comparisons each
  ['MaxPool', { kernel_shape: [3, 3], strides: [2, 2] }, from([1, 64, 112, 112]), [1, 64, 56, 56], 1_605_632],
  ['MaxPool', { kernel_shape: [1, 1], strides: [2, 2] }, from([1, 4, 8, 8]), [1, 4, 4, 4], 0],
  // 3·5 windows of 2: one comparison each
  ['MaxPool', { kernel_shape: [2] }, from([1, 3, 6]), [1, 3, 5], 15],
  // ceil_mode: 9 windows of 4, three of them cut off; auto_pad: 9 windows of 9
  ['MaxPool', { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }, from([1, 1, 5, 5]), [1, 1, 3, 3], 27],
  ['MaxPool', { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }, from([1, 1, 5, 5]), [1, 1, 3, 3], 72],
  ['MaxPool', { kernel_shape: [2, 2], dilations: [2, 2] }, from([1, 1, 5, 5]), [1, 1, 3, 3], 27],
  // 16 windows of 9, whether the padding is divided by or not
  ['AveragePool', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }, from([1, 1, 4, 4]), [1, 1, 4, 4], 144],
  [
    ...(['AveragePool', { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }] as const),
    ...([from([1, 1, 4, 4]), [1, 1, 4, 4], 144] as const),
  ],
  // 2·3·3·3 = 54 windows of 8: 7 additions and a division
  ['AveragePool', { kernel_shape: [2, 2, 2] }, from([1, 2, 4, 4, 4]), [1, 2, 3, 3, 3], 432],
  ['AveragePool', { kernel_shape: [2, 3] }, from([2, 3, 4, 6]), [2, 3, 3, 4], 432], // 72 windows of 6
  // 4 windows of 6: 6 absolute values and 5 additions; 6 squares, 5 additions, root; 6 twice, 5 additions, root
  ['LpPool', { kernel_shape: [2, 3], p: 1 }, from([1, 1, 4, 6]), [1, 1, 2, 2], 44],
  ['LpPool', { kernel_shape: [2, 3] }, from([1, 1, 4, 6]), [1, 1, 2, 2], 48],
  ['LpPool', { kernel_shape: [2, 3], p: float(1) }, from([1, 1, 4, 6]), [1, 1, 2, 2], 44], // opset 1
  ['LpPool', { kernel_shape: [2, 3], p: 3 }, from([1, 1, 4, 6]), [1, 1, 2, 2], 72],
  // 2·8 channels of 49: 48 comparisons; 48 additions and a division
  ['GlobalMaxPool', {}, from([2, 8, 7, 7]), [2, 8, 1, 1], 768],
  ['GlobalAveragePool', {}, from([2, 8, 7, 7]), [2, 8, 1, 1], 784],
  // 3 channels of 5: 5 + 4; 5 + 4 + 1; 10 + 4 + 1
  ['GlobalLpPool', { p: 1 }, from([1, 3, 5]), [1, 3, 1], 27],
  ['GlobalLpPool', {}, from([1, 3, 5]), [1, 3, 1], 30],
  ['GlobalLpPool', { p: 4 }, from([1, 3, 5]), [1, 3, 1], 45],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(pooling))
  })
})

it.each(operatorsOf(pooling))('kernel class of %s', (op) => {
  expect(kernelClassOf(node(op, from([1, 3, 5]), [1, 3, 1]))).toBe('pooling')
})
