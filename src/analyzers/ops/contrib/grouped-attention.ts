import { elements } from '../../../onnx/element-types.js'
import { scaledDotProduct } from '../attention-cost.js'
import type { RuleInput, Shape } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { costOf, has, mapOf, roles, sum } from './parts.js'

/** Query heads, key heads and the length of both, where several query heads share a key head. */
function headsOf({ x, attributes }: RuleInput, isPacked: boolean) {
  const heads = attributes.int('num_heads', 1)
  const keyHeads = attributes.int('kv_num_heads', heads)
  return { heads, keyHeads, size: (x.at(-1) ?? 0) / (isPacked ? heads + 2 * keyHeads : heads) }
}

/**
 * What is done to Q and K before they meet: an RMS norm a head where there are gains, and a rotation of 2 · cos columns of
 * each head, three operations an element.
 */
function prepared(input: RuleInput, tokens: number, keyTokens: number, at: { cos: number; norm: number }) {
  const { inputs, attributes } = input
  const { heads, keyHeads, size } = headsOf(input, inputs[1] === undefined)
  const lines = tokens * heads + keyTokens * keyHeads
  const rotated = attributes.int('do_rotary', 0) === 0 ? 0 : 2 * (inputs[at.cos]?.at(-1) ?? 0)
  const norm = has(input, at.norm) ? costOf('RMSNormalization', mapOf(input, [lines, size])) : {}
  return sum(norm, { flops: 3 * lines * rotated })
}

/** An exponential and an addition a query, for a sink that takes part in the softmax. */
const sink = (input: RuleInput, index: number, queries: number) => ({
  flops: has(input, index) || input.attributes.int('smooth_softmax', 0) === 1 ? 2 * queries : 0,
})

const formula =
  'MACs scores · 2 · head; FLOPs scores · (1 scale + 5 softmax, 1 with attention_bias, 3 with softcap), 3 · rotated elements with do_rotary, an RMSNormalization a head with q_norm_weight, 2 a query with a sink'

const hasSoftcap = ({ attributes }: RuleInput) => attributes.float('softcap', 0) !== 0

/**
 * query [B, S, h] or packed, key, value, past_key [B, KV, P, size], past_value, lengths, cos and sin caches at 7,
 * attention_bias at 10, head_sink at 11, scales, norms at 14. Keys are those of the past and the new ones: a past that is a
 * buffer for all keys there will be counts whole, since only values say how much of it is filled. Making floats of a
 * quantized cache is not counted.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention
 */
const groupQueryAttention = contribRule(['GroupQueryAttention'], {
  formula: `${formula}; scores = B · heads · S · (past + new keys), also of causal, windowed and not yet filled keys`,
  cost: (input) => {
    const { x, w, inputs } = input
    const tokens = elements(x.slice(0, 2))
    const added = inputs[1] === undefined ? (x[1] ?? 1) : (w[1] ?? 1)
    const { heads, size } = headsOf(input, inputs[1] === undefined)
    const queries = tokens * heads
    return sum(
      scaledDotProduct({
        queries,
        keys: added + (inputs[3]?.[2] ?? 0),
        headSize: size,
        valueSize: size,
        masks: has(input, 10) ? 1 : 0,
        softcap: hasSoftcap(input),
      }),
      prepared(input, tokens, (x[0] ?? 1) * added, { cos: 7, norm: 14 }),
      sink(input, 11, queries),
    )
  },
  role: (index) => {
    if (index === 10) return 'operand'
    return index === 11 || index === 14 || index === 15 ? 'param' : 'setting'
  },
  kernelClass: 'matmul',
  operands: [0, 0],
})

/** Keys that a token of a packed batch may meet: as many as the blocks of its sequence hold. */
const pagedKeys = (cache: Shape | undefined, table: Shape | undefined): number => (table?.[1] ?? 1) * (cache?.[1] ?? 1)

