import type { Variant } from './architecture.js'
import { condenseNet } from './condensenet.js'

const readme = "the authors' README, ShichenLiu/CondenseNet"
const cifar = ['cifar10', 'cifar100'] as const

/** What the authors' `measure_model` counts. */
const operations = (exact: string) =>
  `the README also counts one operation an element for ReLU, k² for an average pool and the classifier's bias: ${exact}`
const unconverted = (exact: string) =>
  `${operations(exact)}. It counts CIFAR's networks with the whole classifier; conversion (classifier=half) halves it`

interface Row {
  readonly options?: string
  readonly params: number
  readonly macs: number
  /** As published. */
  readonly size: readonly [params: string, flops: string]
  /** Error in percent on the data set. */
  readonly error: number
  /** FLOPs by the authors' convention. */
  readonly flops: string
}

const variant = ({ options = '', params, macs, size, error, flops }: Row): Variant => ({
  options,
  params,
  macs,
  paper: { params: size[0], macs: size[1], top1: round(100 - error), source: readme },
  note:
    options === 'dataset=cifar100'
      ? `${unconverted(flops)}. It gives the size of CIFAR-10's network for both data sets`
      : unconverted(flops),
})

const round = (percent: number): number => Math.round(100 * percent) / 100

const condenseNet50 = condenseNet({
  depth: 50,
  datasets: cifar,
  variants: [
    variant({ params: 216506, macs: 27185696, size: ['0.22 M', '28.6 M'], error: 6.22, flops: '28,641,834' }),
    {
      options: 'classifier=half',
      params: 214186,
      macs: 27183376,
    },
  ],
})

const condenseNet74 = condenseNet({
  depth: 74,
  datasets: ['imagenet', ...cifar],
  variants: [
    {
      options: '',
      params: 4773944,
      macs: 516640576,
      paper: { params: '4.8 M', macs: '529 M', top1: 73.8, top5: 91.7, latency: '1.89 s, ARM', source: readme },
      note: operations('529,328,264'),
    },
    {
      options: 'groups=8',
      params: 2935416,
      macs: 261545792,
      paper: { params: '2.9 M', macs: '274 M', top1: 71, top5: 90, latency: '0.99 s, ARM', source: readme },
      note: operations('274,233,480'),
    },
    {
      options: 'form=training',
      params: 11922680,
      macs: 1267904128,
      note: 'no counts are published: the network before conversion, its masks not counted as parameters',
    },
    variant({
      options: 'dataset=cifar10',
      ...{ params: 405466, macs: 49208032, size: ['0.41 M', '51.9 M'], error: 5.28, flops: '51,897,066' },
    }),
  ],
})

const condenseNet86 = condenseNet({
  depth: 86,
  datasets: cifar,
  variants: [
    variant({ params: 520202, macs: 62381888, size: ['0.52 M', '65.8 M'], error: 5.06, flops: '65,816,394' }),
    variant({
      options: 'dataset=cifar100',
      ...{ params: 592292, macs: 62453888, size: ['0.52 M', '65.8 M'], error: 23.64, flops: '65,888,484' },
    }),
  ],
})

const condenseNet98 = condenseNet({
  depth: 98,
  datasets: cifar,
  variants: [variant({ params: 648442, macs: 76997536, size: ['0.65 M', '81.3 M'], error: 4.83, flops: '81,263,530' })],
})

const condenseNet110 = condenseNet({
  depth: 110,
  datasets: cifar,
  variants: [variant({ params: 790186, macs: 93054976, size: ['0.79 M', '98.2 M'], error: 4.63, flops: '98,238,474' })],
})

const condenseNet122 = condenseNet({
  depth: 122,
  datasets: cifar,
  variants: [
    variant({ params: 945434, macs: 110554208, size: ['0.95 M', '116.7 M'], error: 4.48, flops: '116,741,226' }),
  ],
})

const condenseNet182 = condenseNet({
  depth: 182,
  datasets: cifar,
  variants: [
    variant({ params: 4221946, macs: 493929312, size: ['4.2 M', '513 M'], error: 3.76, flops: '512,671,594' }),
    variant({
      options: 'dataset=cifar100',
      ...{ params: 4450996, macs: 494158272, size: ['4.2 M', '513 M'], error: 18.47, flops: '512,900,644' },
    }),
  ],
})

export const condenseNets = [
  condenseNet50,
  condenseNet74,
  condenseNet86,
  condenseNet98,
  condenseNet110,
  condenseNet122,
  condenseNet182,
]
