import { describe, expect, it } from 'vitest'
import { contribConvolution } from '../../../../src/analyzers/ops/contrib/convolution.js'
import { costOf, costOfAll, kernelClassOf, node, rolesOf, ruleFor, ruleInput } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const x = [1, 3, 8, 8]
const w = [4, 3, 3, 3]
const y = [1, 4, 6, 6]

/** y has 144 elements, each a dot product over a filter of 3·3·3 = 27: 3888 MACs. */
const rows: ContribRow[] = [
  // bias, Z and Relu: one operation an element each
  ['FusedConv', { activation: 'Relu' }, [x, w, [4], y], [y], 3_888, 432],
  // no bias, HardSwish: five an element
  ['FusedConv', { activation: 'HardSwish' }, [x, w], [y], 3_888, 720],
  ['FusedConv', {}, [x, w, undefined, y], [y], 3_888, 144],
  // two groups halve the filters
  ['FusedConv', { group: 2, activation: 'LeakyRelu' }, [[1, 4, 8, 8], [4, 2, 3, 3], [4]], [y], 2_592, 432],
  // the same sizes, channels last; Clip is two operations
  ['NhwcFusedConv', { activation: 'Clip' }, [[1, 8, 8, 3], w, [4]], [[1, 6, 6, 4]], 3_888, 432],
  ['NhwcConv', {}, [[1, 8, 8, 3], w, [4]], [[1, 6, 6, 4]], 3_888, 144],
  ['NhwcConv', {}, [[1, 8, 8, 3], w], [[1, 6, 6, 4]], 3_888, 0],
  // 18 inputs, each times a filter of 4·2·2; the bias is input 3
  ['ConvTransposeWithDynamicPads', {}, [[1, 2, 3, 3], [2, 4, 2, 2], [4], [4]], [y], 288, 144],
  ['ConvTransposeWithDynamicPads', {}, [[1, 2, 3, 3], [2, 4, 2, 2], [4]], [y], 288, 0],
  // 2·6·10 outputs of 4 taps; bias 1, SiLU 5
  ['CausalConvWithState', { activation: 'silu' }, [[2, 6, 10], [6, 1, 4], [6], [2, 6, 3]], [[2, 6, 10]], 480, 720],
  [
    'CausalConvWithState',
    {},
    [
      [2, 6, 10],
      [6, 1, 4],
    ],
    [[2, 6, 10]],
    480,
    0,
  ],
  // two spatial axes of 3·4 taps
  ['CausalConvWithState', { ndim: 2 }, [[1, 6, 5, 7], [6, 1, 3, 4], [6]], [[1, 6, 5, 7]], 2_520, 210],
  // ten tokens of six channels; the bias is input 3
  ['VarlenCausalConvWithState', {}, [[10, 6], [6, 1, 4], [3], undefined, [2, 6, 3]], [[10, 6]], 240, 0],
  ['VarlenCausalConvWithState', {}, [[10, 6], [6, 1, 4], [3], [6], [2, 6, 3]], [[10, 6]], 240, 60],
]

describe('cost', () => expectCosts(contribConvolution, rows))

it.each([
  ['Relu', ['Relu']],
  ['Sigmoid', ['Sigmoid']],
  ['Tanh', ['Tanh']],
  ['LeakyRelu', ['LeakyRelu']],
  ['Clip', ['Clip']],
  ['HardSigmoid', ['HardSigmoid']],
  ['', []],
])('FusedConv with activation %j is Conv, Add and %j', (activation, after) => {
  const parts = [node('Conv', [x, w, [4]], y), node('Add', [y, y], y), ...after.map((op) => node(op, [y], y))]
  expect(costOf(nodeOf(['FusedConv', { activation }, [x, w, [4], y], [y], 0, 0]))).toEqual(costOfAll(parts))
})

it('cannot tell the cost of an activation that it does not know', () => {
  for (const activation of ['Sinc', 'constructor']) {
    const { cost } = ruleFor('FusedConv', 'com.microsoft')
    const input = ruleInput(nodeOf(['FusedConv', { activation }, [x, w], [y], 0, 0]))
    expect(cost === 'free' ? 'free' : cost(input)).toBeNull()
  }
})

it('has the kernel class of the convolution it fuses', () => {
  const of = (filter: number[], group: number) =>
    kernelClassOf(nodeOf(['FusedConv', { group }, [[1, 4, 8, 8], filter], [y], 0, 0]))
  expect(of([4, 4, 3, 3], 1)).toBe('dense-conv')
  expect(of([4, 4, 1, 1], 1)).toBe('pointwise-conv')
  expect(of([4, 2, 3, 3], 2)).toBe('grouped-conv')
  expect(of([4, 1, 3, 3], 4)).toBe('depthwise-conv')
})

it('takes filters and biases for trained, Z for an operand, pads for settings', () => {
  expect(rolesOf('FusedConv', 4, 'com.microsoft')).toEqual(['param', 'param', 'param', 'operand'])
  expect(rolesOf('ConvTransposeWithDynamicPads', 4, 'com.microsoft')).toEqual(['param', 'param', 'setting', 'param'])
  expect(rolesOf('VarlenCausalConvWithState', 5, 'com.microsoft').slice(2)).toEqual(['setting', 'param', 'setting'])
})
