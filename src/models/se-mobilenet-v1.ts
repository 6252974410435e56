import { architecture } from './architecture.js'
import { mobilenetV1Features, separable } from './mobilenet-v1.js'
import { flag, integer, real } from './options.js'
import { senet } from './sources.js'
import { recalibrated } from './squeeze-excitation.js'

/** Squeeze-and-Excitation Networks, Hu et al. (arXiv 1709.01507), Table 3: MobileNet with an SE block after each layer. */
export const seMobilenetV1 = architecture({
  name: 'se-mobilenet-v1',
  title: 'Squeeze-and-Excitation Networks',
  year: 2017,
  source: 'arXiv 1709.01507',
  options: {
    width: real(1, 0.05, 8),
    reduction: integer(16, 1, 1024),
    bias: flag(false),
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { width, reduction, bias, resolution, classes, batch }) {
    const image = net.input(batch, 3, resolution, resolution)
    const { last } = mobilenetV1Features(net, image, {
      width,
      depth: 'full',
      layer: (_, x, out, stride) => recalibrated(net, separable(net, x, out, stride), { reduction, bias }),
    })
    return net.scope('head', () => net.fullyConnected(net.globalAveragePool(last), classes))
  },
  variants: [
    {
      options: '',
      params: 4711720,
      macs: 569220096,
      paper: { params: '4.7 M', macs: '572 M', top1: 74.7, top5: 92.3, source: senet('Table 3') },
      note: "the paper's 572 M also count SE's pooling, 2.7 M; it does not say where SE stands, but after each depthwise convolution there would be 4.58 M params",
    },
  ],
})
