import type { Value } from '../../models/builder.js'
import type { Model } from '../../types.js'
import { type Block, blocks, halve } from './blocks.js'
import { Draw } from './draw.js'
import { NumberedNetwork } from './numbered.js'

const blocksPerStage = 4
interface Scale {
  /** Of images, as networks are given them. */
  readonly sides: readonly [number, ...number[]]
  /** Parts between which the side is halved. */
  readonly stages: number
  /** Channels where 56 x 56 pixels are left; twice as many at half the side. */
  readonly usual: readonly [number, number]
  /** MACs of the largest convolution. */
  readonly macs: readonly [number, number]
  /** How many networks end in wide fully connected layers. */
  readonly wide: number
}

/** Networks of thumbnails, and of images three sizes that run in a millisecond, in ten, in fifty. */
const scales: readonly Scale[] = [
  { sides: [32, 32, 32, 40, 64], stages: 3, usual: [6, 24], macs: [0.3e6, 5e6], wide: 0 },
  { sides: [96, 112, 128, 160, 192, 224], stages: 5, usual: [6, 20], macs: [0.3e6, 4e6], wide: 0 },
  { sides: [128, 160, 192, 224, 224, 256], stages: 5, usual: [20, 64], macs: [10e6, 60e6], wide: 0 },
  { sides: [192, 224, 224, 224, 300, 320], stages: 5, usual: [64, 160], macs: [60e6, 250e6], wide: 0.4 },
]
const mostChannels = 2048

/**
 * A network drawn from the design space of light-weight CNNs: blocks of two kinds, some of each in a row, so that each
 * kernel meets the caches as it does in a whole network. None of them is a published one.
 */
export function calibrationNetwork(seed: number): Model {
  const draw = new Draw(seed)
  const net = new NumberedNetwork()
  const scale = scales[seed % scales.length] as Scale
  const side = draw.of(scale.sides)
  const image = net.input(1, 3, side, side)
  const usual = draw.between(...scale.usual)
  const turn = 2 * Math.floor(seed / scales.length) + 3 * (seed % scales.length)
  const kinds = [0, 1].map((at) => blocks[(turn + 5 * at) % blocks.length] as Block)
  const mostMacs = draw.between(...scale.macs)
  let [x, size] = net.scope('stem', () => stem(net, draw, image, side))
  for (let stage = 0; stage < scale.stages; stage++) {
    const place = () => ({ x, size, usual: (usual * 56) / size, mostMacs })
    if (stage > 0) {
      x = net.scope(`halve${stage}`, () => halve(net, draw, place()))
      size = Math.ceil(size / 2)
    }
    const kind = kinds[stage % kinds.length] as Block
    const drawing = draw.seed()
    for (let index = 0; index < blocksPerStage; index++) {
      // the same choices again: networks repeat their blocks
      x = net.scope(`stage${stage}/block${index}`, () => kind(net, new Draw(drawing), place()))
      if (x.channels > mostChannels) x = net.conv(x, { out: draw.channels(256, 512), kernel: 1 })
    }
  }
  const [aside] = net.scope('aside', () => stem(net, draw, image, side))
  const features = net.concat([net.globalAveragePool(x), net.globalAveragePool(aside)])
  const out = net.scope('head', () => classifier(net, draw, features, scale.wide))
  return net.finish(`calibration ${seed}`, `calibration ${seed}`, [out])
}

/** The first convolution, and the side it leaves. */
function stem(net: NumberedNetwork, draw: Draw, image: Value, side: number): [Value, number] {
  const isThumbnail = side <= 64
  const [kernel, stride] = isThumbnail
    ? [3, 1]
    : draw.of([
        [3, 2],
        [3, 2],
        [3, 1],
        [7, 2],
        [11, 4],
      ] as const)
  const x = net.batchNorm(net.conv(image, { out: draw.of([16, 24, 32, 32, 48, 64]), kernel, stride }))
  const y = draw.of([() => net.relu(x), () => net.relu6(x), () => net.leakyRelu(x, 0.1)])()
  if (isThumbnail) return [y, side]
  if (stride !== 1) return [y, Math.floor((side - 1) / stride) + 1]
  return [net.maxPool(y, { kernel: 2, stride: 2 }), Math.floor(side / 2)]
}

/** Fully connected layers, sometimes the wide ones that old networks end in. */
function classifier(net: NumberedNetwork, draw: Draw, x: Value, wide: number): Value {
  const isWide = draw.share() < wide
  const y = isWide ? net.relu(net.fullyConnected(net.relu(net.fullyConnected(x, 4096)), 4096)) : x
  return net.fullyConnected(y, draw.channels(10, 2048))
}
