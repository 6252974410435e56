import { elements } from '../../../onnx/element-types.js'
import { scaledDotProduct } from '../attention-cost.js'
import { centred, dequantized, quantizeFlops } from '../quantization-cost.js'
import type { RuleInput, Shape } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { has, roles, sum } from './parts.js'

/** A mask of two axes or more is added to the scores; lengths of sequences, one axis, only end them. */
const masks = (mask: Shape | undefined, bias: Shape | undefined): number =>
  (mask !== undefined && mask.length > 1 ? 1 : 0) + (bias === undefined ? 0 : 1)

const formula =
  'MACs scores · (head + v_head); FLOPs scores · (1 scale + 5 softmax, 1 a mask or bias); scores = B · heads · S · keys, also of masked, causal and not yet filled keys'

/**
 * Self-attention of x [B, S, D] with its projections: weights [D, h + h + v], bias, mask at 3, past [2, B, H, P, h / H] at 4,
 * attention_bias at 5. Keys are as many as the present state holds.
 */
function projectedAttention(input: RuleInput, mask: Shape | undefined, past: Shape | undefined, bias?: Shape) {
  const { x, w, y, outputs, attributes } = input
  const heads = attributes.int('num_heads', 1)
  const rows = elements(x.slice(0, -1))
  const width = w.at(-1) ?? 0
  const values = y.at(-1) ?? 0
  return sum(
    { macs: elements(x) * width, flops: has(input, 2) ? rows * width : 0 },
    scaledDotProduct({
      queries: rows * heads,
      keys: outputs[1]?.[3] ?? (x[1] ?? 1) + (past?.[3] ?? 0),
      headSize: (width - values) / 2 / heads,
      valueSize: values / heads,
      masks: masks(mask, bias),
    }),
  )
}

/** Three operations for each rotated element of queries and keys: two multiplications and an addition. */
function rotation({ x, w, y, attributes }: RuleInput) {
  if (attributes.int('do_rotary', 0) === 0) return {}
  const heads = attributes.int('num_heads', 1)
  const headSize = ((w.at(-1) ?? 0) - (y.at(-1) ?? 0)) / 2 / heads
  const rotated = attributes.int('rotary_embedding_dim', 0) || headSize
  return { flops: 3 * elements(x.slice(0, -1)) * 2 * heads * rotated }
}

/**
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Attention
 */
const attention = contribRule(['Attention', 'DecoderMaskedSelfAttention'], {
  formula: `MACs |input| · |weights columns|; FLOPs that many rows with bias, 3 · rotated elements with do_rotary; ${formula}`,
  cost: (input) => sum(projectedAttention(input, input.inputs[3], input.inputs[4], input.inputs[5]), rotation(input)),
  role: roles('operand', 'param', 'param', 'setting', 'setting', 'operand'),
  kernelClass: 'matmul',
})

/**
 * As Attention, of 8-bit input and weights: input, weight, bias, their scales, mask at 5, zero points, past at 8. The
 * projections are MatMulIntegerToFloat: their accumulators become floats, by one multiplication each.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QAttention
 */
const qAttention = contribRule(['QAttention'], {
  formula: `as Attention; FLOPs |input| and |weight| with their zero points, B · S · 3 · h to dequantize the projections; ${formula}`,
  cost: (input) => {
    const { x, w, inputs } = input
    const scaled = { flops: elements(x.slice(0, -1)) * (w.at(-1) ?? 0) }
    const zeroPoints = [centred(x, inputs[6]), centred(w, inputs[7])]
    return sum(projectedAttention(input, inputs[5], inputs[8]), rotation(input), ...zeroPoints, scaled)
  },
  role: roles('operand', 'quantized', 'param'),
  kernelClass: 'matmul',
})

/**
 * Self-attention all in 8-bit integers: input, four scales, weights of Q, K and V at 5 to 7, their scales, biases at 11
 * to 13, three scales, mask at 17, past, attention_bias at 19. Projections, scores, probabilities and the output are
 * requantized, scores dequantized before the softmax. There are no zero points.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QOrderedAttention
 */
