import { architecture } from './architecture.js'
import type { Network, Value, Window } from './builder.js'
import { integer } from './options.js'

/** One convolution with BatchNorm and ReLU: channels, kernel, and stride 2 without padding where it says `half`. */
type Layer = readonly [out: number, kernel: Window, half?: 'half']

/** Layers one after another; a last list of two stands side by side on the layer before. */
type Branch = readonly (Layer | 'average' | 'max' | readonly [Layer, Layer])[]

/** Rethinking the Inception Architecture, Szegedy et al., CVPR 2016 (arXiv 1512.00567), Figure 5. */
const a = (pooled: number): readonly Branch[] => [
  [[64, 1]],
  [
    [48, 1],
    [64, 5],
  ],
  [
    [64, 1],
    [96, 3],
    [96, 3],
  ],
  ['average', [pooled, 1]],
]

/** Figure 10: to half the size. */
const b: readonly Branch[] = [
  [[384, 3, 'half']],
  [
    [64, 1],
    [96, 3],
    [96, 3, 'half'],
  ],
  ['max'],
]

/** Figure 6, n = 7: 7 x 7 as 1 x 7 and 7 x 1. */
const c = (c7: number): readonly Branch[] => [
  [[192, 1]],
  [
    [c7, 1],
    [c7, [1, 7]],
    [192, [7, 1]],
  ],
  [
    [c7, 1],
    [c7, [7, 1]],
    [c7, [1, 7]],
    [c7, [7, 1]],
    [192, [1, 7]],
  ],
  ['average', [192, 1]],
]

/** To half the size. */
const d: readonly Branch[] = [
  [
    [192, 1],
    [320, 3, 'half'],
  ],
  [
    [192, 1],
    [192, [1, 7]],
    [192, [7, 1]],
    [192, 3, 'half'],
  ],
  ['max'],
]

/** Figure 7: 3 x 3 as 1 x 3 and 3 x 1 side by side. */
const e: readonly Branch[] = [
  [[320, 1]],
  [
    [384, 1],
    [
      [384, [1, 3]],
      [384, [3, 1]],
    ],
  ],
  [
    [448, 1],
    [384, 3],
    [
      [384, [1, 3]],
      [384, [3, 1]],
    ],
  ],
  ['average', [192, 1]],
]

/** Table 1, with torchvision's names. */
const modules = [
  ['mixed5b', a(32)],
  ['mixed5c', a(64)],
  ['mixed5d', a(64)],
  ['mixed6a', b],
  ['mixed6b', c(128)],
  ['mixed6c', c(160)],
  ['mixed6d', c(160)],
  ['mixed6e', c(192)],
  ['mixed7a', d],
  ['mixed7b', e],
  ['mixed7c', e],
] as const

export const inceptionV3 = architecture({
  name: 'inception-v3',
  title: 'Rethinking the Inception Architecture for Computer Vision',
  year: 2015,
  source: 'arXiv 1512.00567',
  options: {
    resolution: integer(299, 75, 2048),
    classes: integer(1000, 1, 100_000),
    batch: integer(1, 1, 1024),
  },
  build(net, { resolution, classes, batch }) {
    let x = stem(net, net.input(batch, 3, resolution, resolution))
    for (const [name, branches] of modules) {
      x = net.scope(name, () => {
        const outputs = branches.map((layers, index) => net.scope(`branch${index + 1}`, () => branch(net, x, layers)))
        return net.concat(outputs as [Value, ...Value[]])
      })
    }
    return net.scope('head', () => net.fullyConnected(net.globalAveragePool(x), classes))
  },
  variants: [
    {
      options: '',
      params: 23834568,
      macs: 5713216096,
      paper: {
        params: '23,626,728',
        macs: '5000 M',
        top1: 78.2,
        top5: 94.1,
        latency: '31 training steps/s, 60 K80 (Table 3)',
        source: 'Xception, arXiv 1610.02357, Tables 1 and 3; MACs: MobileNets, arXiv 1704.04861, Table 10',
      },
      note: "torchvision's params without the auxiliary classifier (27,161,264 with it); Keras has no scale in BatchNorm, 23,817,352; none is known that gives 23,626,728 or 5000 M",
    },
  ],
})

function stem(net: Network, image: Value): Value {
  const layer = (name: string, x: Value, out: number, kernel: number, options: { stride?: number; padding?: number }) =>
    net.scope(name, () => convolution(net, x, { out, kernel, ...options }))
  const x = layer('conv1a', image, 32, 3, { stride: 2, padding: 0 })
  const y = layer('conv2b', layer('conv2a', x, 32, 3, { padding: 0 }), 64, 3, {})
  const pooled = net.scope('pool1', () => net.maxPool(y, { kernel: 3, stride: 2 }))
  const z = layer('conv4a', layer('conv3b', pooled, 80, 1, {}), 192, 3, { padding: 0 })
  return net.scope('pool2', () => net.maxPool(z, { kernel: 3, stride: 2 }))
}

function branch(net: Network, input: Value, steps: Branch): Value {
  let x = input
  for (const [index, step] of steps.entries()) {
    x = net.scope(`${index + 1}`, () => {
      if (step === 'average') return net.averagePool(x, { kernel: 3, stride: 1, padding: 1 })
      if (step === 'max') return net.maxPool(x, { kernel: 3, stride: 2 })
      if (!isPair(step)) return layer(net, x, step)
      return net.concat([net.scope('a', () => layer(net, x, step[0])), net.scope('b', () => layer(net, x, step[1]))])
    })
  }
  return x
}

const isPair = (step: Layer | readonly [Layer, Layer]): step is readonly [Layer, Layer] => typeof step[0] !== 'number'

const layer = (net: Network, x: Value, [out, kernel, half]: Layer): Value =>
  convolution(net, x, { out, kernel, ...(half ? { stride: 2, padding: 0 } : {}) })

const convolution = (net: Network, x: Value, options: Parameters<Network['conv']>[1]): Value =>
  net.relu(net.batchNorm(net.conv(x, options), 1e-3))
