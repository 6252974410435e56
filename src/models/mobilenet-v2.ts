import { architecture } from './architecture.js'
import type { Network, Value } from './builder.js'
import { integer, real } from './options.js'

/** MobileNetV2, Sandler et al., CVPR 2018 (arXiv 1801.04381), Table 2. */
const stages = [
  // t, c, n, s
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const

const paper = 'MobileNetV2, arXiv 1801.04381, Table 4'
const pixel1 = (ms: number) => ({
  latency: `${ms} ms, Pixel 1`,
  source: "tensorflow/models, research/slim/nets/mobilenet/README.md (the authors' checkpoints)",
})

export const mobilenetV2 = architecture({
  name: 'mobilenet-v2',
  title: 'MobileNetV2: Inverted Residuals and Linear Bottlenecks',
  year: 2018,
  source: 'arXiv 1801.04381',
  options: {
    width: real(1, 0.05, 8),
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { width, resolution, classes, batch }) {
    const image = net.input(batch, 3, resolution, resolution)
    const { last } = mobilenetV2Features(net, image, width)
    return net.scope('head', () => net.fullyConnected(net.globalAveragePool(last), classes))
  },
  variants: [
    {
      options: 'width=1.4',
      params: 6108776,
      macs: 582195824,
      paper: { params: '6.9 M', macs: '585 M', top1: 74.7, latency: '143 ms, Pixel 1', source: paper },
      note: "the paper's 6.9 M and 585 M are not those of the network its authors released; no convention explains them",
    },
    {
      options: '',
      params: 3504872,
      macs: 300774272,
      paper: { params: '3.4 M', macs: '300 M', top1: 72, latency: '75 ms, Pixel 1', source: paper },
      note: "the paper's 3.4 M leaves out BatchNorm's scale and shift (3.47 M)",
    },
    { options: 'resolution=192', params: 3504872, macs: 221316608, paper: { top1: 70.7, top5: 90.1, ...pixel1(55.1) } },
    { options: 'resolution=160', params: 3504872, macs: 154083200, paper: { top1: 68.8, top5: 89, ...pixel1(40.2) } },
    { options: 'resolution=96', params: 3504872, macs: 56289152, paper: { top1: 60.3, top5: 83.2, ...pixel1(17.6) } },
    { options: 'width=0.75', params: 2636424, macs: 209069792, paper: { top1: 69.8, top5: 89.6, ...pixel1(55.8) } },
    {
      options: 'width=0.75,resolution=192',
      params: 2636424,
      macs: 153941888,
      paper: { top1: 68.7, top5: 88.9, ...pixel1(41.6) },
    },
    {
      options: 'width=0.75,resolution=128',
      params: 2636424,
      macs: 69129728,
      paper: { top1: 63.2, top5: 85.3, ...pixel1(21.9) },
    },
    { options: 'width=0.5', params: 1968680, macs: 97131840, paper: { top1: 65.4, top5: 86.4, ...pixel1(28.7) } },
    {
      options: 'width=0.5,resolution=160',
      params: 1968680,
      macs: 50184000,
      paper: { top1: 61, top5: 83.2, ...pixel1(14.9) },
    },
    {
      options: 'width=0.5,resolution=128',
      params: 1968680,
      macs: 32578560,
      paper: { top1: 57.7, top5: 80.8, ...pixel1(9.9) },
    },
    { options: 'width=0.35', params: 1677128, macs: 59285808, paper: { top1: 60.3, top5: 82.9, ...pixel1(19.7) } },
    {
      options: 'width=0.35,resolution=192',
      params: 1677128,
      macs: 43896512,
      paper: { top1: 58.2, top5: 81.2, ...pixel1(14.6) },
    },
    {
      options: 'width=0.35,resolution=128',
      params: 1677128,
      macs: 20220672,
      paper: { top1: 50.8, top5: 75, ...pixel1(6.9) },
    },
  ],
})

/** The network up to its last feature map, and the expanded tensor inside each block. */
export function mobilenetV2Features(
  net: Network,
  image: Value,
  width: number,
): { last: Value; expanded: readonly Value[] } {
  const expanded: Value[] = []
  let x = net.scope('stem', () =>
    net.relu6(net.batchNorm(net.conv(image, { out: divisible(32 * width), kernel: 3, stride: 2 }))),
  )
  for (const [t, c, n, s] of stages) {
    for (let i = 0; i < n; i++) {
      const block = { expansion: t, out: divisible(c * width), stride: i === 0 ? s : 1 }
      const inside = net.scope(`block${expanded.length + 1}`, () => invertedResidual(net, x, block))
      expanded.push(inside.expanded)
      x = inside.out
    }
  }
  const last = net.scope('head', () =>
    net.relu6(net.batchNorm(net.conv(x, { out: divisible(1280 * Math.max(1, width)), kernel: 1 }))),
  )
  return { last, expanded }
}

/** Expand by t, filter depthwise, project linearly; add the input where shape allows (Table 1 and Figure 4d). */
function invertedResidual(
  net: Network,
  x: Value,
  { expansion, out, stride }: { expansion: number; out: number; stride: number },
): { out: Value; expanded: Value } {
  const expanded =
    expansion === 1
      ? x
      : net.scope('expand', () => {
          const wide = net.conv(x, { out: x.channels * expansion, kernel: 1 })
          return net.relu6(net.batchNorm(wide))
        })
  const filtered = net.scope('depthwise', () =>
    net.relu6(net.batchNorm(net.depthwise(expanded, { kernel: 3, stride }))),
  )
  const projected = net.scope('project', () => net.batchNorm(net.conv(filtered, { out, kernel: 1 })))
  return { out: stride === 1 && out === x.channels ? net.add(x, projected) : projected, expanded }
}

/**
 * The nearest multiple of 8, at least 8 and never more than a tenth below.
 * @see tensorflow/models, research/slim/nets/mobilenet/conv_blocks.py, `_make_divisible`
 */
function divisible(channels: number): number {
  const rounded = Math.max(8, Math.trunc((channels + 4) / 8) * 8)
  return rounded < 0.9 * channels ? rounded + 8 : rounded
}
