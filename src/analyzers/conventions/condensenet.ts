import { byOp, macs, macsAndBias, perInput, perWindow } from './amounts.js'
import type { Convention } from './convention.js'

/**
 * The authors' script: multiply-adds, an operation for each element through a ReLU, a window's elements for each average,
 * and the bias of the classifier but not of convolutions. Their classifier reads half of the features; a converted model
 * has that in its graph.
 */
export const condensenet: Convention = {
  name: 'condensenet',
  title: "CondenseNet's authors, utils.py",
  unit: 'FLOPs',
  source: 'https://github.com/ShichenLiu/CondenseNet/blob/833a91d/utils.py',
  stride: null,
  params: 'trained',
  rules: {
    convolution: macs,
    'fully-connected': macsAndBias,
    activation: byOp({ Relu: perInput(1) }),
    pooling: byOp({ AveragePool: perWindow, GlobalAveragePool: perInput(1) }),
  },
}
