import { architecture } from './architecture.js'
import type { Network, Value } from './builder.js'
import { integer, real } from './options.js'

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

const paper = 'MobileNets, arXiv 1704.04861, Tables 6 and 7'

export const mobilenetV1 = architecture({
  name: 'mobilenet-v1',
  title: 'MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications',
  year: 2017,
  source: 'arXiv 1704.04861',
  options: {
    width: real(1, 0.05, 8),
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { width, resolution, classes, batch }) {
    const image = net.input(batch, 3, resolution, resolution)
    const { last } = mobilenetV1Features(net, image, width, (x, out, stride) => separable(net, x, out, stride))
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
        latency: '113 ms, Pixel 1 (MobileNetV2, Table 4)',
        source: paper,
      },
    },
    {
      options: 'resolution=192',
      params: 4231976,
      macs: 418121728,
      paper: { params: '4.2 M', macs: '418 M', top1: 69.1, source: paper },
    },
    {
      options: 'resolution=160',
      params: 4231976,
      macs: 290675200,
      paper: { params: '4.2 M', macs: '290 M', top1: 67.2, source: paper },
    },
    {
      options: 'resolution=128',
      params: 4231976,
      macs: 186400768,
      paper: { params: '4.2 M', macs: '186 M', top1: 64.4, source: paper },
    },
    {
      options: 'width=0.75',
      params: 2585560,
      macs: 325400448,
      paper: { params: '2.6 M', macs: '325 M', top1: 68.4, source: paper },
    },
    { options: 'width=0.75,resolution=160', params: 2585560, macs: 166396800 },
    {
      options: 'width=0.5',
      params: 1331592,
      macs: 149497088,
      paper: { params: '1.3 M', macs: '149 M', top1: 63.7, source: paper },
    },
    {
      options: 'width=0.5,resolution=160',
      params: 1331592,
      macs: 76524800,
      paper: { params: '1.32 M', macs: '76 M', top1: 60.2, source: 'MobileNets, arXiv 1704.04861, Table 9' },
    },
    {
      options: 'width=0.25',
      params: 470072,
      macs: 41030272,
      paper: { params: '0.5 M', macs: '41 M', top1: 50.6, source: paper },
    },
    { options: 'width=0.25,resolution=192', params: 470072, macs: 30212608 },
  ],
})

/** The network up to its last feature map, and the map that leaves each layer. */
export function mobilenetV1Features(
  net: Network,
  image: Value,
  width: number,
  layer: (x: Value, out: number, stride: number) => Value,
): { last: Value; maps: readonly Value[] } {
  const scaled = (channels: number) => Math.max(1, Math.trunc(channels * width))
  const maps: Value[] = []
  let x = net.scope('stem', () => convolution(net, image, scaled(32)))
  layers.forEach(([c, s], index) => {
    x = net.scope(`layer${index + 1}`, () => layer(x, scaled(c), s))
    maps.push(x)
  })
  return { last: x, maps }
}

const convolution = (net: Network, x: Value, out: number) =>
  net.relu(net.batchNorm(net.conv(x, { out, kernel: 3, stride: 2 })))

/** Depthwise 3 x 3, then pointwise, each with BatchNorm and ReLU (Figure 3). */
export function separable(net: Network, x: Value, out: number, stride: number): Value {
  const filtered = net.scope('depthwise', () => net.relu(net.batchNorm(net.depthwise(x, { kernel: 3, stride }))))
  return net.scope('pointwise', () => net.relu(net.batchNorm(net.conv(filtered, { out, kernel: 1 }))))
}
