import { architecture } from './architecture.js'
import type { Network, Value } from './builder.js'
import { flag, integer, oneOf, real, type ValuesOf } from './options.js'
import { squeezeExcitation } from './squeeze-excitation.js'

/** ShuffleNet, Zhang et al., CVPR 2018 (arXiv 1707.01083), Table 1: output channels of stage 2 by number of groups. */
const widths = new Map([
  // g, c
  [1, 144],
  [2, 200],
  [3, 240],
  [4, 272],
  [8, 384],
])

/** Units of stages 2 to 4: the first halves the resolution, and each stage is twice as wide as the one before. */
const repeats = [4, 8, 4] as const

export const shuffleNetV1Options = {
  groups: oneOf(3, [...widths.keys()]),
  scale: real(1, 0.05, 8),
  bias: flag(true), // of the classifier, which has none in the authors' code
  resolution: integer(224, 32, 2048),
  classes: integer(1000, 1, 100_000),
  batch: integer(1, 1, 1024),
}

/** @param reduction of the Squeeze-and-Excitation in each unit, if it has one */
export function shuffleNet(
  net: Network,
  { groups, scale, bias, resolution, classes, batch }: ValuesOf<typeof shuffleNetV1Options>,
  reduction?: number,
): Value {
  const width = scaled(widths.get(groups) ?? 0, scale)
  let x = net.input(batch, 3, resolution, resolution)
  x = net.scope('stem', () => {
    const stem = net.conv(x, { out: stemWidth(width, groups, scale), kernel: 3, stride: 2 })
    return net.maxPool(net.relu(net.batchNorm(stem)), { kernel: 3, stride: 2, padding: 1 })
  })
  repeats.forEach((units, index) => {
    for (let i = 0; i < units; i++) {
      const shape = { out: width * 2 ** index, stride: i === 0 ? 2 : 1 }
      // the first pointwise convolution of all has too few input channels to be grouped (section 3.3)
      const reduceGroups = index === 0 && i === 0 ? 1 : groups
      x = net.scope(`stage${index + 2}/unit${i + 1}`, () =>
        shuffleNetUnit(net, x, { ...shape, groups, reduceGroups, reduction }),
      )
    }
  })
  return net.scope('head', () => net.fullyConnected(net.globalAveragePool(x), classes, { bias }))
}

/** Floating point leaves 84 channels a hair off; what is not whole then is refused, for the paper gives no rounding. */
function scaled(channels: number, scale: number): number {
  const width = channels * scale
  return Math.abs(width - Math.round(width)) < 1e-6 ? Math.round(width) : width
}

/**
 * 24 · scale, and as many more as it takes for the groups to divide the channels that the first unit adds to the stem's:
 * 16 at 0.5x with 8 groups, as in the authors' code. There and in Table 5 (292 M) 1.5x keeps the stem of 1x.
 */
function stemWidth(width: number, groups: number, scale: number): number {
  const least = scale === 1.5 ? 24 : Math.ceil(scaled(24, scale))
  const fits = (stem: number) => (width - stem) % groups === 0
  return Array.from({ length: groups }, (_, more) => least + more).find(fits) ?? least
}

interface UnitOptions {
  readonly out: number
  readonly stride: number
  readonly groups: number
  readonly reduceGroups: number
  /** Output channels over those in between; the paper's is 4. */
  readonly bottleneck?: number
  readonly reduction?: number | undefined
}

