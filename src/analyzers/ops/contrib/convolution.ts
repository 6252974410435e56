import { elements } from '../../../onnx/element-types.js'
import type { RuleInput } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { activationCost } from './fused-activation.js'
import { adopt, costOf, has, roles, sum } from './parts.js'

const [{ kernelClass } = { kernelClass: 'dense-conv' as const }] = adopt('com.microsoft', ['Conv'])

/** Conv, the sum with Z at input 3 and the activation that the attribute names. */
export const fusedConvolution = (input: RuleInput) =>
  sum(
    costOf('Conv', input),
    { flops: has(input, 3) ? elements(input.y) : 0 },
    activationCost(input.attributes.string('activation', ''), input.y, input),
  )

export const fusedConvolutionFormula =
  'MACs |Y| · C/group · k…; FLOPs |Y| with B, |Y| with Z, the activation’s for |Y| elements'

/**
 * Conv, then the sum with Z, then an activation. X [N, C, D…] or, of NhwcFusedConv, [N, D…, C]; W [M, C/group, k…].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedConv
 */
const fusedConv = contribRule(['FusedConv', 'NhwcFusedConv'], {
  formula: fusedConvolutionFormula,
  cost: fusedConvolution,
  role: roles('param', 'param', 'param', 'operand'),
  kernelClass,
})

/**
 * Conv with X [N, D…, C] and Y [N, D'…, M]; W [M, C/group, k…] stays as it is.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.NhwcConv
 */
const nhwcConv = contribRule(['NhwcConv'], {
  formula: 'MACs |Y| · C/group · k…; FLOPs |Y| with B',
  cost: (input) => costOf('Conv', input),
  kernelClass,
})

/**
 * ConvTranspose with X [N, C, D…], W [C, M/group, k…], Pads, B: where the pads lie does not change the arithmetic.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.ConvTransposeWithDynamicPads
 */
const convTransposeWithDynamicPads = contribRule(['ConvTransposeWithDynamicPads'], {
  formula: 'MACs |X| · M/group · k…; FLOPs |Y| with B',
  cost: (input) => costOf('ConvTranspose', { ...input, b: input.inputs[3] }),
  role: roles('param', 'param', 'setting', 'param'),
  kernelClass,
})

/** A depthwise convolution over the current and past positions: one filter of k… weights an element of the output. */
const causal = (input: RuleInput, biased: boolean) =>
  sum(
    { macs: elements(input.y) * elements(input.w.slice(2)), flops: biased ? elements(input.y) : 0 },
    activationCost(input.attributes.string('activation', 'none'), input.y, input),
  )

const causalFormula = 'MACs |output| · k…; FLOPs |output| with bias, SiLU’s for |output| elements'

/**
 * input, weight [C, 1, k…], bias [C], past_state: depthwise, causal along the last axis; the state is only moved.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.CausalConvWithState
 */
const causalConv = contribRule(['CausalConvWithState'], {
  formula: causalFormula,
  cost: (input) => causal(input, has(input, 2)),
  role: roles('param', 'param', 'param'),
  kernelClass: 'depthwise-conv',
})

/**
 * As CausalConvWithState, for sequences of any length packed into one: bias is input 3.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.VarlenCausalConvWithState
 */
const varlenCausalConv = contribRule(['VarlenCausalConvWithState'], {
  formula: causalFormula,
  cost: (input) => causal(input, has(input, 3)),
  role: roles('param', 'param', 'setting', 'param'),
  kernelClass: 'depthwise-conv',
})

export const contribConvolution = [fusedConv, nhwcConv, convTransposeWithDynamicPads, causalConv, varlenCausalConv]
