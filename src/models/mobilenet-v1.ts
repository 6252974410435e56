import { architecture } from './architecture.js'
import type { Network, Value } from './builder.js'
import { choice, integer, real } from './options.js'

/** MobileNets, Howard et al., 2017 (arXiv 1704.04861), Table 1: output channels and stride of each separable layer. */
const layers = [
  // c, s
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1], // the table says stride 2, but its next row is still 7 x 7
] as const

const table = (numbers: string) => `MobileNets, arXiv 1704.04861, ${numbers}`
const slim = "tensorflow/models, research/slim/nets/mobilenet_v1.md (the authors' checkpoints)"
const v2Speeds = (gpu: number, arm: number) =>
  `${gpu} batch/s, GTX 1080 Ti; ${arm} img/s, Snapdragon 810 (ShuffleNet V2, Table 8)`

const slimDiffers = (macs: string) =>
  `the README of the authors' checkpoints says ${macs}, which no known convention gives`

export const mobilenetV1 = architecture({
  name: 'mobilenet-v1',
  title: 'MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications',
  year: 2017,
  source: 'arXiv 1704.04861',
  options: {
    width: real(1, 0.05, 8),
    convolution: choice<'separable' | 'full'>('separable', 'full'), // full: Table 4's "Conv MobileNet"
    depth: choice<'full' | 'shallow'>('full', 'shallow'), // shallow: Table 5, without the five equal layers
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { width, convolution, depth, resolution, classes, batch }) {
    const image = net.input(batch, 3, resolution, resolution)
    const layer = convolution === 'full' ? full : separable
    const { last } = mobilenetV1Features(net, image, { width, layer, depth })
    return net.scope('head', () => net.fullyConnected(net.globalAveragePool(last), classes))
  },
  variants: [
    {
      options: '',
      params: 4231976,
      macs: 568740352,
      paper: {
        params: '4.2 M',
        macs: '569 M',
        top1: 70.6,
        latency: [
          '113 ms, Pixel 1 (MobileNetV2, Table 4)',
          '110.0, 612.0, 1879.2 ms at 224x224, 480x640, 720x1280, Snapdragon 820, one thread (ShuffleNet, Table 8)',
          v2Speeds(247, 6.5),
          '1.96 s, ARM (CondenseNet, README)',
        ].join('; '),
        source: table('Tables 6 and 7'),
      },
      note: "exact; in Table 1 the last depthwise row's stride 2 must be 1, and in Table 2 the 3 x 3 convolution's 1.19 % must be 1.91 %",
    },
    {
      options: 'resolution=192',
      params: 4231976,
      macs: 418121728,
      paper: { params: '4.2 M', macs: '418 M', top1: 69.1, source: table('Table 7') },
    },
    {
      options: 'resolution=160',
      params: 4231976,
      macs: 290675200,
      paper: { params: '4.2 M', macs: '290 M', top1: 67.2, source: table('Table 7') },
      note: '290.7 M, cut off by the paper',
    },
    {
      options: 'resolution=128',
      params: 4231976,
      macs: 186400768,
      paper: { params: '4.2 M', macs: '186 M', top1: 64.4, source: table('Table 7') },
    },
    {
      options: 'width=0.75',
      params: 2585560,
      macs: 325400448,
      paper: { params: '2.6 M', macs: '325 M', top1: 68.4, latency: v2Speeds(314, 10.6), source: table('Table 6') },
      note: slimDiffers('317 M'),
    },
    {
      options: 'width=0.75,resolution=160',
      params: 2585560,
      macs: 166396800,
      paper: { params: '2.59 M', macs: '162 M', top1: 65.3, top5: 86, source: slim },
      note: slimDiffers('162 M'),
    },
    {
      options: 'width=0.5',
      params: 1331592,
      macs: 149497088,
      paper: { params: '1.3 M', macs: '149 M', top1: 63.7, latency: v2Speeds(382, 16.5), source: table('Table 6') },
    },
    {
      options: 'width=0.5,resolution=160',
      params: 1331592,
      macs: 76524800,
      paper: { params: '1.32 M', macs: '76 M', top1: 60.2, source: table('Table 9') },
      note: "the paper's 1.32 M leave out BatchNorm, 1,320,648; its 76 M are cut off, not rounded",
    },
    {
      options: 'width=0.25',
      params: 470072,
      macs: 41030272,
      paper: { params: '0.5 M', macs: '41 M', top1: 50.6, latency: v2Speeds(502, 36.4), source: table('Table 6') },
    },
    {
      options: 'width=0.25,resolution=192',
      params: 470072,
      macs: 30212608,
      paper: { params: '0.47 M', macs: '34 M', top1: 47.7, top5: 72.3, source: slim },
      note: slimDiffers('34 M'),
    },
    {
      options: 'convolution=full',
      params: 29294088,
      macs: 4867293184,
      paper: { params: '29.3 M', macs: '4866 M', top1: 71.7, source: table('Table 4') },
      note: "the paper's 4866 M are those of the convolutions alone, 4,866,269,184",
    },
    {
      options: 'depth=shallow',
      params: 2887976,
      macs: 307323392,
      paper: { params: '2.9 M', macs: '307 M', top1: 65.3, source: table('Table 5') },
    },
  ],
})

interface Form {
  readonly width: number
  /** What stands in the place of each separable layer. */
  readonly layer: (net: Network, x: Value, out: number, stride: number) => Value
  readonly depth: 'full' | 'shallow'
}

/** The network up to its last feature map, and the map that leaves each layer. */
export function mobilenetV1Features(
  net: Network,
  image: Value,
  { width, layer, depth }: Form,
): { last: Value; maps: readonly Value[] } {
  const scaled = (channels: number) => Math.max(1, Math.trunc(channels * width))
  const maps: Value[] = []
  let x = net.scope('stem', () => full(net, image, scaled(32), 2))
  layers.forEach(([c, s], index) => {
    if (depth === 'shallow' && c === 512 && s === 1) return
    x = net.scope(`layer${index + 1}`, () => layer(net, x, scaled(c), s))
    maps.push(x)
  })
  return { last: x, maps }
}

const full = (net: Network, x: Value, out: number, stride: number): Value =>
  net.relu(net.batchNorm(net.conv(x, { out, kernel: 3, stride })))

/** Depthwise 3 x 3, then pointwise, each with BatchNorm and ReLU (Figure 3). */
export function separable(net: Network, x: Value, out: number, stride: number): Value {
  const filtered = net.scope('depthwise', () => net.relu(net.batchNorm(net.depthwise(x, { kernel: 3, stride }))))
  return net.scope('pointwise', () => net.relu(net.batchNorm(net.conv(filtered, { out, kernel: 1 }))))
}
