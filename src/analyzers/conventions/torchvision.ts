import { macs } from './amounts.js'
import type { Convention } from './convention.js'

/**
 * `_ops` of torchvision's weights, called GFLOPS in its tables: multiply-accumulates of convolutions and matrix products.
 * Its ResNets have stride 2 in the 3 x 3.
 */
export const torchvision: Convention = {
  name: 'torchvision',
  title: 'torchvision 0.29.2, `_ops` of its weights',
  unit: 'FLOPs',
  source: 'https://github.com/pytorch/vision/pull/6936',
  stride: '3x3',
  params: 'trained',
  rules: { convolution: macs, 'transposed-convolution': macs, 'fully-connected': macs, 'matrix-product': macs },
}
