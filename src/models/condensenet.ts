import { type Architecture, architecture, type Variant } from './architecture.js'
import type { Network, Value } from './builder.js'
import { type LearnedGroups, learnedGroupConv, select } from './learned-group-conv.js'
import { choice, integer, unlessGiven } from './options.js'

type Dataset = 'imagenet' | 'cifar10' | 'cifar100'

interface Depth {
  readonly depth: number
  /** The default, then the others. */
  readonly datasets: readonly [Dataset, ...Dataset[]]
  readonly variants: readonly Variant[]
}

/** CondenseNet, Huang et al., CVPR 2018 (arXiv 1711.09224): layers and growth of each dense block on ImageNet. */
const imageNetBlocks = [
  // n, k
  [4, 8],
  [6, 16],
  [8, 32],
  [10, 64],
  [8, 128],
] as const

/** On CIFAR a layer has two convolutions; 182's growth is not published, but no other gives its FLOPs and parameters. */
const cifarBlocks = (depth: number) =>
  (depth === 182 ? [12, 24, 48] : [8, 16, 32]).map((growth) => [(depth - 2) / 6, growth] as const)

const tasks = {
  imagenet: { stride: 2, resolution: 224, classes: 1000 },
  cifar10: { stride: 1, resolution: 32, classes: 10 },
  cifar100: { stride: 1, resolution: 32, classes: 100 },
} as const

export const condenseNet = ({ depth, datasets, variants }: Depth): Architecture =>
  architecture({
    name: `condensenet-${depth}`,
    title: 'CondenseNet: An Efficient DenseNet using Learned Group Convolutions',
    year: 2017,
    source: 'arXiv 1711.09224',
    options: {
      dataset: choice<Dataset>(...datasets),
      groups: integer(4, 1, 64), // G
      condense: unlessGiven('groups', integer(4, 1, 64)), // C
      form: choice<LearnedGroups['form']>('converted', 'training'),
      // published: with half of the features where the published counts have it so, converted for ImageNet
      classifier: choice<'published' | 'half' | 'full'>('published', 'half', 'full'),
      resolution: unlessGiven('dataset', integer(224, 32, 2048)),
      classes: unlessGiven('dataset', integer(1000, 1, 100_000)),
      batch: integer(1, 1, 1024),
    },
    build(net, { dataset, groups, condense, form, classifier, batch, ...given }) {
      const task = tasks[dataset]
      const blocks = dataset === 'imagenet' ? imageNetBlocks : cifarBlocks(depth)
      const learned = { groups, condense: numberOr(groups, condense), form }
      const halved = classifier === 'published' ? dataset === 'imagenet' && form === 'converted' : classifier === 'half'
      const size = numberOr(task.resolution, given.resolution)
      let x = net.input(batch, 3, size, size)
      x = net.scope('stem', () => net.conv(x, { out: 2 * (blocks[0]?.[1] ?? 0), kernel: 3, stride: task.stride }))
      blocks.forEach(([layers, growth], index) => {
        if (index > 0) x = net.scope(`transition${index}`, () => net.averagePool(x, { kernel: 2, stride: 2 }))
        x = net.scope(`block${index + 1}`, () => denseBlock(net, x, { layers, growth, learned }))
      })
      return net.scope('head', () => {
        const features = net.globalAveragePool(net.relu(net.batchNorm(x)))
        return net.fullyConnected(halved ? half(net, features) : features, numberOr(task.classes, given.classes))
      })
    },
    variants,
  })

const numberOr = (standard: number, given: number | string): number => (typeof given === 'number' ? given : standard)

interface BlockOptions {
  readonly layers: number
  readonly growth: number
  readonly learned: LearnedGroups
}

/** Each layer sees all that came before it, from earlier blocks too, and adds `growth` channels. */
function denseBlock(net: Network, x: Value, { layers, growth, learned }: BlockOptions): Value {
  let y = x
  for (let i = 0; i < layers; i++) {
    y = net.scope(`layer${i + 1}`, () => net.concat([y, denseLayer(net, y, growth, learned)]))
  }
  return y
}

/** A learned group convolution to four times the growth, and a grouped 3 x 3. */
function denseLayer(net: Network, x: Value, growth: number, learned: LearnedGroups): Value {
  const reduced = net.scope('reduce', () => learnedGroupConv(net, x, { out: 4 * growth, ...learned }))
  return net.scope('grow', () => {
    const { groups } = learned
    return net.conv(net.relu(net.batchNorm(reduced)), { out: growth, kernel: 3, groups })
  })
}

/** The features of the largest weights, as conversion leaves them to the classifier. */
const half = (net: Network, x: Value): Value => net.gather(x, select(x.channels, Math.floor(x.channels / 2), 0))
