import { type Architecture, architecture, type Variant } from './architecture.js'
import { bottleneck, type Placement } from './bottleneck.js'
import { choice, flag, integer, numbers, numbersIn } from './options.js'
import { type Depth, residualNetwork, residualStem } from './residual-network.js'
import { senet } from './sources.js'

/** What can be varied of the SE blocks in a residual network (SENet, section 6). */
export const seOptions = {
  reduction: integer(16, 1, 1024),
  placement: choice<Placement>('standard', 'pre', 'post', 'identity', '3x3'),
  // which of conv2_x to conv5_x have SE blocks
  stages: numbers('2-5', 2, 5),
  bias: flag(true),
}

/** Squeeze-and-Excitation Networks, Hu et al., CVPR 2018 (arXiv 1709.01507), Table 1: ResNet with an SE block in each. */
const seResnet = (depth: Depth, variants: readonly Variant[]): Architecture =>
  architecture({
    name: `se-resnet-${depth}`,
    title: 'Squeeze-and-Excitation Networks',
    year: 2017,
    source: 'arXiv 1709.01507',
    options: {
      ...seOptions,
      // 1: stride in the first 1 x 1 and Caffe's pooling, as the authors have it; 1.5: as torchvision's ResNet
      version: choice<'1' | '1.5'>('1', '1.5'),
      resolution: integer(224, 32, 2048),
      classes: integer(1000, 1, 100_000),
      batch: integer(1, 1, 1024),
    },
    build(net, { reduction, placement, stages, bias, version, resolution, classes, batch }) {
      const x = net.input(batch, 3, resolution, resolution)
      const withSe = numbersIn(stages)
      return residualNetwork(net, residualStem(net, x, version === '1' ? 'ceil' : 'padded'), {
        depth,
        classes,
        block: (y, { number, scale, stride }) =>
          bottleneck(net, y, {
            width: 64 * scale,
            out: 256 * scale,
            stride,
            version,
            se: withSe.includes(number) ? { reduction, placement, bias } : undefined,
          }),
      })
    },
    variants,
  })

/** The tables of section 6: their params count BatchNorm's running mean and variance too. */
const withStatistics = (params: string) =>
  `the paper's params also count BatchNorm's running mean and variance, which makes ${params}`

export const seResnet50 = seResnet(50, [
  {
    options: '',
    params: 28088024,
    macs: 3860488192,
    paper: {
      macs: '3.87 G',
      top1: 76.71,
      top5: 93.38,
      latency: '209 ms a training step of 256 images, 8 Titan X; 167 ms, CPU (section 4)',
      source: senet('Table 2'),
    },
    note: "the paper's figure also counts the residual additions and SE's pooling, which makes 3.872 G",
  },
  { options: 'version=1.5', params: 28088024, macs: 4091699200, note: "this is timm's seresnet50" },
  {
    options: 'bias=false',
    params: 28071976,
    macs: 3860488192,
    paper: { params: '28.1 M', macs: '3.87 G', top1: 77.72, top5: 93.97, source: senet('Tables 10, 13, 14 and 15') },
    note: withStatistics('28.125 M'),
  },
  {
    options: 'reduction=2,bias=false',
    params: 45676584,
    macs: 3878092800,
    paper: { params: '45.7 M', top1: 77.71, top5: 94, source: senet('Table 10') },
    note: withStatistics('45.730 M'),
  },
  {
    options: 'reduction=4,bias=false',
    params: 35616808,
    macs: 3868033024,
    paper: { params: '35.7 M', top1: 77.75, top5: 93.91, source: senet('Table 10') },
    note: withStatistics('35.670 M'),
  },
  {
    options: 'reduction=8,bias=false',
    params: 30586920,
    macs: 3863003136,
    paper: { params: '30.7 M', top1: 77.74, top5: 94.01, source: senet('Table 10') },
    note: "with BatchNorm's running mean and variance, which explain the other rows, it is 30.640 M; none is known that gives 30.7 M",
  },
  {
    options: 'reduction=32,bias=false',
    params: 26814504,
    macs: 3859230720,
    paper: { params: '26.9 M', top1: 77.28, top5: 93.8, source: senet('Table 10') },
    note: withStatistics('26.868 M'),
  },
  {
    options: 'placement=pre,bias=false',
    params: 27548200,
    macs: 3859964416,
    paper: { top1: 77.77, top5: 94, source: senet('Table 14') },
  },
  {
    options: 'placement=post,bias=false',
    params: 28071976,
    macs: 3860488192,
    paper: { top1: 77.22, top5: 93.65, source: senet('Table 14') },
  },
  {
    options: 'placement=identity,bias=false',
    params: 28071976,
    macs: 3860488192,
    paper: { top1: 77.8, top5: 93.85, source: senet('Table 14') },
    note: 'the paper does not say on which side of a projection SE stands; here it is after it, before it there would be as many params as with placement=pre',
  },
  {
    options: 'placement=3x3,bias=false',
    params: 25714216,
    macs: 3858130432,
    paper: { params: '25.8 M', macs: '3.86 G', top1: 77.52, top5: 93.98, source: senet('Table 15') },
    note: withStatistics('25.767 M'),
  },
  {
    options: 'stages=2,bias=false',
    params: 25581608,
    macs: 3857997824,
    paper: { params: '25.6 M', macs: '3.86 G', top1: 76.97, top5: 93.52, source: senet('Table 13') },
  },
  {
    options: 'stages=3,bias=false',
    params: 25688104,
    macs: 3858104320,
    paper: { params: '25.7 M', macs: '3.86 G', top1: 76.96, top5: 93.68, source: senet('Table 13') },
  },
  {
    options: 'stages=4,bias=false',
    params: 26343464,
    macs: 3858759680,
    paper: { params: '26.4 M', macs: '3.86 G', top1: 77.32, top5: 93.78, source: senet('Table 13') },
    note: withStatistics('26.397 M'),
  },
  {
    options: 'stages=2-4,bias=false',
    params: 26499112,
    macs: 3858915328,
    paper: { params: '+ ~4 %', source: senet('section 4') },
    note: 'SE adds 942,080 params here, 3.69 %; in all stages 9.84 %',
  },
])

export const seResnet101 = seResnet(101, [
  {
    options: '',
    params: 49326872,
    macs: 7574937600,
    paper: { macs: '7.60 G', top1: 77.62, top5: 93.93, source: senet('Table 2') },
    note: "with residual additions, SE's pooling and its scaling it is 7.602 G; without the scaling, as for 50 and 152 layers, 7.593 G",
  },
  { options: 'bias=false', params: 49292328, macs: 7574937600 },
])

export const seResnet152 = seResnet(152, [
  {
    options: '',
    params: 66821848,
    macs: 11288993792,
    paper: { macs: '11.32 G', top1: 78.43, top5: 94.27, source: senet('Table 2') },
    note: "the paper's figure also counts the residual additions and SE's pooling, which makes 11.315 G",
  },
  { options: 'bias=false', params: 66770984, macs: 11288993792 },
])
