import { describe, expect, it } from 'vitest'
import { position } from '../../../../src/analyzers/ops/contrib/position.js'
import { costOf } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const caches = [
  [99, 4],
  [99, 4],
]

const rows: ContribRow[] = [
  // 2·5·16 elements, three each
  ['RotaryEmbedding', {}, [[2, 5, 16], [2, 5], ...caches], [[2, 5, 16]], 0, 480],
  ['RotaryEmbedding', {}, [[2, 2, 5, 8], [2, 5], ...caches], [[2, 2, 5, 8]], 0, 480],
  // the first four of the eight of each head
  ['RotaryEmbedding', { rotary_embedding_dim: 4, num_heads: 2 }, [[2, 5, 16], [2, 5], ...caches], [[2, 5, 16]], 0, 240],
  ['RotaryEmbedding', { rotary_embedding_dim: 4 }, [[2, 2, 5, 8], [2, 5], ...caches], [[2, 2, 5, 8]], 0, 240],
  ['MRotaryEmbedding', { mrope_section: [1, 1, 2] }, [[2, 5, 16], [3, 2, 5], ...caches], [[2, 5, 16]], 0, 480],
  // 80 sines and cosines; 160 of q and of k, three each
  [
    'GemmaRotaryEmbedding',
    {},
    [
      [2, 5, 8],
      [2, 2, 5, 8],
      [2, 2, 5, 8],
      [2, 2, 5, 8],
      [2, 2, 5, 8],
    ],
    [
      [2, 2, 5, 8],
      [2, 2, 5, 8],
    ],
    0,
    1_120,
  ],
  // 5·5 distances, whatever the heads
  ['RelativePositionBias', { max_distance: 8 }, [[32, 4], [1], [1]], [[1, 4, 5, 5]], 0, 250],
  ['RelativePositionBias', { is_bidirectional: 1 }, [[32, 4], [1], [1]], [[1, 4, 5, 5]], 0, 325],
  // 80 elements of ten lines of 8 to D 4: 320 MACs; bias of queries 80; a line 4 + 2·1 + 2·4 + 4 = 18; 50 scores
  [
    'GatedRelativePositionBias',
    { num_heads: 1 },
    [[2, 5, 8], [8], [1, 1, 5, 5], [8, 4], [4], [1, 1, 1, 1]],
    [[2, 1, 5, 5]],
    320,
    310,
  ],
]

describe('cost', () => expectCosts(position, rows))

it('rotating all of a head is what rotating its size is', () => {
  const of = (attributes: Record<string, number>) =>
    costOf(nodeOf(['RotaryEmbedding', attributes, [[2, 5, 16], [2, 5], ...caches], [[2, 5, 16]], 0, 0]))
  expect(of({ rotary_embedding_dim: 8, num_heads: 2 })).toEqual(of({}))
})