/** Grouped 1 x 1, shuffle, depthwise 3 x 3, grouped 1 x 1; added to the input, or beside its average (Figure 2b, c). */
export function shuffleNetUnit(
  net: Network,
  x: Value,
  { out, stride, groups, reduceGroups, bottleneck = 4, reduction }: UnitOptions,
): Value {
  const narrow = net.scope('bottleneck', () => {
    const reduced = net.relu(net.batchNorm(net.conv(x, { out: out / bottleneck, kernel: 1, groups: reduceGroups })))
    return groups === 1 ? reduced : net.channelShuffle(reduced, groups)
  })
  const filtered = net.scope('depthwise', () => net.batchNorm(net.depthwise(narrow, { kernel: 3, stride })))
  const isKept = stride === 1 && x.channels === out
  const added = isKept ? out : out - x.channels
  const expanded = net.scope('expand', () => net.batchNorm(net.conv(filtered, { out: added, kernel: 1, groups })))
  const branch =
    reduction === undefined
      ? expanded
      : squeezeExcitation(net, expanded, { hidden: Math.max(1, Math.floor(added / reduction)) })
  if (isKept) return net.relu(net.add(x, branch))
  const passed = stride === 1 ? x : net.averagePool(x, { kernel: 3, stride: 2, padding: 1 })
  return net.relu(net.concat([passed, branch]))
}

const table = (numbers: string) => `ShuffleNet, arXiv 1707.01083, ${numbers}`
const readme = "the authors' README, megvii-model/ShuffleNet-Series, ShuffleNetV1 (trained again)"

/** Milliseconds at 224 x 224, 480 x 640 and 720 x 1280; batches and images a second. */
const speeds = (ms: string, gpu: number, arm: number) =>
  `${ms} ms at 224x224, 480x640, 720x1280, Snapdragon 820, one thread (Table 8); ${v2Speeds(gpu, arm)}`
const v2Speeds = (gpu: number, arm: number) =>
  `${gpu} batch/s, GTX 1080 Ti; ${arm} img/s, Snapdragon 810 (ShuffleNet V2, Table 8)`

const convolutionsOnly = (exact: string) => `the paper's figure is that of the convolutions alone, ${exact}`
const unrounded = (channels: string) =>
  `Table 2 has it at smaller scales too, but ${channels} do not divide, and how they were rounded is not published`
const quarter =
  "no known convention gives the paper's 13 M at 0.25x: a stem of 6 channels gives 11.0 M, one of 12 gives 13.2 M or 13.3 M"
const stemOf = (channels: number) =>
  `8 groups need a stem of ${channels} channels here; the paper does not say how its network is rounded`

