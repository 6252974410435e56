import { architecture } from './architecture.js'
import { bottleneck } from './bottleneck.js'
import type { Network, Value } from './builder.js'
import { flag, integer } from './options.js'
import { residualNetwork } from './residual-network.js'

/**
 * Squeeze-and-Excitation Networks, Hu et al. (arXiv 1709.01507), appendix: SE-ResNeXt-152 of 64 groups whose first
 * 1 x 1 is halved, whose stem is three 3 x 3 convolutions and whose projections with stride are 3 x 3.
 */
export const senet154 = architecture({
  name: 'senet-154',
  title: 'Squeeze-and-Excitation Networks',
  year: 2017,
  source: 'arXiv 1709.01507',
  options: {
    reduction: integer(16, 1, 1024),
    bias: flag(true),
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { reduction, bias, resolution, classes, batch }) {
    return residualNetwork(net, stem(net, net.input(batch, 3, resolution, resolution)), {
      depth: 152,
      classes,
      block: (x, { number, scale, stride }) =>
        bottleneck(net, x, {
          entry: 128 * scale,
          width: 256 * scale,
          out: 256 * scale,
          stride,
          version: '1.5',
          groups: 64,
          projection: number === 2 ? 1 : 3,
          se: { placement: 'standard', reduction, bias },
        }),
    })
  },
  variants: [
    {
      options: '',
      params: 115088984,
      macs: 20688363520,
      paper: {
        params: '115,088,984',
        top1: 81.32,
        top5: 95.53,
        source: "hujie-frank/SENet, README and SENet-154.prototxt (the authors' network)",
      },
    },
  ],
})

function stem(net: Network, image: Value): Value {
  const layers = [
    // c, s
    [64, 2],
    [64, 1],
    [128, 1],
  ] as const
  let x = image
  layers.forEach(([c, s], index) => {
    x = net.scope(`conv1_${index + 1}`, () => net.relu(net.batchNorm(net.conv(x, { out: c, kernel: 3, stride: s }))))
  })
  return net.scope('conv1', () => net.maxPool(x, { kernel: 3, stride: 2, ceil: true }))
}
