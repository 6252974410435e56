import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contribAttention } from '../../../../src/analyzers/ops/contrib/attention.js'
import { groupedAttention } from '../../../../src/analyzers/ops/contrib/grouped-attention.js'
import type { Shape } from '../../../../src/analyzers/ops/rule.js'
import { costOf, costOfAll, float, type Node, node } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

type Shapes = (Shape | undefined)[]

/** B 2, S 5, D 12, two heads of 4, values of 3 a head: h 8, v 6. */
const x = [2, 5, 12]
const heads = { num_heads: 2 }

/** 2·2·5·5 = 100 scores: MACs 100 · (4 + 3) = 700; FLOPs 100 · (1 + 5) = 600. Projections: 10 rows · 12 · 22 = 2640. */
const rows: ContribRow[] = [
  // biases: ten rows of 22
  ['Attention', heads, [x, [12, 22], [22]], [[2, 5, 6]], 3_340, 820],
  ['Attention', heads, [x, [12, 22]], [[2, 5, 6]], 3_340, 600],
  // a mask of two axes is added, lengths are not
  ['Attention', heads, [x, [12, 22], [22], [2, 5]], [[2, 5, 6]], 3_340, 920],
  ['Attention', heads, [x, [12, 22], [22], [2]], [[2, 5, 6]], 3_340, 820],
  ['Attention', heads, [x, [12, 22], [22], [2, 5], undefined, [1, 2, 5, 5]], [[2, 5, 6]], 3_340, 1_020],
  // seven past keys make twelve: 240 scores of 4 + 4, projections to 24
  ['Attention', heads, [x, [12, 24], [24], undefined, [2, 2, 2, 7, 4]], [[2, 5, 8]], 4_800, 1_680],
  // as many keys as the present state holds
  [
    'Attention',
    heads,
    [x, [12, 24], [24]],
    [
      [2, 5, 8],
      [2, 2, 2, 16, 4],
    ],
    5_440,
    2_160,
  ],
  // rotating 10 rows of 2·8: three each
  ['Attention', { ...heads, do_rotary: 1 }, [x, [12, 24], [24]], [[2, 5, 8]], 3_680, 1_320],
  // one token, nine keys: 36 scores of 8, projections 2·12·24
  [
    'DecoderMaskedSelfAttention',
    heads,
    [[2, 1, 12], [12, 24], [24], [2, 9], [2, 2, 2, 8, 4]],
    [
      [2, 1, 8],
      [2, 2, 2, 9, 4],
    ],
    864,
    300,
  ],
  // as Attention: 2400 + 800 MACs, 600 FLOPs, biases 240; 120 + 288 zero points, and 240 to make floats
  ['QAttention', heads, [x, [12, 24], [24], [], [], undefined, [], []], [[2, 5, 8]], 3_680, 1_488],
  ['QAttention', heads, [x, [12, 24], [24], [], []], [[2, 5, 8]], 3_680, 1_080],
  // a mask, and seven past keys: 240 scores, 1920 + 2880 MACs
  ['QAttention', heads, [x, [12, 24], [24], [], [], [2, 12], [], [], [2, 2, 2, 7, 4]], [[2, 5, 8]], 4_800, 2_568],
  // projections 10·12·24; 240 biases; requantized: 240 + 2·100 + 80, four each; 100 dequantized, one each; softmax 600
  [
    'QOrderedAttention',
    heads,
    [x, [], [], [], [], [12, 8], [12, 8], [12, 8], [], [], [], [8], [8], [8], [], [], []],
    [[2, 5, 8]],
    3_680,
    3_020,
  ],
  // query of two heads of 4, values of 3
  [
    'MultiHeadAttention',
    heads,
    [
      [2, 5, 8],
      [2, 5, 8],
      [2, 5, 6],
    ],
    [[2, 5, 6]],
    700,
    600,
  ],
  // seven keys of another sequence: 140 scores; biases 10·8 + 14·(8 + 6)
  ['MultiHeadAttention', heads, [[2, 5, 8], [2, 7, 8], [2, 7, 6], [22]], [[2, 5, 6]], 980, 1_116],
  // packed, and a mask
  ['MultiHeadAttention', heads, [[2, 5, 2, 3, 4], undefined, undefined, undefined, [2, 5]], [[2, 5, 8]], 800, 700],
  // packed keys and values of seven tokens: 140 scores
  [
    'MultiHeadAttention',
    heads,
    [
      [2, 5, 8],
      [2, 7, 2, 2, 4],
    ],
    [[2, 5, 8]],
    1_120,
    840,
  ],
  // keys and values from a cache; the bias is the queries'
  ['MultiHeadAttention', heads, [[2, 5, 8], [2, 2, 7, 4], [2, 2, 7, 4], [24]], [[2, 5, 8]], 1_120, 920],
  // past keys: 3 + 5
  [
    'MultiHeadAttention',
    heads,
    [[2, 5, 8], [2, 5, 8], [2, 5, 8], undefined, undefined, [1, 1, 5, 8], [2, 2, 3, 4], [2, 2, 3, 4]],
    [[2, 5, 8]],
    1_280,
    1_120,
  ],
  // one token, 36 scores of nine keys; biases 2·24
  [
    'DecoderMaskedMultiHeadAttention',
    heads,
    [[2, 1, 8], [2, 1, 8], [2, 1, 8], [2, 9], undefined, [2, 2, 8, 4], [2, 2, 8, 4], [1], [1], undefined, [24]],
    [
      [2, 1, 8],
      [2, 2, 9, 4],
      [2, 2, 9, 4],
    ],
    288,
    300,
  ],
  // packed 2·8 + 6
  [
    'DecoderMaskedMultiHeadAttention',
    heads,
    [[2, 1, 22]],
    [
      [2, 1, 6],
      [2, 2, 9, 4],
      [2, 2, 9, 3],
    ],
    252,
    216,
  ],
]

