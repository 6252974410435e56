import { type Architecture, architecture, type Variant } from './architecture.js'
import type { Network, Value } from './builder.js'
import { choice, integer } from './options.js'

/** Deep Residual Learning, He et al., CVPR 2016 (arXiv 1512.03385), Table 1: blocks in conv2_x to conv5_x. */
const depths = {
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
} as const

/** Width of the 3 x 3 convolutions; a block's output is four times as wide. */
const widths = [64, 128, 256, 512] as const

const resnet = (depth: keyof typeof depths, variants: readonly Variant[]): Architecture =>
  architecture({
    name: `resnet-${depth}`,
    title: 'Deep Residual Learning for Image Recognition',
    year: 2015,
    source: 'arXiv 1512.03385',
    options: {
      // 1: stride in the first 1 x 1, as published; 1.5: in the 3 x 3, as torchvision and most others
      version: choice<'1.5' | '1'>('1.5', '1'),
      resolution: integer(224, 32, 2048),
      classes: integer(1000, 1, 100_000),
      batch: integer(1, 1, 1024),
    },
    build(net, { version, resolution, classes, batch }) {
      let x = net.input(batch, 3, resolution, resolution)
      x = net.scope('conv1', () =>
        net.maxPool(net.relu(net.batchNorm(net.conv(x, { out: 64, kernel: 7, stride: 2 }))), {
          kernel: 3,
          stride: 2,
          padding: 1,
        }),
      )
      depths[depth].forEach((blocks, stage) => {
        const width = widths[stage] as number
        for (let i = 0; i < blocks; i++) {
          const stride = i === 0 && stage > 0 ? 2 : 1
          x = net.scope(`conv${stage + 2}_${i + 1}`, () => bottleneck(net, x, { width, stride, version }))
        }
      })
      return net.scope('head', () => net.fullyConnected(net.globalAveragePool(x), classes))
    },
    variants,
  })

/** 1 x 1, 3 x 3, 1 x 1 around a shortcut, which is a projection where the shape changes (Figure 5, right; option B). */
function bottleneck(
  net: Network,
  x: Value,
  { width, stride, version }: { width: number; stride: number; version: string },
): Value {
  const [first, second] = version === '1' ? [stride, 1] : [1, stride]
  const out = 4 * width
  const reduced = net.scope('a', () => net.relu(net.batchNorm(net.conv(x, { out: width, kernel: 1, stride: first }))))
  const filtered = net.scope('b', () =>
    net.relu(net.batchNorm(net.conv(reduced, { out: width, kernel: 3, stride: second }))),
  )
  const expanded = net.scope('c', () => net.batchNorm(net.conv(filtered, { out, kernel: 1 })))
  const shortcut =
    stride === 1 && x.channels === out
      ? x
      : net.scope('shortcut', () => net.batchNorm(net.conv(x, { out, kernel: 1, stride })))
  return net.relu(net.add(expanded, shortcut))
}

const torchvision = 'pytorch/vision, weights metadata'

export const resnet50 = resnet(50, [
  {
    options: '',
    params: 25557032,
    macs: 4089184256,
    paper: { params: '25,557,032', macs: '4.089 G', source: torchvision },
  },
  {
    options: 'version=1',
    params: 25557032,
    macs: 3857973248,
    paper: { params: '25.6 M', macs: '3.86 G', top1: 75.2, top5: 92.52, source: 'SENet, arXiv 1709.01507, Table 2' },
  },
])

export const resnet101 = resnet(101, [
  {
    options: '',
    params: 44549160,
    macs: 7801405440,
    paper: { params: '44,549,160', macs: '7.801 G', source: torchvision },
  },
])

export const resnet152 = resnet(152, [
  {
    options: '',
    params: 60192808,
    macs: 11513626624,
    paper: { params: '60,192,808', macs: '11.514 G', source: torchvision },
  },
])
