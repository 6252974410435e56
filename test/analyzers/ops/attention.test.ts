import { describe, expect, it } from 'vitest'
import { attentions } from '../../../src/analyzers/ops/attention.js'
import { costOf, float, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf } from './input.js'

// 2 sequences, 8 heads, 4 queries of 16; 6 keys of 16, values of 32
const q = [2, 8, 4, 16] // 1024
const k = [2, 8, 6, 16] // 1536
const v = [2, 8, 6, 32]
const y = [2, 8, 4, 32]
const mask = [4, 6]
const lengths = [2]
// two heads of keys and values, of which 10 are past
const shared = from(q, [2, 2, 6, 16], [2, 2, 6, 16], undefined, [2, 2, 10, 16], [2, 2, 10, 16])
const flat = from([2, 4, 128], [2, 6, 32], [2, 6, 32], undefined, [2, 2, 10, 16], [2, 2, 10, 16])
const heads = { q_num_heads: 8, kv_num_heads: 2 }

/** Hand-computed: operator, attributes, inputs, y, FLOPs beyond MACs, MACs. */
const table: [...Row, macs: number][] = [
  // 2·8·4·6 = 384 scores of 16 products, each met by a value of 32; 1024 + 1536 scaled, 5·384 of softmax
  ['Attention', {}, from(q, k, v), y, 4_480, 18_432],
  ['Attention', { scale: float(0.1) }, from(q, k, v), y, 4_480, 18_432],
  ['Attention', { scale: float(1) }, from(q, k, v), y, 1_920, 18_432],
  // a mask, causal order or padding is an addition a score; nothing is discounted
  ['Attention', {}, from(q, k, v, mask), y, 4_864, 18_432],
  ['Attention', { is_causal: 1 }, from(q, k, v), y, 4_864, 18_432],
  ['Attention', { is_causal: 1 }, from(q, k, v, mask), y, 4_864, 18_432],
  ['Attention', {}, from(q, k, v, undefined, undefined, undefined, lengths), y, 4_864, 18_432],
  // division, tanh, multiplication: 3·384 more
  ['Attention', { softcap: float(30) }, from(q, k, v, mask), y, 6_016, 18_432],
  ['Attention', { softcap: float(0) }, from(q, k, v), y, 4_480, 18_432],
  // 6 + 10 keys: 2·8·4·16 = 1024 scores of 16 + 16; 1024 + 384 + 640 scaled, 5·1024
  ['Attention', {}, shared, [2, 8, 4, 16], 7_168, 32_768],
  ['Attention', heads, flat, [2, 4, 128], 7_168, 32_768],
  // one head for all queries
  ['Attention', {}, from(q, [2, 1, 6, 16], [2, 1, 6, 32]), y, 3_136, 18_432], // 1024 + 192 + 1920
  // 2·4·128 = 1024 elements, two multiplications and an addition each
  ['RotaryEmbedding', {}, from(q, [50, 8], [50, 8], [2, 4]), q, 3_072, 0],
  ['RotaryEmbedding', { num_heads: 8 }, from([2, 4, 128], [2, 4, 8], [2, 4, 8]), [2, 4, 128], 3_072, 0],
  // half of each head
  ['RotaryEmbedding', { rotary_embedding_dim: 8 }, from(q, [50, 4], [50, 4], [2, 4]), q, 1_536, 0],
  [
    ...(['RotaryEmbedding', { num_heads: 8, rotary_embedding_dim: 8 }] as const),
    ...([from([2, 4, 128], [2, 4, 4], [2, 4, 4]), [2, 4, 128], 1_536, 0] as const),
  ],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops, macs) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(attentions))
  })
})

it('masks, caches and tables of angles are settings', () => {
  expect(rolesOf('Attention', 6)).toEqual(['operand', 'operand', 'operand', 'setting', 'setting', 'setting'])
  expect(rolesOf('RotaryEmbedding', 4)).toEqual(['operand', 'setting', 'setting', 'setting'])
})

it.each([
  ['Attention', 'matmul'],
  ['RotaryEmbedding', 'elementwise'],
])('kernel class of %s: %s', (op, expected) => {
  expect(kernelClassOf(node(op, from(q, k, v), y))).toBe(expected)
})