/** Four query heads and two key heads of 4; B 2, S 5: 2·4·25 = 200 scores of 4 + 4. */
const grouped = { num_heads: 4, kv_num_heads: 2 }
const [q, kv, lengths] = [[2, 5, 16], [2, 5, 8], [2]]

const groupedRows: ContribRow[] = [
  ['GroupQueryAttention', grouped, [q, kv, kv, undefined, undefined, lengths, []], [q], 1_600, 1_200],
  [
    'GroupQueryAttention',
    grouped,
    [[2, 5, 32], undefined, undefined, undefined, undefined, lengths, []],
    [q],
    1_600,
    1_200,
  ],
  // three past keys: 320 scores
  ['GroupQueryAttention', grouped, [q, kv, kv, [2, 2, 3, 4], [2, 2, 3, 4], lengths, []], [q], 2_560, 1_920],
  // a buffer of 59 keys counts whole, and the five new ones: 2560 scores
  [
    'GroupQueryAttention',
    grouped,
    [q, kv, kv, [2, 2, 59, 4], [2, 2, 59, 4], lengths, []],
    [q, [2, 2, 59, 4], [2, 2, 59, 4]],
    20_480,
    15_360,
  ],
  // rotating ten tokens of 4 + 2 heads of 4: three each; softcap: three a score
  [
    'GroupQueryAttention',
    { ...grouped, do_rotary: 1, softcap: float(30) },
    [q, kv, kv, undefined, undefined, lengths, [], [99, 2], [99, 2]],
    [q],
    1_600,
    2_520,
  ],
  // attention bias 200; a sink, two for each of 40 queries; norms of 60 heads: 4·4 + 2 each
  [
    'GroupQueryAttention',
    grouped,
    [q, kv, kv, undefined, undefined, lengths, [], ...Array(3), [1, 1, 5, 5], [4], undefined, undefined, [4], [4]],
    [q],
    1_600,
    2_560,
  ],
  // six tokens, three blocks of eight keys: 6·4·24 = 576 scores
  [
    'PagedAttention',
    grouped,
    [[6, 16], [6, 8], [6, 8], [9, 8, 2, 4], [9, 8, 2, 4], [3], [2], [2, 3]],
    [[6, 16]],
    4_608,
    3_456,
  ],
  // one cache of rows of 4 whose first three are the value
  [
    'PagedAttention',
    { num_heads: 4, kv_num_heads: 1, kv_cache_layout: 'LATENT' },
    [[6, 16], [6, 4], undefined, [9, 8, 1, 4], undefined, [3], [2], [2, 3]],
    [[6, 12]],
    4_032,
    3_456,
  ],
  // seven tokens of 12, h 8, v 6, sequences up to five: 70 scores of 4 + 3; projections 7·12·22, biases 7·22
  ['PackedAttention', heads, [[7, 12], [12, 22], [22], [2, 5], [3]], [[7, 6]], 2_338, 574],
  ['PackedMultiHeadAttention', heads, [[7, 8], [7, 8], [7, 6], [22], [2, 5], [3]], [[7, 6]], 490, 574],
  [
    'PackedMultiHeadAttention',
    heads,
    [[7, 2, 3, 4], undefined, undefined, undefined, [2, 5], [3], [1, 2, 5, 5]],
    [[7, 8]],
    560,
    490,
  ],
]

