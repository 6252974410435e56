import { twoPerMac } from './amounts.js'
import type { Convention } from './convention.js'

/** FlopCounterMode: two for each multiply-accumulate of a convolution or matrix product, and nothing else. */
export const torch: Convention = {
  name: 'torch',
  title: 'PyTorch 2.15, FlopCounterMode',
  unit: 'FLOPs',
  source: 'https://github.com/pytorch/pytorch/blob/main/torch/utils/flop_counter.py',
  stride: null,
  params: 'trained',
  rules: {
    convolution: twoPerMac,
    'transposed-convolution': twoPerMac,
    'fully-connected': twoPerMac,
    'matrix-product': twoPerMac,
  },
}
