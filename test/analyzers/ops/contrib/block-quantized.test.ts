import { describe, expect, it } from 'vitest'
import { blockQuantized } from '../../../../src/analyzers/ops/contrib/block-quantized.js'
import { costOf, node, ruleFor, ruleInput } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

/** A [2, 7, 64] to N = 10: 14 rows, 14·64·10 = 8960 MACs; 640 weights to dequantize, two operations each: 1280. */
const a = [2, 7, 64]
const y = [2, 7, 10]
const packed = [10, 2, 16]
const scales = [10, 2]

const rows: ContribRow[] = [
  ['MatMulNBits', { bits: 4, block_size: 32, K: 64, N: 10 }, [a, packed, scales], [y], 8_960, 1_280],
  // a bias for each of 140 results
  [
    'MatMulNBits',
    { bits: 4, block_size: 32, K: 64, N: 10 },
    [a, packed, scales, undefined, undefined, [10]],
    [y],
    8_960,
    1_420,
  ],
  // a table's entry times a scale
  ['MatMulBnb4', { K: 64, N: 10, transB: 1 }, [a, [320], [20]], [y], 8_960, 640],
  // the other way round: 14 rows of 10, back to 64
  ['MatMulBnb4', { K: 64, N: 10, transB: 0 }, [y, [320], [20]], [a], 8_960, 640],
  ['MatMulFpQ4', { blk_quant_type: 1 }, [a, [400], [2]], [y], 8_960, 1_280],
  ['MatMulBlockQuantizedFp4Weight', {}, [a, [10, 32], [10, 4], []], [y], 8_960, 1_280],
  ['MatMulBlockQuantizedFp4Weight', {}, [a, [10, 32], [10, 4], [], undefined, [10]], [y], 8_960, 1_420],
  ['MatMulBlockQuantizedFp8Weight', {}, [a, [10, 64], [10, 1]], [y], 8_960, 640],
  // 3·896 for A's own scale, and the bias
  ['MatMulBlockQuantizedFp8Weight', {}, [a, [10, 64], [10, 1], [], [10]], [y], 8_960, 3_468],
  // two projections; SiLU and the product: 6·140
  ['MatMulNBitsMlp', { activation: 'silu' }, mlp(), [y], 17_920, 3_400],
  // residual 896, norm 4·896 + 2·14, two biases 280
  ['MatMulNBitsMlp', { activation: 'silu' }, mlp(a, [64], [10]), [y], 17_920, 8_188],
  // widths 10, 4 and 4: 14·64·18 MACs, 64·18·2 to dequantize, norm 4·896 + 2·14
  ['MatMulNBitsQkv', {}, qkv(), [y, [2, 7, 4], [2, 7, 4]], 16_128, 5_916],
  // residual 896 and biases 14·18
  ['MatMulNBitsQkv', {}, qkv(a, true), [y, [2, 7, 4], [2, 7, 4]], 16_128, 7_064],
  [
    'GatherBlockQuantized',
    { bits: 4 },
    [
      [100, 32],
      [2, 7],
      [100, 2],
    ],
    [a],
    0,
    896,
  ],
  // a zero point to subtract from each
  [
    'GatherBlockQuantized',
    { bits: 4 },
    [
      [100, 32],
      [2, 7],
      [100, 2],
      [100, 2],
    ],
    [a],
    0,
    1_792,
  ],
]

function mlp(skip?: number[], norm?: number[], bias?: number[]) {
  return [a, skip, norm, packed, scales, bias, packed, scales, bias]
}

function qkv(skip?: number[], biased = false) {
  const projection = (n: number) => [[n, 2, 16], [n, 2], biased ? [n] : undefined]
  return [a, skip, [64], ...projection(10), ...projection(4), ...projection(4)]
}

describe('cost', () => expectCosts(blockQuantized, rows))

it.each(['MatMulNBits', 'MatMulBnb4', 'MatMulFpQ4'])('%s has the MACs of MatMul', (op) => {
  const { macs } = costOf(node('MatMul', [a, [64, 10]], y))
  expect(costOf(nodeOf([op, {}, [a, packed, scales], [y], 0, 0])).macs).toBe(macs)
})

it('GatherBlockQuantized of unsigned data has a zero point also where it is not given', () => {
  const inputs = [
    [100, 16],
    [2, 7],
    [100, 2],
  ]
  const of = (type: string) =>
    costOf({ ...nodeOf(['GatherBlockQuantized', {}, inputs, [a], 0, 0]), types: [type] }).flops
  // one or two operations for each of 2·7·64
  expect([of('uint8'), of('uint4'), of('int4')]).toEqual([1_792, 1_792, 896])
})

describe('weights that a constant stands for', () => {
  const weights = (row: ContribRow, index: number, types: string[] = []) =>
    ruleFor(row[0], 'com.microsoft').packed?.(index, ruleInput({ ...nodeOf(row), types }))

  it.each(['MatMulNBits', 'MatMulBnb4', 'MatMulFpQ4', 'MatMulBlockQuantizedFp4Weight'])('%s: N · K', (op) => {
    expect(weights([op, {}, [a, packed, scales], [y], 0, 0], 1)).toBe(640)
    expect(weights([op, {}, [a, packed, scales], [y], 0, 0], 2)).toBeUndefined()
  })

  it('N · K for each projection', () => {
    const row: ContribRow = ['MatMulNBitsQkv', {}, qkv(), [y, [2, 7, 4], [2, 7, 4]], 0, 0]
    expect([3, 6, 9].map((index) => weights(row, index))).toEqual([640, 256, 256])
    expect(weights(row, 4)).toBeUndefined()
    const both: ContribRow = ['MatMulNBitsMlp', {}, mlp(), [y], 0, 0]
    expect([3, 4, 6].map((index) => weights(both, index))).toEqual([640, undefined, 640])
  })

  it('GatherBlockQuantized: 8 / bits a byte of uint8, one an element of int4', () => {
    const row = (bits: number): ContribRow => [
      'GatherBlockQuantized',
      { bits },
      [
        [100, 32],
        [2, 7],
      ],
      [a],
      0,
      0,
    ]
    expect(weights(row(4), 0, ['uint8'])).toBe(6_400)
    expect(weights(row(2), 0, ['uint8'])).toBe(12_800)
    expect(weights(row(4), 0, ['int4'])).toBeUndefined()
  })
})
