import { describe, expect, it } from 'vitest'
import { contribLinearAttention } from '../../../../src/analyzers/ops/contrib/linear-attention.js'
import { costOf } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

/** B 2, T 3, two query heads of 4, one key head, values of 5: six updates, twelve reads of states of 20. */
const heads = { q_num_heads: 2, kv_num_heads: 1 }
const [q, k, v, y, state] = [
  [2, 3, 8],
  [2, 3, 4],
  [2, 3, 5],
  [2, 3, 10],
  [2, 1, 4, 5],
]

const rows: ContribRow[] = [
  // outer products 6·20, reads 12·20; the scale of 60 outputs
  ['LinearAttention', { ...heads, update_rule: 'linear' }, [q, k, v], [y, state], 360, 60],
  // six exponentials, 6·20 products
  ['LinearAttention', { ...heads, update_rule: 'gated' }, [q, k, v, state, [2, 3, 1]], [y, state], 360, 186],
  // the state read at k; a difference and a product for each of 30 values
  ['LinearAttention', { ...heads, update_rule: 'delta' }, [q, k, v, state, undefined, [2, 3, 1]], [y, state], 480, 120],
  // both, which is the default; a decay for each of 24 elements of the keys
  ['LinearAttention', heads, [q, k, v, state, k, [2, 3, 1]], [y, state], 480, 264],
  // six tokens, two heads of 4 for queries and keys, two of 5 for values: twelve updates and reads of 20;
  // decay 12 + 240, delta 2·60, scale 60
  [
    'GatedDeltaNet',
    {},
    [[6, 2, 4], [6, 2, 4], [6, 2, 5], undefined, [6, 2], [6, 2], [2, 2, 5, 4]],
    [
      [6, 2, 5],
      [2, 2, 5, 4],
    ],
    720,
    432,
  ],
  // norms 3·96; the gate 5·12 + 2·2; sigmoid 4·12
  [
    'GatedDeltaNet',
    { qk_l2_norm: 1, gate_activation: 'qwen', beta_activation: 'sigmoid' },
    [[6, 2, 4], [6, 2, 4], [6, 2, 5], undefined, [6, 2], [6, 2], [2, 2, 5, 4], [2], [2]],
    [[6, 2, 5]],
    720,
    832,
  ],
  ['LinearAttentionGate', {}, [[2, 3, 4], [4], [4]], [[2, 3, 4]], 0, 120],
  [
    'LinearAttentionGate',
    {},
    [[2, 3, 4], [4], [4], [2, 3, 4]],
    [
      [2, 3, 4],
      [2, 3, 4],
    ],
    0,
    216,
  ],
]

describe('cost', () => expectCosts(contribLinearAttention, rows))

it('is linear in the tokens', () => {
  const of = (tokens: number) =>
    nodeOf([
      'LinearAttention',
      heads,
      [
        [1, tokens, 8],
        [1, tokens, 4],
        [1, tokens, 5],
      ],
      [[1, tokens, 10], state],
      0,
      0,
    ])
  const one = costOf(of(1))
  expect(costOf(of(7))).toEqual({ macs: 7 * one.macs, flops: 7 * one.flops })
})
