import { byMode, byOp, macs, perInput, perOutput } from './amounts.js'
import type { Convention } from './convention.js'

/** FlopCountAnalysis: a multiply-add is one flop; BatchNorm is two an element, other normalisations with an affine five. */
export const fvcore: Convention = {
  name: 'fvcore',
  title: 'fvcore 0.1.5.post20221221, FlopCountAnalysis',
  unit: 'FLOPs',
  source: 'https://github.com/facebookresearch/fvcore/blob/main/fvcore/nn/jit_handles.py',
  stride: null,
  params: 'trained',
  rules: {
    convolution: macs,
    'transposed-convolution': macs,
    'fully-connected': macs,
    'matrix-product': macs,
    'batch-norm': perInput(2),
    normalization: byOp({
      LayerNormalization: perInput(5),
      GroupNormalization: perInput(5),
      InstanceNormalization: perInput(5),
    }),
    pooling: byOp({ GlobalAveragePool: perInput(1) }),
    resize: byOp({
      Resize: byMode({ nearest: perOutput(1), linear: perOutput(4) }),
      Upsample: byMode({ nearest: perOutput(1), linear: perOutput(4) }),
      GridSample: perOutput(4),
    }),
  },
}
