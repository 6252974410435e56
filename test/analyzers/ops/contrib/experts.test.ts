import { describe, expect, it } from 'vitest'
import { experts } from '../../../../src/analyzers/ops/contrib/experts.js'
import { costOf, costOfAll, float, node, ruleFor, ruleInput } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

/** Ten tokens of 16, four experts of inner 6, two of which each token passes: 20 passes. */
const x = [2, 5, 16]
const router = [10, 4]
const [fc1, fc2] = [
  [4, 6, 16],
  [4, 16, 6],
]

const rows: ContribRow[] = [
  // 20 · 16 · (6 + 6); Relu 20·6; routing 10·4·6; outputs 160 · 3
  ['MoE', { k: 2 }, [x, router, fc1, undefined, fc2], [x], 3_840, 840],
  // biases 20 · (6 + 16), Gelu four more
  ['MoE', { k: 2, activation_type: 'gelu' }, [x, router, fc1, [4, 6], fc2, [4, 16]], [x], 3_840, 1_760],
  // normalized: an addition and two divisions a token
  ['MoE', { k: 2, normalize_routing_weights: 1 }, [x, router, fc1, undefined, fc2], [x], 3_840, 870],
  // gate and value in one: 20 · 16 · (12 + 6); SwiGLU 6 · 120
  [
    'MoE',
    { k: 2, activation_type: 'swiglu', swiglu_fusion: 1 },
    [x, router, [4, 12, 16], undefined, fc2],
    [x],
    5_760,
    1_440,
  ],
  // alpha, beta and limit: 1 + 1 + 3 more
  [
    'MoE',
    {
      k: 2,
      activation_type: 'swiglu',
      swiglu_fusion: 2,
      activation_alpha: float(1.702),
      activation_beta: float(1),
      swiglu_limit: float(7),
    },
    [x, router, [4, 12, 16], undefined, fc2],
    [x],
    5_760,
    2_040,
  ],
  // gate and value apart: fc3
  ['MoE', { k: 2, activation_type: 'swiglu' }, [x, router, fc1, undefined, fc2, undefined, fc1], [x], 5_760, 1_440],
  // two weights a byte: [4, 6, 8] and [4, 16, 3]
  ['QMoE', { k: 2 }, [x, router, [4, 6, 8], [4, 6], undefined, [4, 16, 3], [4, 16]], [x], 3_840, 840],
]

// rows are made of float32 unless they say otherwise; packed weights are uint8
const packedTypes = ['float32', 'float32', 'uint8', 'float32', 'float32', 'uint8', 'float32']

describe('cost', () => expectCosts(experts, rows.filter(([op]) => op === 'MoE').concat(floatExperts())))

/** 8-bit floats are one weight each. */
function floatExperts(): ContribRow[] {
  return [
    ['QMoE', { k: 2, quant_type: 'fp8' }, [x, router, fc1, undefined, undefined, fc2], [x], 3_840, 840],
    ['QMoE', { k: 2 }, [x, router, fc1, [4, 6], [4, 6], fc2, [4, 16], [4, 16]], [x], 3_840, 1_280],
  ]
}

it.each(rows.filter(([op]) => op === 'QMoE'))('%s %j of packed weights', (...row) => {
  expect(costOf({ ...nodeOf(row), types: packedTypes })).toEqual({ macs: row[4], flops: row[5] })
})

it('one expert is two Gemm, an activation, and the routing of one', () => {
  const rowsOf = [10, 16]
  const inner = [10, 6]
  const whole = costOf(
    nodeOf(['MoE', { k: 1 }, [rowsOf, [10, 1], [1, 6, 16], [1, 6], [1, 16, 6], [1, 16]], [rowsOf], 0, 0]),
  )
  const parts = costOfAll([
    node('Softmax', [[10, 1]], [10, 1]),
    node('Gemm', [rowsOf, [16, 6], [6]], inner),
    node('Relu', [inner], inner),
    node('Gemm', [inner, [6, 16], [16]], rowsOf),
    node('Mul', [rowsOf, [10, 1]], rowsOf),
  ])
  // and one comparison a token, to find the largest of one
  expect(whole).toEqual({ macs: parts.macs, flops: parts.flops + 10 })
})

it('says how many weights packed experts are', () => {
  const row = rows.find(([op]) => op === 'QMoE')
  if (row === undefined) throw new Error('no row')
  const weights = (index: number, bits: number) =>
    ruleFor('QMoE', 'com.microsoft').packed?.(
      index,
      ruleInput({ ...nodeOf(row), types: packedTypes, attributes: { expert_weight_bits: bits } }),
    )
  expect([weights(2, 4), weights(5, 4), weights(2, 2), weights(3, 4), weights(8, 4)]).toEqual([
    ...[384, 384, 768, undefined, undefined],
  ])
})
