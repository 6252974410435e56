import type { Value } from '../../models/builder.js'
import type { Attribute, Model } from '../../types.js'
import { Draw } from './draw.js'
import { NumberedNetwork } from './numbered.js'

const int = (value: number): Attribute => ({ type: 'int', value })
const float = (value: number): Attribute => ({ type: 'float', value })
const ints = (...value: readonly number[]): Attribute => ({ type: 'ints', value })

const patch = 16
const layers = 3

/**
 * A network of the operators that convolutional ones have few of: attention over patches of an image, and plain arithmetic
 * on images.
 */
export function sequenceNetwork(seed: number): Model {
  const draw = new Draw(1000 + seed)
  const net = new NumberedNetwork()
  const side = draw.of([96, 160, 224])
  const heads = draw.of([2, 4, 6])
  const width = heads * draw.of([16, 32, 64])
  const tokens = (side / patch) ** 2
  const image = net.input(1, 3, side, side)
  const patches = net.conv(image, { out: width, kernel: patch, stride: patch, padding: 0, bias: true })
  let x = net.transpose(net.reshape(patches, [0, width, -1]), [0, 2, 1])
  for (let layer = 0; layer < layers; layer++) {
    x = net.scope(`layer${layer}`, () => encoder(net, x, { tokens, heads, width, inner: width * draw.of([2, 4]) }))
  }
  const pooled = net.apply('ReduceMean', [x], { axes: ints(1), keepdims: int(0) })
  const out = net.apply('Softmax', [net.apply('MatMul', [pooled, net.weight([width, 1000], 0.05)])], { axis: int(-1) })
  const other = net.scope('images', () => arithmetic(net, draw, image))
  return net.finish(`calibration sequence ${seed}`, `calibration sequence ${seed}`, [out, other])
}

interface Sizes {
  readonly tokens: number
  readonly heads: number
  readonly width: number
  readonly inner: number
}

/** A layer of a transformer, as exporters write it. */
function encoder(net: NumberedNetwork, x: Value, { tokens, heads, width, inner }: Sizes): Value {
  const bound = Math.sqrt(3 / width)
  const dense = (from: Value, inputs: number, outputs: number) =>
    net.apply('Add', [net.apply('MatMul', [from, net.weight([inputs, outputs], bound)]), net.weight([outputs], 0.1)])
  const normalized = (from: Value) =>
    net.apply('LayerNormalization', [from, net.weight([width], 1), net.weight([width], 0.1)], { axis: int(-1) })
  const split = (from: Value, order: readonly number[]) =>
    net.transpose(net.reshape(from, [0, tokens, heads, width / heads]), order)
  const y = normalized(x)
  const query = split(dense(y, width, width), [0, 2, 1, 3])
  const key = split(dense(y, width, width), [0, 2, 3, 1])
  const value = split(dense(y, width, width), [0, 2, 1, 3])
  const scores = net.apply('Div', [net.apply('MatMul', [query, key]), net.scalar(Math.sqrt(width / heads))])
  const mixed = net.apply('MatMul', [net.apply('Softmax', [scores], { axis: int(-1) }), value])
  const joined = net.reshape(net.transpose(mixed, [0, 2, 1, 3]), [0, tokens, width])
  const attended = net.apply('Add', [x, dense(joined, width, width)])
  const wide = gelu(net, dense(normalized(attended), width, inner))
  return net.apply('Add', [attended, dense(wide, inner, width)])
}

function gelu(net: NumberedNetwork, x: Value): Value {
  const erf = net.apply('Erf', [net.apply('Div', [x, net.scalar(Math.SQRT2)])])
  return net.apply('Mul', [net.apply('Mul', [x, net.apply('Add', [erf, net.scalar(1)])]), net.scalar(0.5)])
}

const unary = ['Sigmoid', 'Tanh', 'HardSigmoid', 'HardSwish', 'Exp', 'Abs', 'Sqrt', 'Softplus', 'Neg', 'Floor', 'Elu']
const binary = ['Sub', 'Div', 'Max', 'Min', 'Pow']

/** Elementwise operators and changes of size, each on several sizes of image. */
function arithmetic(net: NumberedNetwork, draw: Draw, image: Value): Value {
  let x: Value = image
  for (const channels of [8, 24, 64]) {
    // absolute values below one: no operator leaves the numbers
    x = net.apply('Sigmoid', [net.conv(x, { out: channels, kernel: 3, stride: 2 })])
    for (const op of unary) x = net.apply('Sigmoid', [net.apply(op, [x])])
    for (const op of binary) x = net.apply('Sigmoid', [net.apply(op, [x, op === 'Pow' ? net.scalar(2) : x])])
    x = net.apply('Mul', [x, net.weight([1, channels, 1, 1], 1)])
    x = net.apply('Sub', [x, net.apply('ReduceMean', [x], { axes: ints(2, 3), keepdims: int(1) })])
    x = net.apply('LeakyRelu', [net.apply('Clip', [x, net.scalar(-1), net.scalar(1)])], { alpha: float(0.1) })
    x = net.apply('ReduceMax', [x], { axes: ints(1), keepdims: int(1) })
    x = net.apply('ConvTranspose', [x, net.weight([1, channels, 2, 2], 1)], { strides: ints(2, 2) })
    x = { ...net.slice({ ...x, channels }, { axis: 2, start: 0, end: 16 * draw.of([1, 2]) }), channels }
  }
  return net.apply('ReduceMean', [x], { keepdims: int(0) })
}
