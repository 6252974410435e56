import { describe, expect, test } from 'vitest'
import { adaptiveAveragePool } from '../../../src/models/adaptive-pool.js'
import { bottleneck } from '../../../src/models/bottleneck.js'
import { Network } from '../../../src/models/builder.js'
import { build } from '../../../src/models/spec.js'
import { recalibrated } from '../../../src/models/squeeze-excitation.js'
import { ssdlite } from '../../../src/models/ssdlite.js'
import type { Model } from '../../../src/types.js'
import { difference, inputOf, micro, outputOf, run, type Values, weightOf, withWeights } from '../run.js'

const at = (values: ArrayLike<number>, index: number): number => {
  const value = values[index]
  if (value === undefined) throw new RangeError(`${index} of ${values.length}`)
  return value
}

/** [C, H, W] computed element by element. */
function tensor(c: number, h: number, w: number, element: (c: number, y: number, x: number) => number): Values {
  const values = new Float32Array(c * h * w)
  for (let i = 0; i < c; i++) {
    for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) values[(i * h + y) * w + x] = element(i, y, x)
  }
  return values
}

describe('BatchNorm', () => {
  // epsilon as the architecture sets it
  test.each([undefined, 1e-3])('folds into the convolution before it, epsilon %s', async (epsilon) => {
    const [inputs, out, size] = [5, 7, 6]
    const separate = micro(inputs, size, (net, x) => net.batchNorm(net.conv(x, { out, kernel: 3 }), epsilon))
    const folded = micro(inputs, size, (net, x) => net.conv(x, { out, kernel: 3, bias: true }))
    const [weight, scale, shift, mean, variance] = ['conv.weight', 'bn.scale', 'bn.bias', 'bn.mean', 'bn.var'].map(
      (name) => weightOf(separate, name),
    ) as [Values, Values, Values, Values, Values]
    const factor = scale.map((value, i) => value / Math.sqrt(at(variance, i) + (epsilon ?? 1e-5)))
    const model = withWeights(folded, {
      'conv.weight': weight.map((value, i) => value * at(factor, Math.floor(i / (inputs * 9)))),
      'conv.bias': shift.map((value, i) => value - at(mean, i) * at(factor, i)),
    })
    const input = inputOf(separate)
    const expected = await outputOf(model, input, { level: 'disabled' })
    expect(difference(await outputOf(separate, input, { level: 'disabled' }), expected)).toBeLessThan(1e-5)
    expect(difference(await outputOf(separate, input), expected)).toBeLessThan(1e-5)
  })

  test('has the variance of 1e-3 where TensorFlow trained the network', () => {
    const epsilons = (spec: string) =>
      new Set(
        build(spec).nodes.flatMap(({ attributes: { epsilon } }) => (epsilon?.type === 'float' ? epsilon.value : [])),
      )
    expect(epsilons('inception-v3')).toEqual(new Set([Math.fround(1e-3)]))
    expect(epsilons('googlenet')).toEqual(new Set([Math.fround(1e-3)]))
    expect(epsilons('resnet-50')).toEqual(new Set([Math.fround(1e-5)]))
  })
})

describe('SE', () => {
  test.each([
    { channels: 12, reduction: 4, bias: true },
    { channels: 12, reduction: 5, bias: false },
    { channels: 3, reduction: 16, bias: true },
  ])(
    'scales each channel by its gate: $channels channels, reduction $reduction',
    async ({ channels, reduction, bias }) => {
      const size = 5
      const model = micro(channels, size, (net, x) => recalibrated(net, x, { reduction, bias }))
      const input = inputOf(model)
      const hidden = Math.max(1, Math.floor(channels / reduction))
      const layer = (name: string, x: readonly number[], outputs: number) => {
        const weights = weightOf(model, `se/${name}/conv.weight`)
        expect(weights.length).toBe(outputs * x.length)
        const biases = bias ? weightOf(model, `se/${name}/conv.bias`) : new Float32Array(outputs)
        return Array.from({ length: outputs }, (_, o) =>
          x.reduce((sum, value, i) => sum + value * at(weights, o * x.length + i), at(biases, o)),
        )
      }
      const pixels = size ** 2
      const means = Array.from({ length: channels }, (_, c) =>
        input.subarray(c * pixels, (c + 1) * pixels).reduce((sum, value) => sum + value / pixels, 0),
      )
      const excited = layer('reduce', means, hidden).map((value) => Math.max(0, value))
      const gates = layer('expand', excited, channels).map((value) => 1 / (1 + Math.exp(-value)))
      const expected = tensor(channels, size, size, (c, y, x) => at(gates, c) * at(input, (c * size + y) * size + x))
      expect(difference(await outputOf(model, input), expected)).toBeLessThan(1e-5)
    },
  )
})

