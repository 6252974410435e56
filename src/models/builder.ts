import type { Attribute } from '../types.js'
import { type Attributes, around, float, he, int, ints, small } from './attributes.js'
import { GraphWriter } from './graph-writer.js'
import { averaged, type Moments, maximum, rectified } from './moments.js'

/** A tensor on its way through a network under construction, [N, channels, …]. */
export interface Value extends Moments {
  readonly name: string
  readonly channels: number
}

/** One size for height and width, or one for each. */
export type Window = number | readonly [height: number, width: number]

export interface ConvOptions {
  readonly out: number
  readonly kernel: Window
  readonly stride?: number
  /** Default: (kernel - 1) / 2 on every side. */
  readonly padding?: Window
  readonly groups?: number
  readonly bias?: boolean
  /** Of the weights' variance, relative to He's; default 1. */
  readonly gain?: number
}

export interface PoolOptions {
  readonly kernel: Window
  readonly stride: number
  readonly padding?: number
  /** The last window may hang over the border, as in Caffe. */
  readonly ceil?: boolean
}

/** What a network cannot be: it would have half a channel, say, or groups of unequal size. */
export class Unbuildable extends Error {}

/**
 * Writes a network down layer by layer, as its paper lists it.
 *
 * Weights are drawn evenly with He's variance, 2 / fan-in, and each BatchNorm is given the variance that its input is
 * expected to have, so that activations keep their size through any depth without a single forward pass.
 * @see https://arxiv.org/abs/1502.01852 section 2.2
 */
export class Network extends GraphWriter {
  /** An image batch [batch, channels, height, width] of unit variance. */
  input(batch: number, channels: number, height: number, width: number): Value {
    const name = 'input'
    this.addInput(name, [batch, channels, height, width])
    return { name, channels, power: 1, mean: 0 }
  }

  conv(
    x: Value,
    { out, kernel, stride = 1, padding = half(kernel), groups = 1, bias = false, gain = 1 }: ConvOptions,
  ): Value {
    const inGroup = this.#divided(x.channels, groups)
    this.#divided(out, groups)
    const [kh, kw] = both(kernel)
    const name = this.nameOf('conv')
    const filter = he((inGroup * kh * kw) / gain)
    const inputs = [x.name, this.addWeight(`${name}.weight`, [out, inGroup, kh, kw], filter)]
    if (bias) inputs.push(this.addWeight(`${name}.bias`, [out], small))
    this.addNode(name, 'Conv', inputs, {
      group: int(groups),
      kernel_shape: ints(kh, kw),
      pads: pads(padding),
      strides: ints(stride, stride),
    })
    return { name, channels: out, power: 2 * gain * x.power, mean: 0 }
  }

  /** One k x k filter a channel. */
  depthwise(x: Value, options: Omit<ConvOptions, 'out' | 'groups'>): Value {
    return this.conv(x, { ...options, out: x.channels, groups: x.channels })
  }

