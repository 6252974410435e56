import { describe, expect, it } from 'vitest'
import { nchwc } from '../../../../src/analyzers/ops/contrib/nchwc.js'
import { costOf, costOfAll, kernelClassOf, node, ruleFor } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const domain = 'com.microsoft.nchwc'
const x = [1, 16, 8, 8]
const w = [32, 16, 3, 3]
const y = [1, 32, 6, 6]

/** y has 1152 elements. */
const rows: ContribRow[] = [
  // filters of 16·3·3 = 144; bias, sum and Relu
  ['Conv', { activation: 'Relu' }, [x, w, [32], y], [y], 165_888, 3_456],
  // an image of three channels is read as it is
  ['Conv', {}, [[1, 3, 8, 8], [32, 3, 3, 3], [32]], [y], 31_104, 1_152],
  // depthwise: one filter of nine a channel; Clip is two
  [
    'Conv',
    { group: 32, activation: 'Clip' },
    [
      [1, 32, 8, 8],
      [32, 1, 3, 3],
    ],
    [y],
    10_368,
    2_304,
  ],
  ['MaxPool', { kernel_shape: [3, 3] }, [x], [[1, 16, 3, 3]], 0, 1_152],
  ['AveragePool', { kernel_shape: [2, 2] }, [x], [[1, 16, 4, 4]], 0, 1_024],
  ['GlobalMaxPool', {}, [x], [[1, 16, 1, 1]], 0, 1_008],
  ['GlobalAveragePool', {}, [x], [[1, 16, 1, 1]], 0, 1_024],
  ['Upsample', { mode: 'nearest', scales: [1, 1, 2, 2] }, [x], [[1, 16, 16, 16]], 0, 0],
  // two axes change: four neighbours, a multiplication and an addition each
  ['Upsample', { mode: 'linear', scales: [1, 1, 2, 2] }, [x], [[1, 16, 16, 16]], 0, 32_768],
]

describe('cost', () => expectCosts(nchwc, rows, domain))

it('Conv is the Conv, Add and activation of ai.onnx on the same sizes', () => {
  const parts = [node('Conv', [x, w, [32]], y), node('Add', [y, y], y), node('HardSigmoid', [y], y)]
  const fused = nodeOf(['Conv', { activation: 'HardSigmoid' }, [x, w, [32], y], [y], 0, 0], domain)
  expect(costOf(fused)).toEqual(costOfAll(parts))
})

it('computes the channels that fill a block: 24 cost what 32 do', () => {
  const of = (channels: number) => costOf(node('Conv', [x, [channels, 16, 3, 3]], [1, channels, 6, 6]))
  const blocked = costOf(nodeOf(['Conv', {}, [x, w], [y], 0, 0], domain))
  expect(blocked).toEqual(of(32))
  expect(blocked.macs / of(24).macs).toBe(32 / 24)
})

it('reorders for free, as layout', () => {
  expect(ruleFor('ReorderInput', domain).cost).toBe('free')
  expect(ruleFor('ReorderOutput', domain).kernelClass).toBe('layout')
})

it('tells kinds of convolutions apart', () => {
  const of = (filter: number[], group: number) =>
    kernelClassOf(nodeOf(['Conv', { group }, [x, filter], [y], 0, 0], domain))
  expect(of([32, 16, 1, 1], 1)).toBe('pointwise-conv')
  expect(of([32, 16, 3, 3], 1)).toBe('dense-conv')
  expect(of([32, 16, 3, 3], 2)).toBe('grouped-conv')
  expect(of([32, 1, 3, 3], 32)).toBe('depthwise-conv')
})
