import { elements } from '../../../onnx/element-types.js'
import type { KernelClass } from '../../../types.js'
import { type RuleInput, rule } from '../rule.js'
import { fusedConvolution, fusedConvolutionFormula } from './convolution.js'
import { adopt, roles } from './parts.js'

const domain = 'com.microsoft.nchwc'

/** Filters are padded to whole blocks, but a depthwise one still sees one channel: as many groups as filters. */
function convolutionClass({ w, attributes }: RuleInput): KernelClass {
  const group = attributes.int('group', 1)
  if (group > 1) return w[1] === 1 ? 'depthwise-conv' : 'grouped-conv'
  return elements(w.slice(2)) === 1 ? 'pointwise-conv' : 'dense-conv'
}

/**
 * Conv over channels stored in blocks of 8 or 16, with a sum and an activation.
 *
 * X [N, C, D…], W [M, C/group, k…] and Y [N, M, D'…] hold C and M padded to whole blocks, except C of a convolution that
 * reads an image of fewer channels than a block. The padding is computed as well, so it is counted.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/nchwc_schema_defs.cc
 */
const conv = rule(['Conv'], {
  domain,
  formula: `${fusedConvolutionFormula}; Z is Sum, and C and M are whole blocks of channels`,
  cost: fusedConvolution,
  role: roles('param', 'param', 'param', 'operand'),
  kernelClass: convolutionClass,
})

/**
 * As the operators of ai.onnx, over whole blocks of channels.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/nchwc_schema_defs.cc
 */
const pools = [
  ...adopt(domain, ['MaxPool'], { formula: 'FLOPs |Y| · (k… − 1), C in whole blocks of channels' }),
  ...adopt(domain, ['AveragePool'], { formula: 'FLOPs |Y| · k…, C in whole blocks of channels' }),
  ...adopt(domain, ['GlobalMaxPool'], { formula: 'FLOPs |X| − |Y|, C in whole blocks of channels' }),
  ...adopt(domain, ['GlobalAveragePool'], { formula: 'FLOPs |X|, C in whole blocks of channels' }),
]

/**
 * X [N, C, D…], Y [N, C, D'…], nearest or linear.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/nchwc_schema_defs.cc
 */
const upsample = adopt(domain, ['Upsample'], {
  formula: 'FLOPs |Y| · 2 · 2^(axes that change) if linear, 0 if nearest',
})

/**
 * [N, C, D…] or [N, D…, C] to blocks of channels and back.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/nchwc_schema_defs.cc
 */
const reorder = rule(['ReorderInput', 'ReorderOutput'], {
  domain,
  formula: 'elements in another order',
  cost: 'free',
  kernelClass: 'layout',
})

export const nchwc = [conv, ...pools, ...upsample, reorder]
