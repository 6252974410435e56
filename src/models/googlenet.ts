import { architecture } from './architecture.js'
import type { Network, Value, Window } from './builder.js'
import { choice, integer } from './options.js'
import { mobilenets, torchvision } from './sources.js'

/** Going Deeper with Convolutions, Szegedy et al., CVPR 2015 (arXiv 1409.4842), Table 1. */
const modules = [
  // name, 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool proj
  ['3a', 64, 96, 128, 16, 32, 32],
  ['3b', 128, 128, 192, 32, 96, 64],
  ['4a', 192, 96, 208, 16, 48, 64],
  ['4b', 160, 112, 224, 24, 64, 64],
  ['4c', 128, 128, 256, 24, 64, 64],
  ['4d', 112, 144, 288, 32, 64, 64],
  ['4e', 256, 160, 320, 32, 128, 128],
  ['5a', 256, 160, 320, 32, 128, 128],
  ['5b', 384, 192, 384, 48, 128, 128],
] as const

type Convolution = (x: Value, out: number, kernel: Window, stride?: number) => Value

/** What the implementations differ in. */
interface Variation {
  readonly convolution: Convolution
  readonly norm: (x: Value) => Value
  /** Kernel of the "5x5" branch. */
  readonly large: number
  /** Kernel of the pooling before 5a. */
  readonly lastPool: number
}

/** Convolutions with bias, local response normalization beside the stem's poolings: the paper, and Caffe's bvlc_googlenet. */
const withBias = (net: Network): Variation => ({
  convolution: (x, out, kernel, stride = 1) => net.relu(net.conv(x, { out, kernel, stride, bias: true })),
  norm: (x) => net.lrn(x, { size: 5, alpha: 1e-4, beta: 0.75, bias: 1 }),
  large: 5,
  lastPool: 3,
})

/** BatchNorm instead of bias; 3 x 3 where the paper has 5 x 5 (pytorch/vision issue 906). */
const withBatchNorm = (net: Network): Variation => ({
  convolution: (x, out, kernel, stride = 1) => net.relu(net.batchNorm(net.conv(x, { out, kernel, stride }), 1e-3)),
  norm: (x) => x,
  large: 3,
  lastPool: 2,
})

export const googlenet = architecture({
  name: 'googlenet',
  title: 'Going Deeper with Convolutions',
  year: 2014,
  source: 'arXiv 1409.4842',
  options: {
    variant: choice<'torchvision' | 'bvlc'>('torchvision', 'bvlc'),
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { variant, resolution, classes, batch }) {
    const variation = variant === 'bvlc' ? withBias(net) : withBatchNorm(net)
    let x = stem(net, net.input(batch, 3, resolution, resolution), variation)
    for (const [name, ...channels] of modules) {
      if (name === '4a') x = pool(net, x, 'pool3', 3)
      if (name === '5a') x = pool(net, x, 'pool4', variation.lastPool)
      x = net.scope(`inception${name}`, () => inception(net, x, channels, variation))
    }
    return net.scope('head', () => net.fullyConnected(net.globalAveragePool(x), classes))
  },
  variants: [
    {
      options: '',
      params: 6624904,
      macs: 1498376192,
      paper: { params: '6,624,904', macs: '1.498 G', top1: 69.778, top5: 89.53, source: torchvision },
      note: 'exact without the two auxiliary classifiers of training; with them there are 13,004,888 params',
    },
    {
      options: 'variant=bvlc',
      params: 6998552,
      macs: 1582671872,
      paper: { params: '6.8 M', macs: '1550 M', top1: 69.8, source: mobilenets('Table 8') },
      note: "6.8 M is the sum of the params in the paper's Table 1, some of which are not those of the layers beside them (conv1's are 9.4 K, not 2.7 K); none is known that gives 1550 M",
    },
  ],
})

function stem(net: Network, image: Value, { convolution, norm }: Variation): Value {
  const x = net.scope('conv1', () => convolution(image, 64, 7, 2))
  const y = net.scope('conv2', () => convolution(norm(pool(net, x, 'pool1', 3)), 64, 1))
  const z = net.scope('conv3', () => norm(convolution(y, 192, 3)))
  return pool(net, z, 'pool2', 3)
}

const pool = (net: Network, x: Value, name: string, kernel: number): Value =>
  net.scope(name, () => net.maxPool(x, { kernel, stride: 2, ceil: true }))

/** Figure 2(b). */
function inception(
  net: Network,
  x: Value,
  [c1, c3reduce, c3, c5reduce, c5, pooled]: readonly [number, number, number, number, number, number],
  { convolution, large }: Variation,
): Value {
  const layer = (name: string, input: Value, out: number, kernel: number) =>
    net.scope(name, () => convolution(input, out, kernel))
  return net.concat([
    layer('1x1', x, c1, 1),
    layer('3x3', layer('3x3reduce', x, c3reduce, 1), c3, 3),
    layer('5x5', layer('5x5reduce', x, c5reduce, 1), c5, large),
    layer('project', net.maxPool(x, { kernel: 3, stride: 1, padding: 1 }), pooled, 1),
  ])
}
