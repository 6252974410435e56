import { architecture } from './architecture.js'
import type { Network, Value } from './builder.js'
import { choice, flag, integer, oneOf } from './options.js'
import { shuffleUnit, type UnitForm } from './shufflenet-v2-unit.js'

/** ShuffleNet V2, Ma et al., ECCV 2018 (arXiv 1807.11164), Table 5: output channels of stages 2 to 4, and of conv5. */
const widths = new Map<number, readonly [c2: number, c3: number, c4: number, conv5: number]>([
  [0.5, [48, 96, 192, 1024]],
  [1, [116, 232, 464, 1024]],
  [1.5, [176, 352, 704, 1024]],
  [2, [244, 488, 976, 2048]],
])

/** Units of stages 2 to 4; the first of each halves the resolution. */
const repeats = [4, 8, 4] as const

const paper = 'ShuffleNet V2, arXiv 1807.11164, Tables 5 and 8'
const starred = 'ShuffleNet V2, arXiv 1807.11164, Table 7'
const readme = "the authors' README, megvii-model/ShuffleNet-Series, ShuffleNetV2 (trained again)"
const torchvision = 'pytorch/vision, weights metadata'

/** Batches and images a second. */
const speeds = (gpu: number, arm: number) => `${gpu} batch/s, GTX 1080 Ti; ${arm} img/s, Snapdragon 810 (Table 8)`
const detection = (images: string, mmap: string) =>
  `${images} img/s as the backbone of Light-Head R-CNN, 800x1200, GPU, at ${mmap} mmAP on COCO (Table 7)`

const half =
  "no known convention gives the paper's 41 M: torchvision's graph and the authors' are the same at 0.5x, 40.48 M"
const equal = (macs: string) =>
  `the paper's ${macs} are those of variant=paper, whose left branch keeps its width where the resolution halves`
const star =
  "no counts are published; that BatchNorm follows the added convolution is our reading, and the units are the authors' in either variant"

export const shuffleNetV2 = architecture({
  name: 'shufflenet-v2',
  title: 'ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design',
  year: 2018,
  source: 'arXiv 1807.11164',
  options: {
    scale: oneOf(1, [...widths.keys()]), // the widths of others follow from no rule
    // paper: as the authors' code has it, and Table 5's MACs. torchvision: both branches are equally wide
    variant: choice<'paper' | 'torchvision'>('paper', 'torchvision'),
    // wide: ShuffleNet v2*, which only the authors have, so that its units are theirs in either variant
    'receptive-field': choice<'normal' | 'wide'>('normal', 'wide'),
    bias: flag(true), // of the classifier, which has none in the authors' code
    resolution: integer(224, 32, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { scale, variant, 'receptive-field': field, bias, resolution, classes, batch }) {
    const [c2, c3, c4, conv5] = widths.get(scale) ?? [0, 0, 0, 0]
    const wide = field === 'wide'
    const form = { wide, equalBranches: variant === 'torchvision' && !wide }
    let x = net.input(batch, 3, resolution, resolution)
    x = net.scope('stem', () => {
      const stem = net.relu(net.batchNorm(net.conv(x, { out: 24, kernel: 3, stride: 2 })))
      return net.maxPool(stem, { kernel: 3, stride: 2, padding: 1 })
    })
    ;[c2, c3, c4].forEach((out, index) => {
      const units = repeats[index] ?? 0
      x = net.scope(`stage${index + 2}`, () => stage(net, x, { units, out, stride: 2, form }))
    })
    return head(net, x, { width: conv5, classes, bias })
  },
  variants: [
    {
      options: '',
      params: 2279760,
      macs: 145814296,
      paper: { params: '2.3 M', macs: '146 M', top1: 69.4, latency: speeds(341, 24.4), source: paper },
    },
    {
      options: 'scale=0.5',
      params: 1366792,
      macs: 40476448,
      paper: { params: '1.4 M', macs: '41 M', top1: 60.3, latency: speeds(417, 57), source: paper },
      note: half,
    },
    {
      options: 'scale=1.5',
      params: 3507720,
      macs: 298970656,
      paper: { params: '3.5 M', macs: '299 M', top1: 72.6, latency: speeds(255, 11.8), source: paper },
    },
    {
      options: 'scale=2',
      params: 7403600,
      macs: 590783000,
      paper: { params: '7.4 M', macs: '591 M', top1: 74.9, latency: speeds(217, 6.7), source: paper },
    },
    {
      options: 'scale=0.5,bias=false',
      params: 1365792,
      macs: 40476448,
      paper: { params: '1.4 M', macs: '41 M', top1: 61.1, top5: 82.6, source: readme },
      note: half,
    },
    {
      options: 'bias=false',
      params: 2278760,
      macs: 145814296,
      paper: { params: '2.3 M', macs: '146 M', top1: 69.4, top5: 88.9, source: readme },
    },
    {
      options: 'scale=1.5,bias=false',
      params: 3506720,
      macs: 298970656,
      paper: { params: '3.5 M', macs: '299 M', top1: 72.6, top5: 90.6, source: readme },
    },
    {
      options: 'scale=2,bias=false',
      params: 7402600,
      macs: 590783000,
      paper: { params: '7.4 M', macs: '591 M', top1: 75, top5: 92.4, source: readme },
    },
    {
      options: 'scale=0.5,variant=torchvision',
      params: 1366792,
      macs: 40476448,
      paper: { params: '1,366,792', macs: '0.04 G', top1: 60.552, top5: 81.746, source: torchvision },
    },
    {
      options: 'variant=torchvision',
      params: 2278604,
      macs: 144907992,
      paper: { params: '2,278,604', macs: '0.145 G', top1: 69.362, top5: 88.316, source: torchvision },
      note: equal('146 M'),
    },
    {
      options: 'scale=1.5,variant=torchvision',
      params: 3503624,
      macs: 295759392,
      paper: { params: '3,503,624', macs: '0.296 G', top1: 72.996, top5: 91.086, source: torchvision },
      note: equal('299 M'),
    },
    {
      options: 'scale=2,variant=torchvision',
      params: 7393996,
      macs: 583253464,
      paper: { params: '7,393,996', macs: '0.583 G', top1: 76.23, top5: 93.006, source: torchvision },
      note: equal('591 M'),
    },
    {
      options: 'scale=0.5,receptive-field=wide',
      params: 1376296,
      macs: 42889600,
      paper: { latency: detection('183', '23.7'), source: starred },
      note: star,
    },
    {
      options: 'receptive-field=wide',
      params: 2302354,
      macs: 150686464,
      paper: { latency: detection('138', '29.6'), source: starred },
      note: star,
    },
  ],
})

/** Units of one width, the first of which may change the shape. */
export function stage(
  net: Network,
  x: Value,
  { units, out, stride, form }: { units: number; out: number; stride: number; form: UnitForm },
): Value {
  let y = x
  for (let i = 0; i < units; i++) {
    y = net.scope(`unit${i + 1}`, () => shuffleUnit(net, y, { out, stride: i === 0 ? stride : 1, form }))
  }
  return y
}

/** A last pointwise convolution, global pooling and the classifier. */
export const head = (
  net: Network,
  x: Value,
  { width, classes, bias }: { width: number; classes: number; bias: boolean },
): Value =>
  net.scope('head', () => {
    const features = net.relu(net.batchNorm(net.conv(x, { out: width, kernel: 1 })))
    return net.fullyConnected(net.globalAveragePool(features), classes, { bias })
  })
