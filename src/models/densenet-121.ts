import { architecture } from './architecture.js'
import type { Network, Value } from './builder.js'
import { integer } from './options.js'
import { torchvision } from './sources.js'

/** Densely Connected Convolutional Networks, Huang et al., CVPR 2017 (arXiv 1608.06993), Table 1: layers in each block. */
const blocks = [6, 12, 24, 16] as const

/** Channels that a layer adds, k. */
const growth = 32

export const densenet121 = architecture({
  name: 'densenet-121',
  title: 'Densely Connected Convolutional Networks',
  year: 2016,
  source: 'arXiv 1608.06993',
  options: {
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { resolution, classes, batch }) {
    const image = net.input(batch, 3, resolution, resolution)
    let x = net.scope('stem', () => {
      const y = net.relu(net.batchNorm(net.conv(image, { out: 2 * growth, kernel: 7, stride: 2 })))
      return net.maxPool(y, { kernel: 3, stride: 2, padding: 1 })
    })
    blocks.forEach((layers, index) => {
      if (index > 0) x = net.scope(`transition${index}`, () => transition(net, x))
      for (let i = 1; i <= layers; i++) x = net.scope(`block${index + 1}_${i}`, () => denseLayer(net, x))
    })
    return net.scope('head', () => net.fullyConnected(net.globalAveragePool(net.relu(net.batchNorm(x))), classes))
  },
  variants: [
    {
      options: '',
      params: 7978856,
      macs: 2834161664,
      paper: { params: '7,978,856', macs: '2.834 G', top1: 74.434, top5: 91.972, source: torchvision },
    },
  ],
})

/** BN, ReLU, 1 x 1 to 4k, BN, ReLU, 3 x 3 to k; the input is kept beside the result (DenseNet-B). */
function denseLayer(net: Network, x: Value): Value {
  const narrow = net.scope('a', () => net.conv(net.relu(net.batchNorm(x)), { out: 4 * growth, kernel: 1 }))
  const added = net.scope('b', () => net.conv(net.relu(net.batchNorm(narrow)), { out: growth, kernel: 3 }))
  return net.concat([x, added])
}

/** To half the channels and half the size (DenseNet-C). */
const transition = (net: Network, x: Value): Value =>
  net.averagePool(net.conv(net.relu(net.batchNorm(x)), { out: x.channels / 2, kernel: 1 }), { kernel: 2, stride: 2 })
