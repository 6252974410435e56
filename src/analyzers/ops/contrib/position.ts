import { elements } from '../../../onnx/element-types.js'
import type { RuleInput } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { roles } from './parts.js'

/** (x₁, x₂) ← (x₁ cos − x₂ sin, x₂ cos + x₁ sin): two multiplications and an addition an element. */
const rotationFlops = 3

/** Elements that are rotated: all, or the first `rotary_embedding_dim` of each head. */
function rotated({ x, attributes }: RuleInput): number {
  const size = attributes.int('rotary_embedding_dim', 0)
  if (size === 0) return elements(x)
  if (x.length === 4) return elements(x.slice(0, 3)) * size
  return elements(x.slice(0, 2)) * attributes.int('num_heads', 1) * size
}

/**
 * input [B, S, h] or [B, H, S, size], position_ids, caches of cosines and sines, which are settings.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.RotaryEmbedding
 */
const rotaryEmbedding = contribRule(['RotaryEmbedding', 'MRotaryEmbedding'], {
  formula: 'FLOPs 3 · rotated elements, all or rotary_embedding_dim of each head',
  cost: (input) => ({ flops: rotationFlops * rotated(input) }),
  role: roles('operand'),
  kernelClass: 'elementwise',
})

/**
 * emb [B, S, size], q, rotated q, k, rotated k [B, H, S, size]: q · cos(emb) + rotated q · sin(emb), and k alike.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GemmaRotaryEmbedding
 */
const gemmaRotaryEmbedding = contribRule(['GemmaRotaryEmbedding'], {
  formula: 'FLOPs 2 · |emb| + 3 · (|q| + |k|)',
  cost: ({ x, inputs }) => ({
    flops: 2 * elements(x) + rotationFlops * (elements(inputs[1] ?? []) + elements(inputs[3] ?? [])),
  }),
  role: roles('operand', 'operand', 'operand', 'operand', 'operand'),
  kernelClass: 'elementwise',
})

/**
 * bias_table [buckets, heads] read at the bucket of each distance, output [1, heads, queries, keys].
 *
 * Ten for a query and a key, once for all heads: difference, distance, comparison, quotient, logarithm, quotient, product,
 * addition, minimum, selection; three more where keys lie on both sides.
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/models/t5/modeling_t5.py
 * `_relative_position_bucket`
 */
const relativePositionBias = contribRule(['RelativePositionBias'], {
  formula: 'FLOPs 10 · queries · keys, 3 · queries · keys with is_bidirectional',
  cost: ({ y, attributes }) => ({
    flops: elements(y.slice(2)) * (attributes.int('is_bidirectional', 0) === 1 ? 13 : 10),
  }),
  role: roles('param'),
  kernelClass: 'data-movement',
  traffic: 'gather',
})

/**
 * σ(sums of halves of (query + bias) · weight) → gates u and r; (u · (r · eco_a − 1) + 2) · rel_pos.
 *
 * query_layer [B, S, H · size] or [tokens, H · size], query_bias, rel_pos [1, H, S, S], weight [size, D], bias [D], eco_a
 * [1, H, 1, 1]. D sums of D / 2 − 1 additions a gate; five a query and head after them, and one a score.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GatedRelativePositionBias
 */
const gatedRelativePositionBias = contribRule(['GatedRelativePositionBias'], {
  formula:
    'MACs |query_layer| · D; FLOPs |query_layer| + lines · (D bias, D − 2 sums, 2 · 4 sigmoids, 4 gates) + |output|',
  cost: ({ x, y, inputs }) => {
    const [size = 1, width = 1] = inputs[3] ?? []
    const lines = elements(x) / size
    return { macs: elements(x) * width, flops: elements(x) + lines * (width + (width - 2) + 8 + 4) + elements(y) }
  },
  role: roles('operand', 'param', 'operand', 'param', 'param', 'param'),
  kernelClass: 'matmul',
  operands: [0, 3],
})

export const position = [rotaryEmbedding, gemmaRotaryEmbedding, relativePositionBias, gatedRelativePositionBias]
