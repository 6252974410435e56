import { macs } from './amounts.js'
import type { Convention } from './convention.js'

/** Table 1's FLOPs are multiply-adds of convolutions and the classifier, of networks with stride 2 in the first 1 x 1. */
export const he2015: Convention = {
  name: 'he-2015',
  title: 'Deep Residual Learning, He et al., Table 1',
  unit: 'FLOPs',
  source: 'arXiv 1512.03385, section 4.1 and Table 1',
  stride: '1x1',
  params: 'trained',
  rules: { convolution: macs, 'transposed-convolution': macs, 'fully-connected': macs },
}
