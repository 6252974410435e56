import { adaptiveAveragePool } from './adaptive-pool.js'
import { architecture } from './architecture.js'
import { type Network, Unbuildable, type Value } from './builder.js'
import { choice, integer, unlessGiven } from './options.js'
import { mobilenets, torchvision } from './sources.js'

interface Layer {
  readonly c: number
  readonly k: number
  readonly s: number
  readonly p: number
  readonly groups: number
  /** What follows the ReLU. */
  readonly after: readonly ('norm' | 'pool')[]
}

/** One weird trick, Krizhevsky, 2014 (arXiv 1404.5997), as torchvision builds it: one tower, no normalization. */
const oneTower: readonly Layer[] = [
  { c: 64, k: 11, s: 4, p: 2, groups: 1, after: ['pool'] },
  { c: 192, k: 5, s: 1, p: 2, groups: 1, after: ['pool'] },
  { c: 384, k: 3, s: 1, p: 1, groups: 1, after: [] },
  { c: 256, k: 3, s: 1, p: 1, groups: 1, after: [] },
  { c: 256, k: 3, s: 1, p: 1, groups: 1, after: ['pool'] },
]

/** ImageNet Classification, Krizhevsky et al., NIPS 2012, section 3 and Figure 2, as Caffe's bvlc_alexnet has it. */
const twoTowers: readonly Layer[] = [
  { c: 96, k: 11, s: 4, p: 0, groups: 1, after: ['norm', 'pool'] },
  { c: 256, k: 5, s: 1, p: 2, groups: 2, after: ['norm', 'pool'] },
  { c: 384, k: 3, s: 1, p: 1, groups: 1, after: [] },
  { c: 384, k: 3, s: 1, p: 1, groups: 2, after: [] },
  { c: 256, k: 3, s: 1, p: 1, groups: 2, after: ['pool'] },
]

const networks = {
  torchvision: { layers: oneTower, resolution: 224, ceil: false },
  caffe: { layers: twoTowers, resolution: 227, ceil: true },
} as const

/** fc6 sees 6 x 6. */
const mapSize = 6

export const alexnet = architecture({
  name: 'alexnet',
  title: 'ImageNet Classification with Deep Convolutional Neural Networks',
  year: 2012,
  source: 'NIPS 2012; variant=torchvision: arXiv 1404.5997',
  options: {
    variant: choice<'torchvision' | 'caffe'>('torchvision', 'caffe'),
    resolution: unlessGiven('variant', integer(224, 63, 2048)),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { variant, classes, batch, ...given }) {
    const { layers, ceil, ...standard } = networks[variant]
    const resolution = given.resolution === 'variant' ? standard.resolution : given.resolution
    let x = net.input(batch, 3, resolution, resolution)
    let size = resolution
    for (const [index, layer] of layers.entries()) {
      x = net.scope(`conv${index + 1}`, () => convolution(net, x, layer, ceil))
      size = sizeAfter(size, layer, ceil)
    }
    if (variant === 'torchvision') {
      x = net.scope('pool', () => adaptiveAveragePool(net, x, { from: size, to: mapSize }))
    } else if (size !== mapSize) {
      throw new Unbuildable(`fc6 would see ${size} x ${size} pixels, where variant=caffe has ${mapSize} x ${mapSize}`)
    }
    x = net.scope('fc6', () => net.relu(net.fullyConnected(x, 4096, { pixels: mapSize ** 2 })))
    x = net.scope('fc7', () => net.relu(net.fullyConnected(x, 4096)))
    return net.scope('fc8', () => net.fullyConnected(x, classes))
  },
  variants: [
    {
      options: '',
      params: 61100840,
      macs: 714188480,
      paper: { params: '61,100,840', macs: '0.714 G', top1: 56.522, top5: 79.066, source: torchvision },
    },
    {
      options: 'variant=caffe',
      params: 60965224,
      macs: 724406816,
      paper: {
        params: '60 M',
        macs: '720 M',
        top1: 57.2,
        latency:
          '184.0, 1156.7, 3633.9 ms at 224x224, 480x640, 720x1280, Snapdragon 820, one thread (ShuffleNet, Table 8)',
        source: mobilenets('Table 9'),
      },
      note: "the mobile papers' 720 M are those of an image of 224 pixels, 720.6 M; their 60 M are cut off, not rounded",
    },
    { options: 'variant=caffe,resolution=224', params: 60965224, macs: 720608384 },
  ],
})

function convolution(net: Network, x: Value, { c, k, s, p, groups, after }: Layer, ceil: boolean): Value {
  let y = net.relu(net.conv(x, { out: c, kernel: k, stride: s, padding: p, groups, bias: true }))
  if (after.includes('norm')) y = net.lrn(y, { size: 5, alpha: 1e-4, beta: 0.75, bias: 1 })
  return after.includes('pool') ? net.maxPool(y, { kernel: 3, stride: 2, ceil }) : y
}

/** Height and width of the map that leaves a layer. */
function sizeAfter(size: number, { k, s, p, after }: Layer, ceil: boolean): number {
  const convolved = Math.floor((size + 2 * p - k) / s) + 1
  if (!after.includes('pool')) return convolved
  return (ceil ? Math.ceil : Math.floor)((convolved - 3) / 2) + 1
}
