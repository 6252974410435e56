import { macs } from './amounts.js'
import type { Convention } from './convention.js'

/** Ours, and that of most papers: multiply-accumulates of convolutions and matrix products, and nothing else. */
export const macsConvention: Convention = {
  name: 'macs',
  title: 'flopgap, multiply-accumulates',
  unit: 'MACs',
  source: 'docs/method.md',
  stride: null,
  params: 'trained',
  rules: {
    convolution: macs,
    'transposed-convolution': macs,
    'fully-connected': macs,
    'matrix-product': macs,
    other: macs,
  },
}
