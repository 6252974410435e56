import { adaptiveAveragePool } from './adaptive-pool.js'
import { architecture } from './architecture.js'
import { flag, integer } from './options.js'
import { mobilenets, torchvision } from './sources.js'

/** Very Deep Convolutional Networks, Simonyan and Zisserman, ICLR 2015 (arXiv 1409.1556), Table 1, column D. */
const stages = [
  // channels of the 3 x 3 convolutions before each pooling
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const

export const vgg16 = architecture({
  name: 'vgg-16',
  title: 'Very Deep Convolutional Networks for Large-Scale Image Recognition',
  year: 2014,
  source: 'arXiv 1409.1556',
  options: {
    batchnorm: flag(false),
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { batchnorm, resolution, classes, batch }) {
    let x = net.input(batch, 3, resolution, resolution)
    stages.forEach((convolutions, stage) => {
      convolutions.forEach((out, index) => {
        x = net.scope(`conv${stage + 1}_${index + 1}`, () => {
          const y = net.conv(x, { out, kernel: 3, bias: true })
          return net.relu(batchnorm ? net.batchNorm(y) : y)
        })
      })
      x = net.scope(`pool${stage + 1}`, () => net.maxPool(x, { kernel: 2, stride: 2 }))
    })
    // fc6 sees 7 x 7; other images are pooled to that, as torchvision does
    x = net.scope('pool', () => adaptiveAveragePool(net, x, { from: Math.floor(resolution / 32), to: 7 }))
    x = net.scope('fc6', () => net.relu(net.fullyConnected(x, 4096, { pixels: 7 * 7 })))
    x = net.scope('fc7', () => net.relu(net.fullyConnected(x, 4096)))
    return net.scope('fc8', () => net.fullyConnected(x, classes))
  },
  variants: [
    {
      options: '',
      params: 138357544,
      macs: 15470264320,
      paper: {
        params: '138 M',
        macs: '15300 M',
        top1: 71.5,
        latency: '354 s, ARM (CondenseNet, README)',
        source: mobilenets('Table 8'),
      },
      note: "the mobile papers' 15300 M are those of the convolutions alone, 15,346,630,656",
    },
    {
      options: 'batchnorm=true',
      params: 138365992,
      macs: 15470264320,
      paper: { params: '138,365,992', macs: '15.47 G', top1: 73.36, top5: 91.516, source: torchvision },
    },
  ],
})