describe("YOLO's reorg", () => {
  test('stacks each block of 2 x 2 pixels', async () => {
    const [channels, size] = [3, 6]
    const model = micro(channels, size, (net, x) => net.spaceToDepth(x, 2))
    const input = inputOf(model)
    const expected = tensor(4 * channels, size / 2, size / 2, (c, y, x) => {
      const [block, from] = [Math.floor(c / channels), c % channels]
      const [dy, dx] = [Math.floor(block / 2), block % 2]
      return at(input, (from * size + 2 * y + dy) * size + 2 * x + dx)
    })
    expect(await outputOf(model, input)).toEqual(expected)
  })

  test('feeds the fine map, stacked, before the coarse one', () => {
    const { nodes } = build('yolo-v2')
    const concat = nodes.find(({ op }) => op === 'Concat')
    expect(concat?.inputs).toEqual(['detector/spacetodepth', 'detector/2/leaky'])
    expect(nodes.find(({ op }) => op === 'SpaceToDepth')?.inputs).toEqual(['detector/passthrough/leaky'])
    // the 512 channels before the last pooling
    const passed = nodes.find(({ name }) => name === 'detector/passthrough/conv')?.inputs[0]
    const pools = nodes.filter(({ op }) => op === 'MaxPool')
    expect(pools).toHaveLength(5)
    expect(pools.at(-1)?.inputs).toEqual([passed])
  })
})

describe('LeakyReLU, LRN', () => {
  test('0.1 of what is negative', async () => {
    const model = micro(2, 4, (net, x) => net.leakyRelu(x, 0.1))
    const input = inputOf(model)
    const expected = input.map((value) => (value > 0 ? value : Math.fround(0.1) * value))
    expect(difference(await outputOf(model, input), expected)).toBeLessThan(1e-6)
  })

  test("is Caffe's: alpha over the size, five channels around", async () => {
    const [channels, size] = [9, 3]
    const model = micro(channels, size, (net, x) => net.lrn(x, { size: 5, alpha: 0.3, beta: 0.75, bias: 1 }))
    const input = inputOf(model)
    const value = (c: number, y: number, x: number) => at(input, (c * size + y) * size + x)
    const expected = tensor(channels, size, size, (c, y, x) => {
      let squares = 0
      for (let i = Math.max(0, c - 2); i <= Math.min(channels - 1, c + 2); i++) squares += value(i, y, x) ** 2
      return value(c, y, x) / (1 + (0.3 / 5) * squares) ** 0.75
    })
    expect(difference(await outputOf(model, input), expected)).toBeLessThan(1e-5)
  })
})

describe('pooling', () => {
  /** As PyTorch defines AdaptiveAvgPool2d. */
  const adaptive = (input: Values, channels: number, from: number, to: number) => {
    const window = (i: number) => [Math.floor((i * from) / to), Math.ceil(((i + 1) * from) / to)] as const
    return tensor(channels, to, to, (c, y, x) => {
      const [[top, bottom], [left, right]] = [window(y), window(x)]
      let sum = 0
      for (let v = top; v < bottom; v++) for (let u = left; u < right; u++) sum += at(input, (c * from + v) * from + u)
      return sum / ((bottom - top) * (right - left))
    })
  }

  test.each([
    [7, 7],
    [14, 7],
    [8, 7],
    [9, 7],
    [10, 7],
    [13, 6],
    [18, 6],
    [5, 7],
    [3, 7],
    [2, 7],
    [1, 7],
    [1, 6],
    [64, 7],
  ])('adapts %i pixels to %i', async (from, to) => {
    const channels = 2
    // 7 to 7 is no node at all, so one that changes nothing follows
    const model = micro(channels, from, (net, x) => net.leakyRelu(adaptiveAveragePool(net, x, { from, to }), 1))
    const input = inputOf(model)
    expect(difference(await outputOf(model, input), adaptive(input, channels, from, to))).toBeLessThan(1e-5)
  })

  test.each([
    [7, 3],
    [8, 4],
    [9, 4],
    [12, 6],
  ])("over the border, as Caffe's: %i pixels become %i", async (from, to) => {
    const model = micro(1, from, (net, x) => net.maxPool(x, { kernel: 3, stride: 2, ceil: true }))
    const input = inputOf(model)
    const expected = tensor(1, to, to, (_, y, x) => {
      let most = Number.NEGATIVE_INFINITY
      for (let v = 2 * y; v < Math.min(from, 2 * y + 3); v++) {
        for (let u = 2 * x; u < Math.min(from, 2 * x + 3); u++) most = Math.max(most, at(input, v * from + u))
      }
      return most
    })
    expect(await outputOf(model, input)).toEqual(expected)
  })

  test('counts the zeros of the padding in a mean', async () => {
    const size = 4
    const model = micro(1, size, (net, x) => net.averagePool(x, { kernel: 3, stride: 1, padding: 1 }))
    const input = inputOf(model)
    const expected = tensor(1, size, size, (_, y, x) => {
      let sum = 0
      for (let v = Math.max(0, y - 1); v <= Math.min(size - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(size - 1, x + 1); u++) sum += at(input, v * size + u)
      }
      return sum / 9
    })
    expect(difference(await outputOf(model, input), expected)).toBeLessThan(1e-5)
  })
})

