import { elements } from '../../onnx/element-types.js'
import { byMode, byOp, macs, perInput, perOutput, perOutputMacs } from './amounts.js'
import type { Convention, Rule } from './convention.js'

/** x [N, C, D…]: C / group · k… for each element of the output, which is stride² times what a transposed one does. */
const perOutputFilter = perOutputMacs(({ input: { x, w, attributes } }) => {
  return ((x[1] ?? 0) / attributes.int('group', 1)) * elements(w.slice(2))
})

/** n exponentials, n − 1 additions and n divisions along an axis of n. */
const softmax: Rule = ({ input: { x, attributes } }) => ({
  own: 3 * elements(x) - elements(x) / (x.at(attributes.int('axis', -1)) ?? 1),
})

/** A sum of the window and a division for each element of the output. */
const adaptivePool: Rule = ({ input: { x, y } }) => ({ own: elements(x) + elements(y) })

const interpolation = byMode({ nearest: perOutput(1), linear: perOutput(11), cubic: perOutput(259) })

/** `profile`: BatchNorm is four an element (two, doubled for its affine); biases and ReLU are nothing. */
export const thop: Convention = {
  name: 'thop',
  title: 'thop 0.1.1.post2209072238, profile',
  unit: 'MACs',
  source: 'https://github.com/Lyken17/pytorch-OpCounter/blob/43c064a/thop/vision/basic_hooks.py',
  stride: null,
  params: 'trained',
  rules: {
    convolution: macs,
    'transposed-convolution': perOutputFilter,
    'fully-connected': macs,
    'batch-norm': perInput(4),
    normalization: byOp({ LayerNormalization: perInput(4), InstanceNormalization: perInput(4) }),
    softmax: byOp({ Softmax: softmax }),
    activation: byOp({ PRelu: perInput(1) }),
    pooling: byOp({ AveragePool: perOutput(1), GlobalAveragePool: adaptivePool }),
    resize: byOp({ Resize: interpolation, Upsample: interpolation }),
  },
}
