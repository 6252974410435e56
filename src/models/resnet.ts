import { type Architecture, architecture, type Variant } from './architecture.js'
import { bottleneck } from './bottleneck.js'
import { choice, integer } from './options.js'
import { type Depth, residualNetwork, residualStem } from './residual-network.js'
import { senet, torchvision } from './sources.js'

/** Deep Residual Learning, He et al., CVPR 2016 (arXiv 1512.03385), Table 1: bottlenecks 64 wide, then 128, 256, 512. */
const resnet = (depth: Depth, variants: readonly Variant[]): Architecture =>
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
      const x = net.input(batch, 3, resolution, resolution)
      return residualNetwork(net, residualStem(net, x), {
        depth,
        classes,
        block: (y, { scale, stride }) => bottleneck(net, y, { width: 64 * scale, out: 256 * scale, stride, version }),
      })
    },
    variants,
  })

const additions = (macs: string) => `the paper's figure also counts the residual additions, which makes ${macs}`

export const resnet50 = resnet(50, [
  {
    options: '',
    params: 25557032,
    macs: 4089184256,
    paper: { params: '25,557,032', macs: '4.089 G', top1: 76.13, top5: 92.862, source: torchvision },
    note: "exact; Keras's ResNet50 has biases in its convolutions too: 25,583,592",
  },
  {
    options: 'version=1',
    params: 25557032,
    macs: 3857973248,
    paper: {
      params: '25.6 M',
      macs: '3.86 G',
      top1: 75.2,
      top5: 92.52,
      latency: '190 ms a training step of 256 images, 8 Titan X; 164 ms, CPU (section 4)',
      source: senet('Table 2'),
    },
  },
])

export const resnet101 = resnet(101, [
  {
    options: '',
    params: 44549160,
    macs: 7801405440,
    paper: { params: '44,549,160', macs: '7.801 G', top1: 77.374, top5: 93.546, source: torchvision },
  },
  {
    options: 'version=1',
    params: 44549160,
    macs: 7570194432,
    paper: { macs: '7.58 G', top1: 76.83, top5: 93.48, source: senet('Table 2') },
    note: additions('7.579 G'),
  },
])

export const resnet152 = resnet(152, [
  {
    options: '',
    params: 60192808,
    macs: 11513626624,
    paper: { params: '60,192,808', macs: '11.514 G', top1: 78.312, top5: 94.046, source: torchvision },
  },
  {
    options: 'version=1',
    params: 60192808,
    macs: 11282415616,
    paper: { macs: '11.30 G', top1: 77.58, top5: 93.66, source: senet('Table 2') },
    note: additions('11.296 G'),
  },
])
