import { byOp, macs, perInput } from './amounts.js'
import type { Convention, Rule } from './convention.js'

/** An addition of two activations is one operation an element of each further input; a constant is a bias. */
const addition: Rule = ({ input: { inputs, y }, layer }) => ({
  own: layer.params > 0 ? 0 : (inputs.length - 1) * y.reduce((product, size) => product * size, 1),
})

/**
 * GFLOPs that give Table 2's ResNets (3.86, 7.58, 11.30, ResNeXt 4.24) are multiply-adds of convolutions and fully
 * connected layers and the residual additions, stride 2 in the first 1 x 1 as in the authors' Caffe models. With global
 * average pooling they also give three of its five networks with SE blocks (3.87, 11.32, SE-MobileNet 572 M) and come
 * within 0.01 of the other two.
 */
export const senet: Convention = {
  name: 'senet',
  title: 'Squeeze-and-Excitation Networks, Hu et al., Tables 2 and 3',
  unit: 'FLOPs',
  source: 'arXiv 1709.01507, Tables 2, 3 and 10',
  stride: '1x1',
  params: 'with-statistics',
  rules: {
    convolution: macs,
    'transposed-convolution': macs,
    'fully-connected': macs,
    'element-wise': byOp({ Add: addition, Sum: addition }),
    pooling: byOp({ GlobalAveragePool: perInput(1) }),
    reduction: byOp({ ReduceMean: perInput(1) }),
  },
}
