import { elements } from '../../../onnx/element-types.js'
import type { RuleInput, Shape } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { activationCost } from './fused-activation.js'
import { costOf, mapOf, roles, sum } from './parts.js'

/** Sizes of a recurrence over states of head · v_head elements. */
interface Recurrence {
  /** Updates of a state: tokens · heads of the state. */
  readonly updates: number
  /** Reads of a state: tokens · heads of the output. */
  readonly reads: number
  readonly head: number
  readonly valueHead: number
}

/**
 * S ← exp(decay) · S + β · k ⊗ (v − Sᵀk) and o = scale · Sᵀq, a token after the other.
 *
 * MACs of the outer product, of Sᵀk where the rule has a delta, and of Sᵀq. FLOPs: a multiplication for each element of S
 * and an exponential for each decay where it decays; a subtraction and a multiplication for each value with a delta; the
 * scale. Kernels that work in chunks do more.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.LinearAttention
 */
function recurrence({ attributes }: RuleInput, sizes: Recurrence, decay: Shape | undefined) {
  const rule = attributes.string('update_rule', 'gated_delta')
  const [decays, hasDelta] = [rule.startsWith('gated'), rule.endsWith('delta')]
  const { updates, reads, head, valueHead } = sizes
  const state = head * valueHead
  const decaying = decays ? updates * state + elements(decay ?? [0]) : 0
  return {
    macs: state * (updates * (hasDelta ? 2 : 1) + reads),
    flops: decaying + (hasDelta ? 2 * updates * valueHead : 0) + reads * valueHead,
  }
}

const formula =
  'MACs head · v_head · (updates of the state, twice with delta, + reads); FLOPs head · v_head · updates and |decay| if gated, 2 · |value| with delta, |output| for the scale'

/**
 * query [B, T, Hq · d], key [B, T, Hkv · d], value [B, T, Hkv · v], past_state, decay at 4, beta.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.LinearAttention
 */
const linearAttention = contribRule(['LinearAttention'], {
  formula,
  cost: (input) => {
    const { x, b = [], inputs, attributes } = input
    const [queryHeads, keyHeads] = [attributes.int('q_num_heads', 1), attributes.int('kv_num_heads', 1)]
    const tokens = elements(x.slice(0, 2))
    const sizes = {
      updates: tokens * keyHeads,
      reads: tokens * Math.max(queryHeads, keyHeads),
      head: (x.at(-1) ?? 0) / queryHeads,
      valueHead: (b.at(-1) ?? 0) / keyHeads,
    }
    return recurrence(input, sizes, inputs[4])
  },
  role: () => 'setting',
  kernelClass: 'matmul',
})

/** decay_scale · Softplus(a + dt_bias): addition, the three of Softplus, multiplication. */
const decayFlops = 5

/**
 * query, key [tokens…, Hq, d], value [tokens…, Hv, v], lengths, decay at 4, beta at 5, initial_state, a_log at 7, dt_bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GatedDeltaNet
 */
const gatedDeltaNet = contribRule(['GatedDeltaNet'], {
  formula: `${formula}; 3 · (|query| + |key|) with qk_l2_norm, 5 · |decay| and 2 · |a_log| with a gate, 4 · |beta| with a sigmoid`,
  cost: (input) => {
    const { x, w, b = [], inputs, attributes } = input
    const updates = elements(b.slice(0, -1))
    const sizes = { updates, reads: updates, head: x.at(-1) ?? 0, valueHead: b.at(-1) ?? 0 }
    const norm = (heads: Shape) => costOf('LpNormalization', mapOf(input, heads))
    const norms = attributes.int('qk_l2_norm', 0) === 1 ? sum(norm(x), norm(w)) : {}
    const isGated = attributes.string('gate_activation', 'none') === 'qwen'
    const gate = isGated ? decayFlops * elements(inputs[4] ?? [0]) + 2 * elements(inputs[7] ?? [0]) : 0
    const isSigmoid = attributes.string('beta_activation', 'none') === 'sigmoid'
    const beta = isSigmoid ? activationCost('sigmoid', inputs[5] ?? [0], input) : {}
    return sum(recurrence(input, sizes, inputs[4]), norms, { flops: gate }, beta)
  },
  role: (index) => (index === 7 || index === 8 ? 'param' : 'setting'),
  kernelClass: 'matmul',
})

/**
 * decay = decay_scale · Softplus(a + dt_bias), beta = Sigmoid(b): a [B, T, H], dt_bias [H], decay_scale [H], b [B, T, H].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.LinearAttentionGate
 */
const linearAttentionGate = contribRule(['LinearAttentionGate'], {
  formula: 'FLOPs (1 + 3 + 1) · |a|, 4 · |b| with b',
  cost: (input) => {
    const b = input.inputs[3]
    return sum({ flops: decayFlops * elements(input.x) }, b === undefined ? {} : activationCost('sigmoid', b, input))
  },
  role: roles('operand', 'param', 'param', 'operand'),
  kernelClass: 'elementwise',
})

export const contribLinearAttention = [linearAttention, gatedDeltaNet, linearAttentionGate]
