import { describe, expect, it } from 'vitest'
import { signal } from '../../../src/analyzers/ops/signal.js'
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

const inverse = { inverse: 1 }
const onesided = { onesided: 1 }

const table: Row[] = [
  // 5·8·log₂ 8 = 120 a line of 8
  ['DFT', {}, from([1, 8, 2]), [1, 8, 2], 120],
  ['DFT', { axis: 1 }, from([3, 8, 2]), [3, 8, 2], 360],
  ['DFT', {}, from([8, 2]), [8, 2], 120], // opset 20: no batch
  ['DFT', inverse, from([1, 8, 2]), [1, 8, 2], 136], // and 16 divisions by 8
  // real numbers: half
  ['DFT', {}, from([1, 8, 1]), [1, 8, 2], 60],
  ['DFT', onesided, from([2, 8, 1]), [2, 5, 2], 120],
  ['DFT', { ...onesided, ...inverse }, from([1, 5, 2]), [1, 8, 1], 68], // and 8 divisions
  // 9 real numbers: 2.5·9·3.1699 = 71.3
  ['DFT', onesided, from([1, 9, 1]), [1, 5, 2], 71],
  // padded to 16: 2.5·16·4
  ['DFT', {}, from([1, 8, 1], []), [1, 16, 2], 160],
  ['DFT', onesided, from([1, 8, 1], []), [1, 9, 2], 160],
  // two signal axes: 8 lines of 4 at 40, 4 lines of 8 at 120, or the only one that grows: 4 lines of 16 at 320
  ['DFT', { axis: 1 }, from([1, 4, 8, 2]), [1, 4, 8, 2], 320],
  ['DFT', { axis: 2 }, from([1, 4, 8, 2]), [1, 4, 8, 2], 480],
  ['DFT', { axis: -2 }, from([1, 4, 8, 2]), [1, 4, 8, 2], 480],
  ['DFT', {}, from([1, 4, 8, 2], [], []), [1, 4, 16, 2], 1_280],
  // whichever of two that are alike: 4 lines of 4
  ['DFT', {}, from([1, 4, 4, 2], undefined, []), [1, 4, 4, 2], 160],
  ['DFT', {}, from([1, 1, 2]), [1, 1, 2], 0], // one number is its own transform
  // 2·7 frames of 16 real numbers: 160, and 16 multiplications with the window
  ['STFT', {}, from([2, 64, 1], [], [16]), [2, 7, 9, 2], 2_464],
  ['STFT', {}, from([2, 64, 1], [], undefined, []), [2, 7, 9, 2], 2_240],
  ['STFT', {}, from([2, 64], [], [16]), [2, 7, 9, 2], 2_464],
  // complex numbers: 320, and 32
  ['STFT', { onesided: 0 }, from([2, 64, 2], [], [16]), [2, 7, 16, 2], 4_928],
  ['STFT', { onesided: 0 }, from([2, 64, 2], [], undefined, []), [2, 7, 16, 2], 4_480],
  // an angle, its cosine, a product, a difference; a second angle, cosine, product and a sum
  ['HannWindow', {}, from([]), [16], 64],
  ['HammingWindow', {}, from([]), [16], 64],
  ['BlackmanWindow', {}, from([]), [16], 128],
  // 42 edges at 9; 129 bins on two slopes, a subtraction and a division each
  ['MelWeightMatrix', {}, from([], [], [], [], []), [129, 40], 894],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('cannot be told where the axis decides and is an input', () => {
    const { cost } = ruleFor('DFT')
    const open = node('DFT', from([1, 4, 8, 2], undefined, []), [1, 4, 8, 2])
    expect(cost === 'free' || cost(ruleInput(open))).toBeNull()
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(signal))
  })
})

it('steps, windows, lengths and axes are settings', () => {
  expect(rolesOf('DFT', 3)).toEqual(['operand', 'setting', 'setting'])
  expect(rolesOf('STFT', 4)).toEqual(['operand', 'setting', 'setting', 'setting'])
  for (const op of ['HannWindow', 'HammingWindow', 'BlackmanWindow']) expect(rolesOf(op, 1)).toEqual(['setting'])
  expect(rolesOf('MelWeightMatrix', 5)).toEqual(Array(5).fill('setting'))
})

it.each([
  ['DFT', 'other'],
  ['STFT', 'other'],
  ['HannWindow', 'elementwise'],
  ['HammingWindow', 'elementwise'],
  ['BlackmanWindow', 'elementwise'],
  ['MelWeightMatrix', 'other'],
])('kernel class of %s: %s', (op, expected) => {
  expect(kernelClassOf(node(op, from([1, 8, 2]), [1, 8, 2]))).toBe(expected)
})
