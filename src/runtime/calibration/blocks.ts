import type { Network, Value } from '../../models/builder.js'
import type { Draw } from './draw.js'

/** Where a calibration network is: its tensor, the tensor's side in pixels, and the channels that are usual there. */
export interface Place {
  readonly x: Value
  readonly size: number
  readonly usual: number
  /** No convolution does more MACs. */
  readonly mostMacs: number
}

/** A width around the usual one, with `times` as many channels, as far as arithmetic allows. */
function width(draw: Draw, { size, usual, mostMacs }: Place, inputs: number, taps: number, times = 1): number {
  const most = Math.max(16, Math.min(2048, mostMacs / (inputs * taps * size ** 2)))
  const aim = Math.min(most, times * usual)
  return draw.channels(Math.max(8, aim / 2), Math.min(most, 2 * aim))
}

const convBn = (net: Network, x: Value, options: Parameters<Network['conv']>[1]): Value =>
  net.batchNorm(net.conv(x, options))

const activated = (net: Network, draw: Draw, x: Value): Value =>
  draw.of<() => Value>([
    () => net.relu(x),
    () => net.relu(x),
    () => net.relu6(x),
    () => net.leakyRelu(x, 0.1),
    () => x,
  ])()

/** A kind of block that networks are made of. */
export type Block = (net: Network, draw: Draw, place: Place) => Value

/** k x k, dense: plain networks and residual ones. */
const dense: Block = (net, draw, place) => {
  const { x } = place
  const kernel = draw.of([3, 3, 3, 3, 3, 3, 3, 3, 5, 7])
  const y = activated(net, draw, convBn(net, x, { out: width(draw, place, x.channels, kernel ** 2), kernel }))
  return draw.share() < 0.5 || (y.channels * place.size) ** 2 * 9 > place.mostMacs
    ? y
    : net.relu(net.add(y, convBn(net, y, { out: y.channels, kernel: 3 })))
}

/** 1 x 1, 3 x 3, 1 x 1, with a shortcut (ResNet). */
const bottleneck: Block = (net, draw, place) => {
  const { x } = place
  const inside = width(draw, place, Math.max(x.channels, 9 * place.usual), 1)
  const y = net.relu(convBn(net, x, { out: inside, kernel: 1 }))
  const z = net.relu(convBn(net, y, { out: inside, kernel: 3 }))
  return net.relu(net.add(x, convBn(net, z, { out: x.channels, kernel: 1 })))
}

/** 1 x 1, one after another. */
const pointwise: Block = (net, draw, place) => {
  const y = activated(net, draw, convBn(net, place.x, { out: width(draw, place, place.x.channels, 1, 2), kernel: 1 }))
  return activated(net, draw, convBn(net, y, { out: width(draw, place, y.channels, 1), kernel: 1 }))
}

/** Depthwise convolutions between pointwise ones (MobileNet V1, V2), with a shortcut where sizes allow it. */
const inverted: Block = (net, draw, place) => {
  const { x } = place
  const wide =
    draw.share() < 0.4
      ? x
      : activated(net, draw, convBn(net, x, { out: width(draw, place, x.channels, 1, 4), kernel: 1 }))
  const filtered = activated(net, draw, net.batchNorm(net.depthwise(wide, { kernel: draw.of([3, 3, 3, 5]) })))
  const isShort = draw.share() < 0.5
  const y = convBn(net, filtered, { out: isShort ? x.channels : width(draw, place, wide.channels, 1), kernel: 1 })
  return isShort ? net.add(x, y) : y
}

/** Groups between pointwise convolutions (ResNeXt), with a shortcut. */
const grouped: Block = (net, draw, { x, size, mostMacs }) => {
  const groups = draw.of([2, 4, 8, 32])
  const most = Math.min(96, Math.sqrt(mostMacs / (9 * groups)) / size)
  const inside = groups * Math.min(draw.of([4, 8, 16, 16, 32, 48, 64]), Math.max(2, Math.floor(most)))
  const y = net.relu(convBn(net, x, { out: inside, kernel: 1 }))
  const z = net.relu(convBn(net, y, { out: inside, kernel: 3, groups }))
  return net.relu(net.add(x, convBn(net, z, { out: x.channels, kernel: 1 })))
}