describe('bottleneck', () => {
  const block = (groups: number): Model =>
    micro(16, 5, (net, x) => bottleneck(net, x, { width: 8, out: 16, stride: 1, version: '1.5', groups }))

  test.each([2, 4, 8])('of %i groups is one of a block-diagonal 3 x 3', async (groups) => {
    const [grouped, dense] = [block(groups), block(1)]
    const filter = weightOf(grouped, 'b/conv.weight')
    const inGroup = 8 / groups
    const full = new Float32Array(8 * 8 * 9)
    for (let o = 0; o < 8; o++) {
      const first = Math.floor(o / inGroup) * inGroup
      for (let i = 0; i < inGroup * 9; i++) full[(o * 8 + first) * 9 + i] = at(filter, o * inGroup * 9 + i)
    }
    const input = inputOf(grouped)
    const expected = await outputOf(withWeights(dense, { 'b/conv.weight': full }), input)
    expect(difference(await outputOf(grouped, input), expected)).toBeLessThan(1e-5)
  })

  test('has its stride in the first 1 x 1, or in the 3 x 3', () => {
    const strides = (spec: string) =>
      build(spec)
        .nodes.filter(({ name, op }) => op === 'Conv' && name.startsWith('conv3_1/'))
        .map(({ name, attributes }) => [name, attributes.strides?.type === 'ints' ? attributes.strides.value[0] : 0])
    const with1 = [
      ['conv3_1/a/conv', 2],
      ['conv3_1/b/conv', 1],
      ['conv3_1/c/conv', 1],
      ['conv3_1/shortcut/conv', 2],
    ]
    const with15 = with1.map(([name, stride]) => [
      name,
      name === 'conv3_1/a/conv' ? 1 : name === 'conv3_1/b/conv' ? 2 : stride,
    ])
    expect(strides('resnet-50:version=1')).toEqual(with1)
    expect(strides('resnet-50')).toEqual(with15)
    expect(strides('se-resnet-50').filter(([name]) => !String(name).includes('/se/'))).toEqual(with1)
    expect(strides('se-resnext-50').filter(([name]) => !String(name).includes('/se/'))).toEqual(with15)
  })
})

test('SSDLite lists its anchors pixel by pixel, map by map', async () => {
  const [classes, resolution] = [4, 48]
  const net = new Network()
  const coarse = net.input(1, 6, 3, 3)
  // 3 x 3 is the 1/16 of 48 pixels, 2 x 2 its 1/32
  const finer = net.scope('half', () => net.maxPool(coarse, { kernel: 2, stride: 1 }))
  const outputs = ssdlite(net, { maps: [coarse, finer], classes, resolution, batch: 1 })
  const model = net.finish('micro', 'micro', outputs)
  const sizes = [3, 2, 1, 1, 1, 1]
  const maps = ['boxes', 'scores'].flatMap((what) => sizes.map((_, i) => `${what}/map${i + 1}/conv`))
  const all = { ...model, outputs: [...model.outputs, ...maps.map((name) => ({ name, type: null }))] }
  const [boxes, scores, ...raw] = await run(all, inputOf(model))
  for (const [listed, perAnchor, offset] of [
    [boxes, 4, 0],
    [scores, classes + 1, sizes.length],
  ] as const) {
    const expected = sizes.flatMap((size, index) => {
      const values = raw[offset + index] as Values
      const anchors = index === 0 ? 3 : 6
      expect(values.length).toBe(anchors * perAnchor * size ** 2)
      return Array.from({ length: values.length }, (_, i) => {
        const [pixel, channel] = [Math.floor(i / (anchors * perAnchor)), i % (anchors * perAnchor)]
        return at(values, channel * size ** 2 + pixel)
      })
    })
    expect(Array.from(listed as Values)).toEqual(expected)
  }
})
