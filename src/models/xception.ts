import { architecture } from './architecture.js'
import type { Network, Value } from './builder.js'
import { integer } from './options.js'

/** Xception, Chollet, CVPR 2017 (arXiv 1610.02357), Figure 5: channels of the separable convolutions of each block. */
const flows = {
  // each block halves the resolution
  entry: [
    [128, 128],
    [256, 256],
    [728, 728],
  ],
  // 8 blocks at one resolution
  middle: Array(8).fill([728, 728, 728]),
  // halves the resolution, and goes on without a shortcut
  exit: [[728, 1024]],
  end: [1536, 2048],
} as const

export const xception = architecture({
  name: 'xception',
  title: 'Xception: Deep Learning with Depthwise Separable Convolutions',
  year: 2016,
  source: 'arXiv 1610.02357',
  options: {
    resolution: integer(299, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { resolution, classes, batch }) {
    let x = net.input(batch, 3, resolution, resolution)
    x = net.scope('stem1', () => net.relu(net.batchNorm(net.conv(x, { out: 32, kernel: 3, stride: 2, padding: 0 }))))
    x = net.scope('stem2', () => net.relu(net.batchNorm(net.conv(x, { out: 64, kernel: 3, padding: 0 }))))
    flows.entry.forEach((channels, index) => {
      x = net.scope(`entry${index + 1}`, () => reducing(net, x, { channels, activated: index === 0 }))
    })
    flows.middle.forEach((channels, index) => {
      x = net.scope(`middle${index + 1}`, () => net.add(separables(net, x, { channels, activated: false }), x))
    })
    flows.exit.forEach((channels, index) => {
      x = net.scope(`exit${index + 1}`, () => reducing(net, x, { channels, activated: false }))
    })
    flows.end.forEach((out, index) => {
      x = net.scope(`end${index + 1}`, () => net.relu(separable(net, x, out)))
    })
    return net.scope('head', () => net.fullyConnected(net.globalAveragePool(x), classes))
  },
  variants: [
    {
      options: '',
      params: 22855952,
      macs: 8357403496,
      paper: {
        params: '22,855,952',
        top1: 79,
        top5: 94.5,
        latency: '28 training steps/s, 60 NVIDIA K80 (Table 3; Inception V3: 31)',
        source: 'Xception, arXiv 1610.02357, Tables 1 and 3',
      },
      note: 'exact; the 23,626,728 that Table 3 gives Inception V3 beside it are those of no public Inception V3, and unexplained',
    },
  ],
})

interface BlockOptions {
  readonly channels: readonly number[]
  /** True where the input comes from a ReLU, so that the first separable convolution needs none. */
  readonly activated: boolean
}

/** Separable convolutions and a max pool, beside a strided 1 x 1 convolution. */
function reducing(net: Network, x: Value, { channels, activated }: BlockOptions): Value {
  const filtered = separables(net, x, { channels, activated })
  const pooled = net.maxPool(filtered, { kernel: 3, stride: 2, padding: 1 })
  const shortcut = net.scope('shortcut', () =>
    net.batchNorm(net.conv(x, { out: filtered.channels, kernel: 1, stride: 2 })),
  )
  return net.add(pooled, shortcut)
}

/** ReLU before each separable convolution. */
function separables(net: Network, x: Value, { channels, activated }: BlockOptions): Value {
  let y = x
  channels.forEach((out, index) => {
    y = net.scope(`separable${index + 1}`, () => separable(net, index === 0 && activated ? y : net.relu(y), out))
  })
  return y
}

/** Depthwise 3 x 3, then pointwise, with nothing in between (section 4.7); BatchNorm after. */
function separable(net: Network, x: Value, out: number): Value {
  const filtered = net.scope('depthwise', () => net.depthwise(x, { kernel: 3 }))
  return net.scope('pointwise', () => net.batchNorm(net.conv(filtered, { out, kernel: 1 })))
}
