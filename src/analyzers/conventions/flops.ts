import { biasOf } from './amounts.js'
import type { Convention, Rule } from './convention.js'

/** Twice the multiply-accumulates and every other operation of the operator's definition. */
const every: Rule = (seen) => {
  const { macs, flops } = seen.layer
  const bias = biasOf(seen)
  return { macs: macs ?? 0, doubled: macs ?? 0, bias, own: (flops ?? 0) - 2 * (macs ?? 0) - bias }
}

export const flops: Convention = {
  name: 'flops',
  title: 'flopgap, FLOPs',
  unit: 'FLOPs',
  source: 'docs/method.md',
  stride: null,
  params: 'trained',
  rules: {
    convolution: every,
    'transposed-convolution': every,
    'fully-connected': every,
    'matrix-product': every,
    'batch-norm': every,
    normalization: every,
    softmax: every,
    activation: every,
    pooling: every,
    'element-wise': every,
    reduction: every,
    resize: every,
    'data-movement': every,
    other: every,
  },
}
