import { byOp, macs, macsAndBias, perInput, perOutput } from './amounts.js'
import type { Convention } from './convention.js'

/**
 * `get_model_complexity_info` with its default engine.
 *
 * It counts modules and, since 0.7, functions of torch.nn.functional; a module that calls such a function (ReLU, PReLU,
 * ELU, GELU, pooling, Upsample) is so counted twice. Additions and multiplications written as operators it does not see.
 */
export const ptflops: Convention = {
  name: 'ptflops',
  title: 'ptflops 0.7.5, get_model_complexity_info',
  unit: 'MACs',
  source: 'https://github.com/sovrasov/flops-counter.pytorch/blob/master/ptflops/pytorch_ops.py',
  stride: null,
  params: 'trained',
  rules: {
    convolution: macsAndBias,
    'transposed-convolution': macsAndBias,
    'fully-connected': macsAndBias,
    'matrix-product': macs,
    'batch-norm': perInput(2),
    normalization: byOp({
      LayerNormalization: perInput(1),
      GroupNormalization: perInput(2),
      InstanceNormalization: perInput(2),
    }),
    softmax: byOp({ Softmax: perInput(1) }),
    activation: byOp({
      Relu: perInput(2),
      PRelu: perInput(2),
      Elu: perInput(2),
      Gelu: perInput(2),
      Clip: perInput(1),
      LeakyRelu: perInput(1),
      Swish: perInput(1),
    }),
    pooling: byOp({
      MaxPool: perInput(2),
      AveragePool: perInput(2),
      GlobalMaxPool: perInput(2),
      GlobalAveragePool: perInput(2),
    }),
    resize: byOp({ Resize: perOutput(2), Upsample: perOutput(2) }),
  },
}
