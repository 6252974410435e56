import { describe, expect, it } from 'vitest'
import { convolution } from '../../../src/analyzers/ops/convolution.js'
import { costOf, from, kernelClassOf, type Node, node, operatorsIn, operatorsOf, rolesOf } from './input.js'

/** Hand-computed: MACs are places · filters · weights of a filter. */
const table: (Node & { what: string; macs: number; flops: number })[] = [
  {
    what: 'a 7x7 stem of stride 2',
    op: 'Conv',
    attributes: { strides: [2, 2], pads: [3, 3, 3, 3] },
    inputs: from([1, 3, 224, 224], [64, 3, 7, 7]),
    y: [1, 64, 112, 112],
    macs: 118_013_952, // 112·112 = 12544 places, 64 filters, 3·7·7 = 147 weights
    flops: 0,
  },
  {
    what: 'the same with a bias',
    op: 'Conv',
    attributes: { strides: [2, 2], pads: [3, 3, 3, 3] },
    inputs: from([1, 3, 224, 224], [64, 3, 7, 7], [64]),
    y: [1, 64, 112, 112],
    macs: 118_013_952,
    flops: 802_816, // one addition for each of 64·12544 outputs
  },
  {
    what: '1x1',
    op: 'Conv',
    inputs: from([1, 32, 112, 112], [64, 32, 1, 1]),
    y: [1, 64, 112, 112],
    macs: 25_690_112, // 12544·64·32
    flops: 0,
  },
  {
    what: 'depthwise 3x3',
    op: 'Conv',
    attributes: { group: 32 },
    inputs: from([1, 32, 112, 112], [32, 1, 3, 3]),
    y: [1, 32, 112, 112],
    macs: 3_612_672, // 12544·32·9
    flops: 0,
  },
  {
    what: 'three groups of 1x1',
    op: 'Conv',
    attributes: { group: 3 },
    inputs: from([1, 24, 28, 28], [24, 8, 1, 1]),
    y: [1, 24, 28, 28],
    macs: 150_528, // 784·24·8
    flops: 0,
  },
  {
    what: 'dilated 3x3',
    op: 'Conv',
    attributes: { dilations: [2, 2] },
    inputs: from([1, 8, 10, 10], [16, 8, 3, 3]),
    y: [1, 16, 6, 6],
    macs: 41_472, // 36·16·72
    flops: 0,
  },
  {
    what: 'one row by seven columns',
    op: 'Conv',
    inputs: from([1, 6, 5, 9], [4, 6, 1, 7]),
    y: [1, 4, 5, 3],
    macs: 2_520, // 15·4·42
    flops: 0,
  },
  {
    what: 'one spatial axis, a batch of two',
    op: 'Conv',
    inputs: from([2, 8, 16], [4, 8, 3]),
    y: [2, 4, 14],
    macs: 2_688, // 2·14 places, 4 filters, 8·3 = 24 weights
    flops: 0,
  },
  {
    what: 'three spatial axes',
    op: 'Conv',
    inputs: from([1, 2, 4, 6, 8], [3, 2, 2, 3, 3], [3]),
    y: [1, 3, 3, 4, 6],
    macs: 7_776, // 3·4·6 = 72 places, 3 filters, 2·2·3·3 = 36 weights
    flops: 216, // 72·3
  },
  {
    what: 'auto_pad, no kernel_shape',
    op: 'Conv',
    attributes: { auto_pad: 'SAME_UPPER', strides: [2, 2] },
    inputs: from([1, 3, 7, 7], [4, 3, 3, 3]),
    y: [1, 4, 4, 4],
    macs: 1_728, // 16 places, 4 filters, 27 weights
    flops: 0,
  },
  {
    what: 'grouped and dilated over three spatial axes',
    op: 'Conv',
    attributes: { group: 2, dilations: [2, 1, 1] },
    inputs: from([1, 4, 5, 3, 3], [6, 2, 3, 1, 1], [6]),
    y: [1, 6, 1, 3, 3],
    macs: 324, // 9 places, 6 filters, 2·3 weights
    flops: 54, // 9·6
  },
  {
    what: '2x2 of stride 2 with a bias',
    op: 'ConvTranspose',
    attributes: { strides: [2, 2] },
    inputs: from([1, 16, 8, 8], [16, 4, 2, 2], [4]),
    y: [1, 4, 16, 16],
    macs: 16_384, // 16·8·8 = 1024 inputs, each met by 4·2·2 = 16 weights
    flops: 1_024, // 4·16·16 outputs
  },
  {
    what: 'four groups of 3x3, stride 2',
    op: 'ConvTranspose',
    attributes: { group: 4, strides: [2, 2] },
    inputs: from([1, 16, 8, 8], [16, 2, 3, 3]),
    y: [1, 8, 17, 17],
    macs: 18_432, // 1024·(2·9)
    flops: 0,
  },
  {
    what: 'one spatial axis',
    op: 'ConvTranspose',
    inputs: from([2, 3, 5], [3, 2, 4]),
    y: [2, 2, 8],
    macs: 240, // 2·3·5 = 30 inputs, 2·4 = 8 weights
    flops: 0,
  },
  {
    what: 'three spatial axes, stride 2, a bias',
    op: 'ConvTranspose',
    attributes: { strides: [2, 2, 2] },
    inputs: from([1, 4, 2, 3, 3], [4, 2, 2, 2, 2], [2]),
    y: [1, 2, 4, 6, 6],
    macs: 1_152, // 4·2·3·3 = 72 inputs, 2·8 = 16 weights
    flops: 288, // 2·4·6·6
  },
  {
    what: 'padding and output_padding',
    op: 'ConvTranspose',
    attributes: { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
    inputs: from([1, 16, 8, 8], [16, 4, 3, 3]),
    y: [1, 4, 16, 16],
    macs: 36_864, // 1024·(4·9), those cut off included
    flops: 0,
  },
  {
    what: 'two groups of 3x3',
    op: 'DeformConv',
    attributes: { group: 2 },
    inputs: from([1, 4, 6, 6], [8, 2, 3, 3], [1, 18, 4, 4]),
    y: [1, 8, 4, 4],
    macs: 2_304, // 16 places, 8 filters, 2·9 weights
    flops: 4_608, // 4 channels · 9 taps · 16 places = 576 interpolations, 4 neighbours · (mul, add) each
  },
  {
    what: 'the same with a bias and a mask',
    op: 'DeformConv',
    attributes: { group: 2 },
    inputs: from([1, 4, 6, 6], [8, 2, 3, 3], [1, 18, 4, 4], [8], [1, 9, 4, 4]),
    y: [1, 8, 4, 4],
    macs: 2_304,
    flops: 5_312, // 4608 + 576 + 8·16
  },
  {
    what: 'a mask without a bias, one spatial axis',
    op: 'DeformConv',
    inputs: from([1, 2, 8], [3, 2, 3], [1, 3, 6], undefined, [1, 3, 6]),
    y: [1, 3, 6],
    macs: 108, // 6 places, 3 filters, 6 weights
    flops: 180, // 2·3·6 = 36 interpolations of 2 neighbours · 2, and the mask's
  },
  {
    what: 'nine 2x2 columns of two channels',
    op: 'Col2Im',
    inputs: from([1, 8, 9], [2], [2]),
    y: [1, 2, 4, 4],
    macs: 0,
    flops: 72, // each of 8·9 is added to its place
  },
]

describe('cost', () => {
  it.each(table)('$op: $what', ({ macs, flops, ...node }) => {
    expect(costOf(node)).toEqual({ macs, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table.map(({ op }) => [op]))).toEqual(operatorsOf(convolution))
  })
})

describe('kernel class', () => {
  it.each([
    ['dense-conv', 1, [8, 8, 3, 3]],
    ['dense-conv', 1, [8, 1, 3, 3]], // one input channel is not depthwise
    ['pointwise-conv', 1, [8, 8, 1, 1]],
    ['pointwise-conv', 1, [8, 8, 1]],
    ['dense-conv', 1, [8, 8, 1, 3]],
    ['dense-conv', 1, [8, 8, 3, 1]],
    ['grouped-conv', 2, [8, 4, 3, 3]],
    ['grouped-conv', 2, [8, 4, 1, 1]],
    ['depthwise-conv', 8, [8, 1, 3, 3]],
    ['depthwise-conv', 8, [16, 1, 3, 3]], // a channel multiplier of two
  ])('%s: group %i, filter %j', (expected, group, w) => {
    const spatial = w.slice(2).map(() => 8)
    const conv = node('Conv', from([1, 8, ...spatial], w), [1, w[0] ?? 0, ...spatial], { group })
    expect(kernelClassOf(conv)).toBe(expected)
  })
})

describe('kernel class of a transposed convolution', () => {
  it.each([
    ['depthwise-conv', 8, [8, 1, 3, 3]],
    ['depthwise-conv', 8, [8, 2, 3, 3]], // each output channel of one input channel
    ['grouped-conv', 4, [16, 1, 3, 3]], // of four, though a group has one output channel
    ['grouped-conv', 2, [8, 4, 3, 3]],
    ['dense-conv', 1, [8, 1, 3, 3]],
    ['pointwise-conv', 1, [8, 4, 1, 1]],
  ])('%s: group %i, filter %j', (expected, group, w) => {
    const y = [1, group * (w[1] ?? 0), 8, 8]
    expect(kernelClassOf(node('ConvTranspose', from([1, w[0] ?? 0, 8, 8], w), y, { group }))).toBe(expected)
  })
})

it('Col2Im moves data, DeformConv is a convolution', () => {
  expect(kernelClassOf(node('Col2Im', from([1, 8, 9]), [1, 2, 4, 4]))).toBe('data-movement')
  const depthwise = node('DeformConv', from([1, 4, 6, 6], [4, 1, 3, 3]), [1, 4, 4, 4], { group: 4 })
  expect(kernelClassOf(depthwise)).toBe('depthwise-conv')
})

it.each(['Conv', 'ConvTranspose'])('%s is of one group by default', (op) => {
  expect(kernelClassOf(node(op, from([1, 1, 8, 8], [1, 1, 3, 3]), [1, 1, 8, 8]))).toBe('dense-conv')
})

describe('roles', () => {
  it.each(['Conv', 'ConvTranspose'])('%s trains its weights and its bias', (op) => {
    expect(rolesOf(op, 3).slice(1)).toEqual(['param', 'param'])
  })

  it('DeformConv trains its weights and its bias, at 1 and 3', () => {
    expect(rolesOf('DeformConv', 5).slice(1)).toEqual(['param', 'operand', 'param', 'operand'])
  })

  it('Col2Im takes its sizes as settings', () => {
    expect(rolesOf('Col2Im', 3)).toEqual(['operand', 'setting', 'setting'])
  })
})
