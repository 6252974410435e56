import { macs } from './amounts.js'
import type { Convention } from './convention.js'

/**
 * Mult-Adds of convolutions and the classifier; MobileNetV2 counts the same.
 *
 * Table 2's share of each kind of layer in the params (74.59, 1.06, 0.02, 24.33 %) is that of weights without biases and
 * BatchNorm. The 4866 M of Table 4's network without depthwise convolutions leave the classifier out.
 */
export const mobilenet: Convention = {
  name: 'mobilenet',
  title: 'MobileNets, Howard et al., Tables 2 and 4 to 9',
  unit: 'mult-adds',
  source: 'arXiv 1704.04861, section 3.1 and Table 2',
  stride: null,
  params: 'weights',
  rules: { convolution: macs, 'transposed-convolution': macs, 'fully-connected': macs },
}
