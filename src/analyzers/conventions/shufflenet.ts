import { macs } from './amounts.js'
import type { Convention } from './convention.js'

/** The complexities of Table 1 (143 to 133 M) are those of convolutions alone; Table 5's count the classifier too. */
export const shufflenet: Convention = {
  name: 'shufflenet',
  title: 'ShuffleNet, Zhang et al., Table 1',
  unit: 'FLOPs',
  source: 'arXiv 1707.01083, section 3.2 and Table 1',
  stride: null,
  params: 'trained',
  rules: { convolution: macs, 'transposed-convolution': macs },
}
