import { elements } from '../../../onnx/element-types.js'
import type { OpRule } from '../rule.js'
import { activationCost } from './fused-activation.js'
import { adopt, costOf, sum } from './parts.js'
import { qLinearAveragePool, qLinearConvTranspose } from './quantized-layers.js'

const domain = 'com.ms.internal.nhwc'
const sameFormula = 'as the operator of ai.onnx, with its activation’s for |Y| elements'

/** The operators of ai.onnx that cost the same whether their channels are the second axis or the last. */
const layoutFree = [
  ...['Conv', 'ConvTranspose', 'AveragePool', 'MaxPool', 'LpPool', 'GlobalAveragePool', 'GlobalMaxPool'],
  ...['BatchNormalization', 'LRN', 'Resize', 'GridSample', 'MaxUnpool', 'DepthToSpace', 'SpaceToDepth'],
]

/** An activation may be fused into the operators that onnxruntime gives the attribute. */
function withActivation(rule: OpRule): OpRule {
  const { cost } = rule
  if (cost === 'free') return { ...rule, formula: 'elements in another order or place' }
  return {
    ...rule,
    formula: sameFormula,
    cost: (input) => sum(cost(input), activationCost(input.attributes.string('activation', ''), input.y, input)),
  }
}

/**
 * Operators of ai.onnx whose first input and first output are [N, D…, C]; weights are as in ai.onnx.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/internal_nhwc_onnx_schemas.cc
 */
const adopted = adopt(domain, layoutFree).map(withActivation)

/**
 * X [N, D…, C], standardized an instance and channel: as InstanceNormalization of [N, C, D…].
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/internal_nhwc_onnx_schemas.cc
 */
const instanceNormalization = adopt(domain, ['InstanceNormalization'], {
  formula: sameFormula,
  cost: (input) => {
    const { x, y, attributes } = input
    const channelsFirst = [x[0] ?? 1, x.at(-1) ?? 1, elements(x.slice(1, -1))]
    return sum(
      costOf('InstanceNormalization', { ...input, x: channelsFirst }),
      activationCost(attributes.string('activation', ''), y, input),
    )
  },
})

/**
 * X [N, D…, C], Y [N, 1…, C]: a channel's p-norm, as GlobalLpPool of [N, C, D…].
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/internal_nhwc_onnx_schemas.cc
 */
const globalLpPool = adopt(domain, ['GlobalLpPool'], {
  formula: 'as the operator of ai.onnx',
  cost: (input) => {
    const { x } = input
    return costOf('GlobalLpPool', { ...input, x: [x[0] ?? 1, x.at(-1) ?? 1, ...x.slice(1, -1)] })
  },
})

/**
 * Of integers, x [N, D…, C] and y [N, D'…, M]; filters are as in ai.onnx.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/internal_nhwc_onnx_schemas.cc
 */
const quantized = [
  ...adopt(domain, ['QLinearConv']),
  ...[qLinearConvTranspose, qLinearAveragePool].map((rule) => ({ ...rule, domain })),
]

export const nhwc = [...adopted, ...instanceNormalization, ...globalLpPool, ...quantized]