export const shuffleNetV1 = architecture({
  name: 'shufflenet-v1',
  title: 'ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices',
  year: 2017,
  source: 'arXiv 1707.01083',
  options: shuffleNetV1Options,
  build: (net, values) => shuffleNet(net, values),
  variants: [
    {
      options: '',
      params: 1865728,
      macs: 137460672,
      paper: {
        macs: '137 M',
        top1: 67.4,
        latency: speeds('37.8, 222.2, 684.5', 213, 21.8),
        source: table('Tables 1 and 2'),
      },
    },
    {
      options: 'groups=1',
      params: 1531936,
      macs: 143078976,
      paper: { macs: '143 M', top1: 66.4, source: table('Tables 1 and 2') },
    },
    {
      options: 'groups=2',
      params: 1733848,
      macs: 140836512,
      paper: { macs: '140 M', top1: 67.3, source: table('Tables 1 and 2') },
      note: `${convolutionsOnly('140,036,512')}; ${unrounded('25 bottleneck channels at 0.5x and 12.5 at 0.25x')}`,
    },
    {
      options: 'groups=4',
      params: 1968344,
      macs: 134339776,
      paper: { macs: '133 M', top1: 67.2, source: table('Tables 1 and 2') },
      note: `${convolutionsOnly('133,251,776')}; ${unrounded('34 bottleneck channels at 0.5x and 17 at 0.25x')}`,
    },
    {
      options: 'groups=8',
      params: 2434768,
      macs: 138365952,
      paper: { macs: '137 M', top1: 67.6, source: table('Tables 1 and 2') },
      note: convolutionsOnly('136,829,952'),
    },
    {
      options: 'groups=1,scale=0.5',
      params: 534484,
      macs: 38517408,
      paper: { macs: '38 M', top1: 54.9, source: table('Tables 1 and 2') },
      note: convolutionsOnly('38,229,408'),
    },
    {
      options: 'scale=0.5',
      params: 718324,
      macs: 37589856,
      paper: {
        macs: '38 M',
        top1: 56.8,
        latency: speeds('15.2, 87.4, 260.1', 347, 56.8),
        source: table('Tables 1 and 2'),
      },
    },
    {
      options: 'groups=8,scale=0.5',
      params: 1011448,
      macs: 40469760,
      paper: { macs: '38 M', top1: 57.7, source: table('Tables 1 and 2') },
      note: `${stemOf(16)}, its authors' code has 16 and their README says 40 M`,
    },
    {
      options: 'groups=1,scale=0.25',
      params: 209746,
      macs: 11003184,
      paper: { macs: '13 M', top1: 42.9, source: table('Tables 1 and 2') },
      note: quarter,
    },
    {
      options: 'scale=0.25',
      params: 305902,
      macs: 11009808,
      paper: { macs: '13 M', top1: 45, source: table('Tables 1 and 2') },
      note: quarter,
    },
    {
      options: 'groups=8,scale=0.25',
      params: 454504,
      macs: 12426240,
      paper: { macs: '13 M', top1: 47.3, source: table('Tables 1 and 2') },
      note: stemOf(8),
    },
    {
      options: 'scale=1.5',
      params: 3442168,
      macs: 292443552,
      paper: { params: '3.4 M', macs: '292 M', top1: 71.5, latency: v2Speeds(164, 10.3), source: table('Table 5') },
      note: 'the stem keeps the 24 channels of 1x; scaled to 36 it would make 299.6 M',
    },
    {
      options: 'scale=2',
      params: 5450776,
      macs: 524045184,
      paper: {
        params: '5.4 M',
        macs: '524 M',
        top1: 73.7,
        latency: speeds('108.8, 617.0, 1857.6', 133, 6.4),
        source: `${table('Table 5')}; parameters MobileNetV2, arXiv 1801.04381, Table 4`,
      },
      note: 'the 5.4 M are cut off, not rounded: 5.45 M',
    },
    {
      options: 'scale=0.5,bias=false',
      params: 717324,
      macs: 37589856,
      paper: { params: '0.7 M', macs: '38 M', top1: 57.3, top5: 80, source: readme },
    },
    {
      options: 'bias=false',
      params: 1864728,
      macs: 137460672,
      paper: { params: '1.9 M', macs: '138 M', top1: 67.8, top5: 87.7, source: readme },
      note: "137.46 M, which the authors' README rounds up to 138 M",
    },
    {
      options: 'scale=1.5,bias=false',
      params: 3441168,
      macs: 292443552,
      paper: { params: '3.4 M', macs: '292 M', top1: 71.6, top5: 90.2, source: readme },
    },
    {
      options: 'scale=2,bias=false',
      params: 5449776,
      macs: 524045184,
      paper: { params: '5.4 M', macs: '524 M', top1: 74.1, top5: 91.4, source: readme },
    },
    {
      options: 'groups=8,scale=0.5,bias=false',
      params: 1010448,
      macs: 40469760,
      paper: { params: '1.0 M', macs: '40 M', top1: 58.8, top5: 81, source: readme },
    },
    {
      options: 'groups=8,bias=false',
      params: 2433768,
      macs: 138365952,
      paper: { params: '2.4 M', macs: '138 M', top1: 68, top5: 86.4, source: readme },
    },
    {
      options: 'groups=8,scale=1.5,bias=false',
      params: 4268952,
      macs: 290188800,
      paper: { params: '4.3 M', macs: '290 M', top1: 71, top5: 89.6, source: readme },
    },
    {
      options: 'groups=8,scale=2,bias=false',
      params: 6521232,
      macs: 521942016,
      paper: { params: '6.5 M', macs: '522 M', top1: 72.9, top5: 90.8, source: readme },
    },
  ],
})
