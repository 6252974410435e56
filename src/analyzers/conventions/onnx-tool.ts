import { elements } from '../../onnx/element-types.js'
import { biasOf, byMode, byOp, macsAndBias, perInput, perOutput, perOutputMacs, perWindow } from './amounts.js'
import type { Convention, Rule } from './convention.js'

/** Each operator that costs alike, with its rule. */
const each = (ops: string, rule: Rule): Record<string, Rule> =>
  Object.fromEntries(ops.split(' ').map((op) => [op, rule]))

/** w [C, M/group, k…]: a filter's M/group · k… for each element of the output. */
const transposed = perOutputMacs(({ input: { w } }) => elements(w.slice(1)))

/** Seven an element, and a root, a division and an addition (29) for each place along the other axes. */
const layerNormalization: Rule = ({ input: { x, attributes } }) => ({
  own: 7 * elements(x) + (29 * elements(x)) / (x.at(attributes.int('axis', -1)) ?? 1),
})

/** A power, a division, an addition and `size` multiplications an element. */
const lrn: Rule = ({ input: { y, attributes } }) => ({ own: (37 + attributes.int('size', 1)) * elements(y) })

const sum: Rule = ({ input: { inputs, y } }) => ({ own: (inputs.length - 1) * elements(y) })

const globalAverage: Rule = ({ input: { x, y } }) => ({ own: elements(x) + 4 * elements(y) })

const interpolation = byMode({ linear: perOutput(4), cubic: perOutput(8) })

/**
 * Instructions, which it calls MACs: addition, multiplication and comparison 1, division 4, root 24, exponential and power
 * 32, sine and cosine 39, logarithm 43. BatchNorm (31 an element) is not taken as folded.
 */
export const onnxTool: Convention = {
  name: 'onnx-tool',
  title: 'onnx-tool 1.0.1, model_profile',
  unit: 'MACs',
  source: 'https://github.com/ThanatosShinji/onnx-tool/blob/main/onnx_tool/node.py',
  stride: null,
  params: 'with-statistics',
  rules: {
    convolution: macsAndBias,
    'transposed-convolution': (seen) => ({ ...transposed(seen), bias: biasOf(seen) }),
    'fully-connected': macsAndBias,
    'matrix-product': macsAndBias,
    'batch-norm': perOutput(31),
    normalization: byOp({
      InstanceNormalization: perOutput(7),
      LpNormalization: perOutput(33),
      LayerNormalization: layerNormalization,
      LRN: lrn,
    }),
    softmax: byOp({ Softmax: perOutput(36), LogSoftmax: perOutput(80), Hardmax: perOutput(1) }),
    activation: byOp({
      ...each('Relu', perOutput(1)),
      ...each('LeakyRelu PRelu Clip', perOutput(2)),
      ...each('HardSigmoid', perOutput(4)),
      ...each('HardSwish', perOutput(5)),
      ...each('Sigmoid', perOutput(32)),
      ...each('Gelu', perOutput(34)),
      ...each('Elu', perOutput(35)),
      ...each('Softplus Tanh', perOutput(76)),
    }),
    pooling: byOp({ ...each('MaxPool AveragePool', perWindow), GlobalAveragePool: globalAverage }),
    'element-wise': byOp({
      ...each('Add Sub Mul Min Max Mod Neg Abs Ceil Sign Floor Round Not And Or Xor', perOutput(1)),
      ...each('Less LessOrEqual Greater GreaterOrEqual Equal', perOutput(1)),
      ...each('Div Reciprocal', perOutput(4)),
      ...each('Sqrt', perOutput(24)),
      ...each('Exp Pow', perOutput(32)),
      ...each('Sin Cos', perOutput(39)),
      ...each('Log', perOutput(43)),
      ...each('Atan', perOutput(64)),
      Sum: sum,
    }),
    reduction: byOp({
      ...each('ReduceMean ReduceSum ReduceProd ReduceMin ReduceMax CumSum', perInput(1)),
      ...each('ReduceL2', perInput(25)),
    }),
    resize: byOp({ Resize: interpolation, Upsample: interpolation }),
  },
}