/**
 * query [tokens, h] or packed, key, value, caches [blocks, block, KV, size] at 3 and 4, lengths, block_table [B, blocks a
 * sequence] at 7, cos and sin caches at 8, head_sink at 11, norms at 12. With the LATENT layout V is a part of K's row.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.PagedAttention
 */
const pagedAttention = contribRule(['PagedAttention'], {
  formula: `${formula}; scores = tokens · heads · blocks a sequence · block, also of causal, windowed and not yet filled keys`,
  cost: (input) => {
    const { x, y, inputs, attributes } = input
    const isLatent = attributes.string('kv_cache_layout', 'SEPARATE') === 'LATENT'
    const { heads, size } = headsOf(input, inputs[1] === undefined)
    const tokens = x[0] ?? 1
    return sum(
      scaledDotProduct({
        queries: tokens * heads,
        keys: pagedKeys(inputs[3], inputs[7]),
        headSize: size,
        valueSize: isLatent ? (y.at(-1) ?? 0) / heads : size,
        softcap: hasSoftcap(input),
      }),
      prepared(input, tokens, tokens, { cos: 8, norm: 12 }),
      sink(input, 11, tokens * heads),
    )
  },
  role: (index) => (index >= 11 && index <= 13 ? 'param' : 'setting'),
  kernelClass: 'matmul',
  operands: [0, 0],
})

/** A token of a packed batch meets the keys of the longest sequence: token_offset is [B, S]. */
const packedFormula = 'scores = tokens · heads · S, S of the longest sequence'

/**
 * input [tokens, D], weights [D, h + h + v], bias, token_offset [B, S] at 3, cumulative lengths, attention_bias at 5.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.PackedAttention
 */
const packedAttention = contribRule(['PackedAttention'], {
  formula: `MACs |input| · |weights columns| + scores · (head + v_head); FLOPs scores · 6, scores with attention_bias, that many rows with bias; ${packedFormula}`,
  cost: (input) => {
    const { x, w, y, inputs, attributes } = input
    const heads = attributes.int('num_heads', 1)
    const [tokens = 1, width = 0, values = 0] = [x[0], w.at(-1), y.at(-1)]
    return sum(
      { macs: elements(x) * width, flops: tokens * width },
      scaledDotProduct({
        queries: tokens * heads,
        keys: inputs[3]?.[1] ?? 1,
        headSize: (width - values) / 2 / heads,
        valueSize: values / heads,
        masks: has(input, 5) ? 1 : 0,
      }),
    )
  },
  role: roles('operand', 'param', 'param', 'setting', 'setting', 'operand'),
  kernelClass: 'matmul',
})

/**
 * query [tokens, h] or packed [tokens, H, 3, size], key, value, bias, token_offset [B, S] at 4, cumulative lengths,
 * attention_bias at 6.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.PackedMultiHeadAttention
 */
const packedMultiHeadAttention = contribRule(['PackedMultiHeadAttention'], {
  formula: `MACs scores · (head + v_head); FLOPs scores · 6, scores with attention_bias, |Q| + |K| + |V| with bias; ${packedFormula}`,
  cost: (input) => {
    const { x, y, inputs, attributes } = input
    const heads = attributes.int('num_heads', 1)
    const [tokens = 1, values = 0] = [x[0], y.at(-1)]
    const headSize = x.length === 4 ? (x[3] ?? 1) : (x[1] ?? 0) / heads
    return sum(
      { flops: has(input, 3) ? tokens * (2 * heads * headSize + values) : 0 },
      scaledDotProduct({
        queries: tokens * heads,
        keys: inputs[4]?.[1] ?? 1,
        headSize,
        valueSize: values / heads,
        masks: has(input, 6) ? 1 : 0,
      }),
    )
  },
  role: (index) => (index === 3 ? 'param' : index === 6 ? 'operand' : 'setting'),
  kernelClass: 'matmul',
  operands: [0, 0],
})

export const groupedAttention = [groupQueryAttention, pagedAttention, packedAttention, packedMultiHeadAttention]