const qOrderedAttention = contribRule(['QOrderedAttention'], {
  formula: `as Attention; FLOPs 4 for each projected element, score, probability and output element, 1 a score; ${formula}`,
  cost: ({ x, y, inputs, attributes }) => {
    const heads = attributes.int('num_heads', 1)
    const rows = elements(x.slice(0, -1))
    const sizes = [5, 6, 7].map((index) => inputs[index]?.at(-1) ?? 0)
    const width = elements([rows, sizes.reduce((total, size) => total + size, 0)])
    const queries = rows * heads
    const keys = x[1] ?? 1
    const requantized = width + 2 * queries * keys + elements(y)
    return sum(
      { macs: width * (x.at(-1) ?? 1), flops: width + quantizeFlops(undefined) * requantized },
      dequantized([queries, keys], undefined),
      scaledDotProduct({
        queries,
        keys,
        headSize: (sizes[0] ?? 0) / heads,
        valueSize: (sizes[2] ?? 0) / heads,
        masks: masks(inputs[17], inputs[19]),
      }),
    )
  },
  role: (index) => {
    if (index >= 5 && index <= 7) return 'quantized'
    return index >= 11 && index <= 13 ? 'param' : 'setting'
  },
  kernelClass: 'matmul',
  operands: [0, 5],
})

/** Keys that are new, by the axis that counts them: key [B, L, h], [B, L, H, 2, size] or, as a cache, [B, H, L, size]. */
function newKeys({ x, w, inputs }: RuleInput): number {
  if (inputs[1] === undefined) return x[1] ?? 1
  return (w.length === 4 ? w[2] : w[1]) ?? 1
}

/** Length of a query: of packed [B, S, H, 3, size], of packed [B, S, 2h + v], or of [B, S, h]. */
function queryHead({ x, y, inputs, attributes }: RuleInput): number {
  if (x.length === 5) return x[4] ?? 1
  const width = x.at(-1) ?? 0
  const isPacked = inputs[1] === undefined
  return (isPacked ? (width - (y.at(-1) ?? 0)) / 2 : width) / attributes.int('num_heads', 1)
}

/** Elements that a bias of the projections is added to: the queries, and the keys and values that are new. */
function biased(input: RuleInput): number {
  const { x, y, inputs } = input
  const heads = input.attributes.int('num_heads', 1)
  const rows = elements(x.slice(0, 2))
  const queries = rows * heads * queryHead(input)
  const isCache = inputs[1]?.length === 4
  const keys = isCache ? 0 : (x[0] ?? 1) * newKeys(input)
  return queries + keys * (heads * queryHead(input) + (y.at(-1) ?? 0))
}

/** Where MultiHeadAttention and its decoder form keep what they share. */
interface Positions {
  readonly mask: number
  readonly attentionBias: number
  readonly pastKey: number
  readonly bias: number
}

function multiHead(input: RuleInput, at: Positions) {
  const { x, y, inputs, outputs, attributes } = input
  const heads = attributes.int('num_heads', 1)
  return sum(
    { flops: has(input, at.bias) ? biased(input) : 0 },
    scaledDotProduct({
      queries: elements(x.slice(0, 2)) * heads,
      keys: outputs[1]?.[2] ?? newKeys(input) + (inputs[at.pastKey]?.[2] ?? 0),
      headSize: queryHead(input),
      valueSize: (y.at(-1) ?? 0) / heads,
      masks: masks(inputs[at.mask], inputs[at.attentionBias]),
    }),
  )
}

/**
 * query [B, S, h], key, value, bias, key_padding_mask, attention_bias, past_key, past_value; or packed.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MultiHeadAttention
 */
const multiHeadAttention = contribRule(['MultiHeadAttention'], {
  formula: `${formula}; one for each element of Q, K and V with bias`,
  cost: (input) => multiHead(input, { bias: 3, mask: 4, attentionBias: 5, pastKey: 6 }),
  role: roles('operand', 'operand', 'operand', 'param', 'setting', 'operand'),
  kernelClass: 'matmul',
  operands: [0, 0],
})

/**
 * query [B, 1, h], key, value, mask, attention_bias, past_key, past_value, …, bias at 10; or packed.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DecoderMaskedMultiHeadAttention
 */
const decoderMaskedMultiHeadAttention = contribRule(['DecoderMaskedMultiHeadAttention'], {
  formula: `${formula}; one for each element of Q, K and V with bias`,
  cost: (input) => multiHead(input, { bias: 10, mask: 3, attentionBias: 4, pastKey: 5 }),
  role: (index) => (index === 10 ? 'param' : roles('operand', 'operand', 'operand', 'setting', 'operand')(index)),
  kernelClass: 'matmul',
  operands: [0, 0],
})

export const contribAttention = [
  ...[attention, qAttention, qOrderedAttention, multiHeadAttention, decoderMaskedMultiHeadAttention],
]
