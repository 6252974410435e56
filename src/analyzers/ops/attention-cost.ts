import type { Cost } from './rule.js'

/** Sizes of softmax(scale · Q·Kᵀ + masks) · V, summed over batch and heads. */
export interface AttentionSizes {
  /** Queries of all heads of all sequences. */
  readonly queries: number
  /** Keys that each query meets, masked or not. */
  readonly keys: number
  /** Length of a query and of a key. */
  readonly headSize: number
  /** Length of a value. */
  readonly valueSize: number
  /** Tensors added to the scores: masks, position biases. */
  readonly masks?: number
  /** Whether scores are softened: softcap · tanh(score / softcap). */
  readonly softcap?: boolean
}

/** Maximum, subtraction, exponential, sum and division, as Softmax. */
const softmaxFlops = 5
/** Division, tanh and multiplication. */
const softcapFlops = 3

/**
 * MACs of Q·Kᵀ and of the probabilities times V; FLOPs of the scale, of each mask and of the softmax.
 *
 * Shapes alone decide: keys that a mask, a causal order or a window hides, and cache not filled yet, are not discounted.
 * @see Vaswani et al. 2017, "Attention Is All You Need", equation 1
 */
export function scaledDotProduct(sizes: AttentionSizes): Required<Cost> {
  const { queries, keys, headSize, valueSize, masks = 0, softcap = false } = sizes
  const scores = queries * keys
  return {
    macs: scores * (headSize + valueSize),
    flops: scores * (1 + masks + softmaxFlops + (softcap ? softcapFlops : 0)),
  }
}