/** Grouped pointwise convolutions with a channel shuffle (ShuffleNet V1). */
const shuffled: Block = (net, draw, { x }) => {
  const groups = draw.of([2, 3, 3, 4, 8, 8])
  const whole = (channels: number) => groups * Math.max(2, Math.round(channels / groups))
  const start = x.channels % groups === 0 ? x : convBn(net, x, { out: whole(x.channels), kernel: 1 })
  const out = whole(draw.between(start.channels / 4, start.channels))
  const y = net.relu(convBn(net, start, { out, kernel: 1, groups }))
  const z = net.batchNorm(net.depthwise(net.channelShuffle(y, groups), { kernel: 3 }))
  return net.relu(net.add(start, convBn(net, z, { out: start.channels, kernel: 1, groups })))
}

/** Half of the channels passes by, and both are shuffled (ShuffleNet V2). */
const split: Block = (net, _, { x }) => {
  const even = x.channels % 2 === 0 ? x : convBn(net, x, { out: x.channels + 1, kernel: 1 })
  const [kept, half] = net.halves(even)
  const y = net.relu(convBn(net, half, { out: half.channels, kernel: 1 }))
  const z = net.batchNorm(net.depthwise(y, { kernel: 3 }))
  const done = net.relu(convBn(net, z, { out: half.channels, kernel: 1 }))
  return net.channelShuffle(net.concat([kept, done]), 2)
}

/** Squeeze-and-excitation. */
const excited: Block = (net, draw, { x }) => {
  const reduced = Math.max(4, Math.round(x.channels / draw.of([2, 4, 8, 16])))
  const squeezed = net.relu(net.fullyConnected(net.globalAveragePool(x), reduced))
  const gates = net.reshape(net.sigmoid(net.fullyConnected(squeezed, x.channels)), [1, x.channels, 1, 1])
  return net.multiply(x, gates)
}

/** BatchNorm and ReLU before a convolution, whose channels are appended (DenseNet, CondenseNet). */
const appended: Block = (net, draw, { x, usual }) => {
  const y = net.relu(net.batchNorm(x))
  const growth = draw.channels(Math.max(8, usual / 4), Math.max(16, usual))
  const inner = net.relu(convBn(net, y, { out: Math.min(256, 4 * growth), kernel: 1 }))
  return net.concat([x, net.conv(inner, { out: growth, kernel: 3 })])
}

/** Branches of several kernels side by side (SqueezeNet, GoogLeNet). */
const branched: Block = (net, draw, place) => {
  const squeezed = net.relu(net.conv(place.x, { out: draw.channels(16, 96), kernel: 1, bias: true }))
  const out = width(draw, place, squeezed.channels, 9, 0.5)
  const one = net.relu(net.conv(squeezed, { out, kernel: 1, bias: true }))
  const three = net.relu(net.conv(squeezed, { out, kernel: 3, bias: true }))
  return net.concat([one, three])
}

/** The channels in another order, in groups (CondenseNet). */
const reordered: Block = (net, draw, { x }) => {
  const order = Array.from({ length: x.channels }, (_, channel) => (channel * 5 + 3) % x.channels)
  const groups = x.channels % 4 === 0 ? 4 : 1
  const y = net.gather(net.relu(net.batchNorm(x)), order)
  return convBn(net, y, { out: groups * draw.channels(8, 64), kernel: draw.of([1, 3]), groups })
}

/** Local response normalization (AlexNet, GoogLeNet). */
const responsive: Block = (net, _, { x, size }) =>
  x.channels * size ** 2 > 2e5 ? x : net.lrn(x, { size: 5, alpha: 1e-4, beta: 0.75, bias: 1 })

/** The kinds, those of which networks have most more often. */
export const blocks: readonly [Block, ...Block[]] = [
  dense,
  dense,
  bottleneck,
  pointwise,
  inverted,
  inverted,
  grouped,
  grouped,
  shuffled,
  shuffled,
  split,
  excited,
  appended,
  branched,
  reordered,
  responsive,
]

/** Halves the side: by pooling, or by a convolution with stride 2. */
export function halve(net: Network, draw: Draw, place: Place): Value {
  const { x } = place
  const out = width(draw, place, 9 * x.channels, 1)
  return draw.of<() => Value>([
    () => net.maxPool(x, { kernel: 3, stride: 2, padding: 1 }),
    () => net.maxPool(net.relu(net.batchNorm(x)), { kernel: 2, stride: 2 }),
    () => net.averagePool(x, { kernel: 3, stride: 2, padding: 1 }),
    () => activated(net, draw, convBn(net, x, { out, kernel: 3, stride: 2 })),
    () => convBn(net, x, { out, kernel: 1, stride: 2 }),
    () => activated(net, draw, net.batchNorm(net.depthwise(x, { kernel: 3, stride: 2 }))),
    () =>
      activated(net, draw, net.batchNorm(net.depthwise(convBn(net, x, { out, kernel: 1 }), { kernel: 3, stride: 2 }))),
  ])()
}