  /** Dense 1 x 1 convolution whose filter o sees the inputs kept[o mod groups] only: its other weights count as zero. */
  maskedConv(x: Value, { out, kept }: { out: number; kept: readonly (readonly number[])[] }): Value {
    const name = this.nameOf('conv')
    const [first = []] = kept
    const mask = new Uint8Array(kept.length * x.channels)
    for (const [group, inputs] of kept.entries()) for (const index of inputs) mask[group * x.channels + index] = 1
    const rows = this.addConstant(`${name}.kept`, 'bool', [kept.length, x.channels, 1, 1], mask)
    const repeats = this.addIntegers(`${name}.repeats`, [this.#divided(out, kept.length), 1, 1, 1])
    this.addNode(`${name}.mask`, 'Tile', [rows, repeats], {})
    const weight = this.addWeight(`${name}.weight`, [out, x.channels, 1, 1], he(first.length))
    this.addNode(`${name}.masked`, 'Where', [`${name}.mask`, weight, this.addScalar(`${name}.zero`, 0)], {})
    this.addNode(name, 'Conv', [x.name, `${name}.masked`], { kernel_shape: ints(1, 1) })
    return { name, channels: out, power: 2 * x.power, mean: 0 }
  }

  batchNorm(x: Value, epsilon = 1e-5): Value {
    const name = this.nameOf('bn')
    const { channels, power } = x
    const inputs = [
      x.name,
      this.addWeight(`${name}.scale`, [channels], around(1)),
      this.addWeight(`${name}.bias`, [channels], small),
      this.addWeight(`${name}.mean`, [channels], small),
      this.addWeight(`${name}.var`, [channels], around(power)),
    ]
    this.addNode(name, 'BatchNormalization', inputs, { epsilon: float(epsilon) })
    return { ...x, name, power: 1, mean: x.mean / Math.sqrt(power) }
  }

  relu(x: Value): Value {
    return { ...this.#apply('relu', 'Relu', [x]), ...rectified(x) }
  }

  relu6(x: Value): Value {
    const [zero, six] = [this.addScalar('zero', 0), this.addScalar('six', 6)]
    const name = this.nameOf('relu6')
    this.addNode(name, 'Clip', [x.name, zero, six], {})
    return { ...x, name, ...rectified(x) }
  }

  /** x where it is positive, slope · x where it is not. */
  leakyRelu(x: Value, slope: number): Value {
    const y = this.#apply('leaky', 'LeakyRelu', [x], { alpha: float(slope) })
    return { ...y, ...rectified(x, slope) }
  }

  /** Of a normal x of mean 0 and variance v, a sigmoid has a variance of about v / (16 + 4v) around 1/2. */
  sigmoid(x: Value): Value {
    const power = 1 / 4 + x.power / (16 + 4 * x.power)
    return { ...this.#apply('sigmoid', 'Sigmoid', [x]), power, mean: 1 / 2 }
  }

  /** Elementwise; b may be [N, channels, 1, 1], one factor a channel. */
  multiply(a: Value, b: Value): Value {
    return { ...this.#apply('mul', 'Mul', [a, b]), power: a.power * b.power, mean: a.mean * b.mean }
  }

  add(a: Value, b: Value): Value {
    const power = a.power + b.power + 2 * a.mean * b.mean
    return { ...this.#apply('add', 'Add', [a, b]), power, mean: a.mean + b.mean }
  }

  /** One after another along the channels, or along another axis. */
  concat(values: readonly [Value, ...Value[]], axis = 1): Value {
    const channels = values.reduce((sum, value) => sum + value.channels, 0)
    const power = values.reduce((sum, value) => sum + value.power * value.channels, 0) / channels
    const mean = values.reduce((sum, value) => sum + value.mean * value.channels, 0) / channels
    const y = this.#apply('concat', 'Concat', values, { axis: int(axis) })
    return { ...y, channels: axis === 1 ? channels : y.channels, power, mean }
  }

  /** The first and the second half of the channels. */
  halves(x: Value): readonly [Value, Value] {
    const channels = this.#divided(x.channels, 2)
    const name = this.nameOf('split')
    const outputs = [`${name}.0`, `${name}.1`] as const
    const sizes = this.addIntegers(`${name}.sizes`, [channels, channels])
    this.addNode(name, 'Split', [x.name, sizes], { axis: int(1) }, outputs)
    return [
      { ...x, name: outputs[0], channels },
      { ...x, name: outputs[1], channels },
    ]
  }

  /** The channels with these numbers, in their order; one may come several times. */
  gather(x: Value, channels: readonly number[]): Value {
    const name = this.nameOf('gather')
    this.addNode(name, 'Gather', [x.name, this.addIntegers(`${name}.index`, channels)], { axis: int(1) })
    return { ...x, name, channels: channels.length }
  }

  /** Deals the channels out to groups like cards: [N, groups, C/groups] becomes [N, C/groups, groups]. */
  channelShuffle(x: Value, groups: number): Value {
    const size = this.#divided(x.channels, groups)
    const name = this.nameOf('shuffle')
    const grouped = this.addIntegers(`${name}.groups`, [0, groups, size, -1])
    this.addNode(`${name}.grouped`, 'Reshape', [x.name, grouped], {})
    this.addNode(`${name}.dealt`, 'Transpose', [`${name}.grouped`], { perm: ints(0, 2, 1, 3) })
    this.addNode(`${name}.shape`, 'Shape', [x.name], {})
    this.addNode(name, 'Reshape', [`${name}.dealt`, `${name}.shape`], {})
    return { ...x, name }
  }

  /** Padding counts as zeros in the mean, as in Caffe and PyTorch. */
  averagePool(x: Value, options: PoolOptions): Value {
    const attributes = { count_include_pad: int(1), ...pooling(options) }
    return { ...this.#apply('avgpool', 'AveragePool', [x], attributes), ...averaged(x) }
  }

  maxPool(x: Value, options: PoolOptions): Value {
    const [height, width] = both(options.kernel)
    return { ...this.#apply('maxpool', 'MaxPool', [x], pooling(options)), ...maximum(x, height * width) }
  }

  globalAveragePool(x: Value): Value {
    return { ...this.#apply('gap', 'GlobalAveragePool', [x]), ...averaged(x) }
  }

  /** Local response normalization across `size` channels; `alpha` is divided by `size`, as in Caffe. */
  lrn(x: Value, { size, alpha, beta, bias }: { size: number; alpha: number; beta: number; bias: number }): Value {
    const attributes = { size: int(size), alpha: float(alpha), beta: float(beta), bias: float(bias) }
    const scale = bias ** -beta
    return { ...this.#apply('lrn', 'LRN', [x], attributes), power: x.power * scale ** 2, mean: x.mean * scale }
  }

  /** Each block of size x size pixels becomes one pixel: [N, C, H, W] → [N, size²·C, H/size, W/size]. */
  spaceToDepth(x: Value, size: number): Value {
    const y = this.#apply('spacetodepth', 'SpaceToDepth', [x], { blocksize: int(size) })
    return { ...y, channels: size ** 2 * x.channels }
  }

  /** Indices `start` up to `end` of an axis. */
  slice(x: Value, { axis, start, end }: { axis: number; start: number; end: number }): Value {
    const name = this.nameOf('slice')
    const bounds = [start, end, axis].map((value, index) => this.addIntegers(`${name}.${index}`, [value]))
    this.addNode(name, 'Slice', [x.name, ...bounds], {})
    return { ...x, name, channels: axis === 1 ? end - start : x.channels }
  }

  /** Axis i of the result is axis order[i] of x; `channels` stays that of x. */
  transpose(x: Value, order: readonly number[]): Value {
    return this.#apply('transpose', 'Transpose', [x], { perm: ints(...order) })
  }

  /** The same elements in dims[0] x dims[1] x …; a 0 keeps the size x has there. */
  reshape(x: Value, dims: readonly [number, number, ...number[]]): Value {
    const name = this.nameOf('reshape')
    this.addNode(name, 'Reshape', [x.name, this.addIntegers(`${name}.shape`, dims)], {})
    return { ...x, name, channels: dims[1] }
  }

  /** [N, channels, …] → [N, all the rest]. */
  flatten(x: Value): Value {
    return this.#apply('flatten', 'Flatten', [x], { axis: int(1) })
  }

  /** Fully connected layer on [N, channels], or on [N, channels, H, W] of H·W `pixels`. */
  fullyConnected(x: Value, out: number, { bias = true, pixels = 1 }: { bias?: boolean; pixels?: number } = {}): Value {
    const width = x.channels * pixels
    const flat = this.flatten(x)
    const name = this.nameOf('fc')
    const inputs = [flat.name, this.addWeight(`${name}.weight`, [out, width], he(width))]
    if (bias) inputs.push(this.addWeight(`${name}.bias`, [out], small))
    this.addNode(name, 'Gemm', inputs, { transB: int(1) })
    return { name, channels: out, power: 2 * x.power, mean: 0 }
  }

  /** @throws Unbuildable, naming the layer, where there would be a fraction of a channel */
  #divided(channels: number, groups: number): number {
    const inGroup = channels / groups
    if (Number.isInteger(inGroup) && inGroup > 0) return inGroup
    const parts = groups === 1 ? '' : `, which do not divide into ${groups} groups`
    throw new Unbuildable(`${this.layer} would have ${Number(channels.toPrecision(6))} channels${parts}`)
  }

  #apply(kind: string, op: string, inputs: readonly [Value, ...Value[]], attributes: Attributes = {}): Value {
    const name = this.nameOf(kind)
    this.addNode(
      name,
      op,
      inputs.map((value) => value.name),
      attributes,
    )
    return { ...inputs[0], name }
  }
}

const pooling = ({ kernel, stride, padding = 0, ceil = false }: PoolOptions): Attributes => ({
  kernel_shape: ints(...both(kernel)),
  pads: pads(padding),
  strides: ints(stride, stride),
  ...(ceil ? { ceil_mode: int(1) } : {}),
})

const both = (size: Window): readonly [height: number, width: number] =>
  typeof size === 'number' ? [size, size] : size

const half = (kernel: Window): Window => {
  const [height, width] = both(kernel)
  return [(height - 1) / 2, (width - 1) / 2]
}

/** The same on opposite sides. */
const pads = (padding: Window): Attribute => ints(...both(padding), ...both(padding))
