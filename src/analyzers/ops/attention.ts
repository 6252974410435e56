import { elements } from '../../onnx/element-types.js'
import { type RuleInput, rule, type Shape } from './rule.js'

/** Heads and the length of each: of [B, heads, L, size], or of [B, L, heads · size] with the heads in an attribute. */
function headsOf(shape: Shape, heads: number): { heads: number; size: number } {
  if (shape.length === 4) return { heads: shape[1] ?? 1, size: shape[3] ?? 1 }
  return { heads, size: (shape.at(-1) ?? 0) / heads }
}

/** Softmax's, and the division, tanh and multiplication of softcap · tanh(score / softcap). */
function perScore({ inputs, attributes }: RuleInput): number {
  const isMasked = inputs[3] !== undefined || inputs[6] !== undefined || attributes.int('is_causal', 0) === 1
  return 5 + (isMasked ? 1 : 0) + (attributes.float('softcap', 0) === 0 ? 0 : 3)
}

/**
 * softmax(softcap(√scale·Q · (√scale·K)ᵀ + mask)) · V over Q, K, V, attn_mask, past_key [B, kv_heads, P, size], past_value.
 *
 * Several query heads may share a head of keys and values. Shapes alone decide: scores that a mask, a causal order or the
 * padding of the cache hides are counted as any other. Making one mask of several is not counted.
 * @see https://onnx.ai/onnx/operators/onnx__Attention.html
 */
const attention = rule(['Attention'], {
  formula:
    'MACs scores · (head_size + v_head_size), scores = B · q_num_heads · L · (P + S) of L queries, P past and S new keys, masked or causal ones not discounted; FLOPs |Q| + |K| + |past_key| to scale, unless scale is 1, 5 · scores of Softmax, + scores with a mask, is_causal or nonpad_kv_seqlen, + 3 · scores with softcap',
  cost: (input) => {
    const { x, w, b = [], inputs, attributes } = input
    const q = headsOf(x, attributes.int('q_num_heads', 1))
    const v = headsOf(b, attributes.int('kv_num_heads', 1))
    const past = inputs[4]
    const keys = (w.at(-2) ?? 0) + (past?.[2] ?? 0)
    const scores = (x[0] ?? 1) * q.heads * (x.at(-2) ?? 1) * keys
    const scaled = attributes.float('scale', 0) === 1 ? 0 : elements(x) + elements(w) + (past ? elements(past) : 0)
    return { macs: scores * (q.size + v.size), flops: scaled + scores * perScore(input) }
  },
  role: (index) => (index < 3 ? 'operand' : 'setting'),
  kernelClass: 'matmul',
})

/**
 * x [B, heads, L, size] or [B, L, heads · size]: (x₁, x₂) ← (x₁ cos − x₂ sin, x₂ cos + x₁ sin) over all of each head or its
 * first `rotary_embedding_dim`.
 * @see https://onnx.ai/onnx/operators/onnx__RotaryEmbedding.html
 */
const rotaryEmbedding = rule(['RotaryEmbedding'], {
  formula:
    'FLOPs 3 · |x|: two multiplications, addition or subtraction; with rotary_embedding_dim of so much of each head',
  cost: ({ x, attributes }) => {
    const { heads, size } = headsOf(x, attributes.int('num_heads', 1))
    const rotated = attributes.int('rotary_embedding_dim', 0) || size
    const tokens = (x[0] ?? 1) * (x.at(-2) ?? 1)
    return { flops: 3 * tokens * heads * rotated }
  },
  role: (index) => (index === 0 ? 'operand' : 'setting'),
  kernelClass: 'elementwise',
})

export const attentions = [attention, rotaryEmbedding]