describe('cost', () => expectCosts(contribAttention, rows))
describe('cost of shared keys and packed sequences', () => expectCosts(groupedAttention, groupedRows))

const size = (max: number) => fc.integer({ min: 1, max })
const sizes = fc.record({ batch: size(3), count: size(4), queries: size(9), keys: size(9), head: size(8) })

const attention = (op: string, attributes: Record<string, number>, inputs: Shapes, y: Shape): Node =>
  nodeOf([op, attributes, inputs, [y], 0, 0])

const multiHead = (batch: number, count: number, queries: number, keys: number, width: number) =>
  attention(
    'MultiHeadAttention',
    { num_heads: count },
    [
      [batch, queries, width],
      [batch, keys, width],
      [batch, keys, width],
    ],
    [batch, queries, width],
  )

describe('laws', () => {
  it('attention of one head is MatMul, Mul, Softmax and MatMul', () => {
    fc.assert(
      fc.property(sizes, ({ batch, queries, keys, head }) => {
        const scores = [batch, queries, keys]
        const parts = [
          node(
            'MatMul',
            [
              [batch, queries, head],
              [batch, head, keys],
            ],
            scores,
          ),
          node('Mul', [scores, []], scores),
          node('Softmax', [scores], scores),
          node('MatMul', [scores, [batch, keys, head]], [batch, queries, head]),
        ]
        expect(costOf(multiHead(batch, 1, queries, keys, head))).toEqual(costOfAll(parts))
      }),
    )
  })

  it('n heads cost what n of one do', () => {
    fc.assert(
      fc.property(sizes, ({ batch, count, queries, keys, head }) => {
        const one = multiHead(batch, 1, queries, keys, head)
        expect(costOf(multiHead(batch, count, queries, keys, count * head))).toEqual(costOfAll(Array(count).fill(one)))
      }),
    )
  })

  it('shared key heads cost what their own would', () => {
    fc.assert(
      fc.property(sizes, ({ batch, count, queries, head }) => {
        const of = (keyHeads: number) => {
          const keys = [batch, queries, keyHeads * head]
          const inputs = [[batch, queries, count * head], keys, keys, undefined, undefined, [batch], []]
          return attention('GroupQueryAttention', { num_heads: count, kv_num_heads: keyHeads }, inputs, [
            batch,
            queries,
            count * head,
          ])
        }
        expect(costOf(of(count))).toEqual(costOf(multiHead(batch, count, queries, queries, count * head)))
        expect(costOf(of(1))).toEqual(costOf(of(count)))
      }),
    )
  })

  it('Attention is MatMul, Add and MultiHeadAttention', () => {
    fc.assert(
      fc.property(sizes, ({ batch, count, queries, head }) => {
        const width = count * head
        const y = [batch, queries, width]
        const projected = [batch, queries, 3 * width]
        const whole = attention('Attention', { num_heads: count }, [y, [width, 3 * width], [3 * width]], y)
        const parts = [
          node('MatMul', [y, [width, 3 * width]], projected),
          node('Add', [projected, [3 * width]], projected),
          multiHead(batch, count, queries, queries, width),
        ]
        expect(costOf(whole)).toEqual(costOfAll(parts))
      }),
    )
  })
})
