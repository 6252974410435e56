import { elements } from '../../../onnx/element-types.js'
import { dequantized } from '../quantization-cost.js'
import type { RuleInput } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { activationCost } from './fused-activation.js'
import { costOf, has, mapOf, roles, sum } from './parts.js'

/** One addition an element of x for each of the inputs at `indices` that is there. */
const additions = (input: RuleInput, ...indices: number[]) => ({
  flops: elements(input.x) * indices.filter((index) => has(input, index)).length,
})

/**
 * LayerNormalization(input + skip + bias) over the last axis: input, skip, gamma, beta, bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.SkipLayerNormalization
 */
const skipLayerNormalization = contribRule(['SkipLayerNormalization'], {
  formula: 'FLOPs |input| + 6 · |input| + 2 a set, |input| with beta, |input| with bias',
  cost: (input) => sum(additions(input, 1, 4), costOf('LayerNormalization', { ...input, b: input.inputs[3] })),
  role: roles('operand', 'operand', 'param', 'param', 'param'),
  kernelClass: 'normalization',
})

/**
 * RMSNormalization(input + skip + bias) over the last axis: input, skip, gamma, bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.SkipSimplifiedLayerNormalization
 */
const skipSimplified = contribRule(['SkipSimplifiedLayerNormalization'], {
  formula: 'FLOPs |input| + 4 · |input| + 2 a set, |input| with bias',
  cost: (input) => sum(additions(input, 1, 3), costOf('RMSNormalization', input)),
  role: roles('operand', 'operand', 'param', 'param'),
  kernelClass: 'normalization',
})

/** Standardized groups of channels, then SiLU where `activation` is 1: GroupNormalization costs the same in any layout. */
function groupNormalization(input: RuleInput) {
  const { x, attributes } = input
  const sets = (x[0] ?? 1) * attributes.int('groups', 1)
  const silu = attributes.int('activation', 0) === 1 ? activationCost('silu', x, input) : {}
  // as LayerNormalization with a shift of one line a group
  const lines = [sets, elements(x) / sets]
  return sum(costOf('LayerNormalization', { ...mapOf(input, lines), b: [1] }), silu)
}

/**
 * X [N, H, W, C] or [N, C, H, W], gamma, beta.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupNorm
 */
const groupNorm = contribRule(['GroupNorm'], {
  formula: 'FLOPs 7 · |X| + 2 · N · groups, 5 · |X| for SiLU',
  cost: groupNormalization,
  role: roles('operand', 'param', 'param'),
  kernelClass: 'normalization',
})

/**
 * GroupNorm(X + skip + bias): X, gamma, beta, skip, bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.SkipGroupNorm
 */
const skipGroupNorm = contribRule(['SkipGroupNorm'], {
  formula: 'FLOPs |X| + 7 · |X| + 2 · N · groups, |X| with bias, 5 · |X| for SiLU',
  cost: (input) => sum(additions(input, 3, 4), groupNormalization(input)),
  role: roles('operand', 'param', 'param', 'operand', 'param'),
  kernelClass: 'normalization',
})

/**
 * RMSNormalization of X over lines as long as scale, times SiLU(gate).
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GatedRMSNorm
 */
const gatedRmsNorm = contribRule(['GatedRMSNorm'], {
  formula: 'FLOPs 4 · |X| + 2 a set + (5 + 1) · |X|',
  cost: (input) => {
    const { x, w } = input
    const lines = [elements(x) / elements(w), elements(w)]
    const gate = sum(activationCost('silu', x, input), { flops: elements(x) })
    return sum(costOf('RMSNormalization', mapOf(input, lines)), gate)
  },
  role: roles('operand', 'param', 'operand'),
  kernelClass: 'normalization',
})

/** LayerNormalization, with a shift, of the sum of two embeddings, or of three with segments, over [N, S, H]. */
const embedded = (input: RuleInput) =>
  sum(
    { flops: elements(input.y) * (has(input, 4) ? 2 : 1) },
    costOf('LayerNormalization', { ...mapOf(input, input.y), b: input.y.slice(-1) }),
  )

/**
 * input_ids, segment_ids, embeddings of words, positions and segments, gamma, beta, mask, position_ids. Counting the mask
 * is not counted.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.EmbedLayerNormalization
 */
const embedLayerNormalization = contribRule(['EmbedLayerNormalization'], {
  formula: 'FLOPs |output| + 7 · |output| + 2 a set, |output| with segments',
  cost: embedded,
  role: roles('setting', 'setting', 'param', 'param', 'param', 'param', 'param'),
  kernelClass: 'normalization',
})

/**
 * As EmbedLayerNormalization, of quantized embeddings, gamma and beta, which are dequantized where they are used; their zero
 * points are at 13 to 17.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QEmbedLayerNormalization
 */
const qEmbedLayerNormalization = contribRule(['QEmbedLayerNormalization'], {
  formula:
    'as EmbedLayerNormalization; FLOPs |output| an embedding, H for gamma and H for beta to dequantize, as many with zero points',
  cost: (input) => {
    const { y, inputs } = input
    const embeddings = [2, 3, 4].filter((index) => has(input, index)).map((index) => dequantized(y, inputs[index + 11]))
    const affine = [16, 17].map((index) => dequantized(y.slice(-1), inputs[index]))
    return sum(embedded(input), ...embeddings, ...affine)
  },
  role: (index) => (index >= 2 && index <= 6 ? 'quantized' : 'setting'),
  kernelClass: 'normalization',
})

/**
 * key and query [B, S, G, H], value [B, S, H]: gate = σ(sign(d) · √max(|d|, 1e-6)), d = Σ RMSNorm(key) · RMSNorm(query) / √H;
 * gate · value, and its RMSNorm where it is asked for.
 *
 * Two RMSNorms, a product and a sum; nine a line after dividing by √H: sign, absolute value, maximum, root,
 * multiplication and the four of Sigmoid.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.EngramGate
 */
const engramGate = contribRule(['EngramGate'], {
  formula: 'FLOPs (4 + 4 + 2 + 1) · |key| + 13 a line, 4 · |key| + 2 a line with gated_value_normed',
  cost: (input) => {
    const { x, outputs } = input
    const norms = Array(outputs[1] === undefined ? 2 : 3).fill(costOf('RMSNormalization', mapOf(input, x)))
    // a sum of H is one addition less than it has elements, and the division by √H takes its place
    return sum(...norms, { flops: 3 * elements(x) + 9 * elements(x.slice(0, -1)) })
  },
  role: roles('operand', 'operand', 'operand', 'param', 'param', 'param'),
  kernelClass: 'normalization',
})

export const contribNormalization = [
  ...[skipLayerNormalization, skipSimplified, groupNorm, skipGroupNorm, gatedRmsNorm],
  ...[embedLayerNormalization, qEmbedLayerNormalization, engramGate],
]
