import { expect, test } from 'vitest'
import { shuffleUnit } from '../../../src/models/shufflenet-v2-unit.js'
import { build } from '../../../src/models/spec.js'
import { squeezeExcitation } from '../../../src/models/squeeze-excitation.js'
import { difference, inputOf, micro, outputOf, weightOf, withWeights } from '../run.js'

const size = 6
const pixels = size * size

/** The elements of one channel. */
const channel = (values: Float32Array, index: number) => values.subarray(index * pixels, (index + 1) * pixels)

/** [out, in/groups, k, k] as [out, in, k, k] with zeros outside of the groups. */
function dense(filter: Float32Array, { out, inputs, groups, kernel }: Record<string, number> & object): Float32Array {
  const [rows, columns, taps] = [out ?? 0, inputs ?? 0, (kernel ?? 0) ** 2]
  const inGroup = columns / (groups ?? 1)
  const full = new Float32Array(rows * columns * taps)
  for (let o = 0; o < rows; o++) {
    const first = Math.floor(o / (rows / (groups ?? 1))) * inGroup
    for (let i = 0; i < inGroup; i++) {
      const from = (o * inGroup + i) * taps
      full.set(filter.subarray(from, from + taps), (o * columns + first + i) * taps)
    }
  }
  return full
}

test.each([1, 2])('a depthwise convolution is a dense one with a block-diagonal kernel, stride %i', async (stride) => {
  const depthwise = micro(8, size, (net, x) => net.depthwise(x, { kernel: 3, stride }))
  const full = micro(8, size, (net, x) => net.conv(x, { out: 8, kernel: 3, stride }))
  const filter = dense(weightOf(depthwise, 'conv.weight'), { out: 8, inputs: 8, groups: 8, kernel: 3 })
  const input = inputOf(depthwise)
  const expected = await outputOf(withWeights(full, { 'conv.weight': filter }), input)
  expect(difference(await outputOf(depthwise, input), expected)).toBeLessThan(1e-5)
})

test.each([2, 3, 4])(
  'a grouped convolution and a shuffle are a dense one with its filters dealt out, %i groups',
  async (groups) => {
    const [inputs, out] = [24, 12]
    const grouped = micro(inputs, size, (net, x) => net.channelShuffle(net.conv(x, { out, kernel: 1, groups }), groups))
    const full = micro(inputs, size, (net, x) => net.conv(x, { out, kernel: 1 }))
    const filters = dense(weightOf(grouped, 'conv.weight'), { out, inputs, groups, kernel: 1 })
    const inGroup = out / groups
    const dealt = new Float32Array(filters.length)
    for (let group = 0; group < groups; group++) {
      for (let i = 0; i < inGroup; i++) {
        const from = (group * inGroup + i) * inputs
        dealt.set(filters.subarray(from, from + inputs), (i * groups + group) * inputs)
      }
    }
    const input = inputOf(grouped)
    const expected = await outputOf(withWeights(full, { 'conv.weight': dealt }), input)
    expect(difference(await outputOf(grouped, input), expected)).toBeLessThan(1e-5)
  },
)

test('a channel shuffle moves whole channels, and shuffling back undoes it', async () => {
  const shuffled = micro(12, size, (net, x) => net.channelShuffle(x, 3))
  const input = inputOf(shuffled)
  const output = await outputOf(shuffled, input)
  const order = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
  order.forEach((from, to) => {
    expect(channel(output, to)).toEqual(channel(input, from))
  })
  const undone = micro(12, size, (net, x) =>
    net.scope('b', () =>
      net.channelShuffle(
        net.scope('a', () => net.channelShuffle(x, 3)),
        4,
      ),
    ),
  )
  expect(await outputOf(undone, input)).toEqual(input)
})

test('splitting, concatenating and shuffling interleaves the halves', async () => {
  const model = micro(8, size, (net, x) => net.channelShuffle(net.concat([...net.halves(x)]), 2))
  const input = inputOf(model)
  const output = await outputOf(model, input)
  const order = [0, 4, 1, 5, 2, 6, 3, 7]
  order.forEach((from, to) => {
    expect(channel(output, to)).toEqual(channel(input, from))
  })
})

test('a ShuffleNet V2 unit of stride 1 passes its left half by, on the even channels', async () => {
  const unit = micro(16, size, (net, x) => shuffleUnit(net, x, { out: 16, stride: 1, form: {} }))
  const input = inputOf(unit)
  const output = await outputOf(unit, input)
  for (let i = 0; i < 8; i++) expect(channel(output, 2 * i)).toEqual(channel(input, i))
  const worked = Array.from({ length: 8 }, (_, i) => channel(output, 2 * i + 1))
  expect(worked.every((values) => values.every((value) => value >= 0) && values.some((value) => value > 0))).toBe(true)
})

test('the branch of a residual unit is added to its input, and the sum clipped', async () => {
  const unit = micro(16, size, (net, x) => shuffleUnit(net, x, { out: 16, stride: 1, form: { residual: true } }))
  const input = inputOf(unit)
  // a branch that is -1/2 everywhere
  const even = withWeights(unit, {
    'right/leave/bn.scale': new Float32Array(8),
    'right/leave/bn.bias': new Float32Array(8).fill(-0.5),
  })
  const output = await outputOf(even, input)
  for (let i = 0; i < 8; i++) {
    expect(channel(output, 2 * i + 1)).toEqual(channel(input, 8 + i).map((value) => Math.max(0, value - 0.5)))
  }
})

test.each([false, true])('Squeeze-and-Excitation is its formula, bias %s', async (bias) => {
  const [channels, hidden] = [8, 3]
  const model = micro(channels, size, (net, x) => squeezeExcitation(net, x, { hidden, bias }))
  const input = inputOf(model)
  const means = Array.from({ length: channels }, (_, c) => channel(input, c).reduce((a, b) => a + b, 0) / pixels)
  const layer = (values: readonly number[], name: string, out: number): number[] => {
    const weights = weightOf(model, `${name}.weight`)
    const biases = bias ? weightOf(model, `${name}.bias`) : new Float32Array(out)
    return Array.from({ length: out }, (_, o) =>
      values.reduce((sum, value, i) => sum + value * (weights[o * values.length + i] ?? 0), biases[o] ?? 0),
    )
  }
  const excited = layer(means, 'se/reduce/conv', hidden).map((value) => Math.max(0, value))
  const gates = layer(excited, 'se/expand/conv', channels).map((value) => 1 / (1 + Math.exp(-value)))
  const expected = input.map((value, i) => value * (gates[Math.floor(i / pixels)] ?? 0))
  expect(difference(await outputOf(model, input), expected)).toBeLessThan(1e-5)
})

test('the average pool of a stride-2 unit divides by nine at the border too', async () => {
  const model = micro(1, 4, (net, x) => net.averagePool(x, { kernel: 3, stride: 2, padding: 1 }))
  const ones = new Float32Array(16).fill(1)
  expect(Array.from(await outputOf(model, ones))).toEqual([4 / 9, 6 / 9, 6 / 9, 1].map(Math.fround))
})

test.each([
  // the shortcut is the block's input before its ReLU
  ['xception', 'entry2/shortcut/conv', 'entry1/add'],
  ['xception', 'entry2/separable1/relu', 'entry1/add'],
  ['xception', 'middle1/separable1/relu', 'entry3/add'],
  ['xception', 'middle1/add', 'middle1/separable3/pointwise/bn', 'entry3/add'],
  ['xception', 'middle8/add', 'middle8/separable3/pointwise/bn', 'middle7/add'],
  ['xception', 'exit1/add', 'exit1/maxpool', 'exit1/shortcut/bn'],
  // the first block's input comes from a ReLU; nothing stands between depthwise and pointwise
  ['xception', 'entry1/separable1/depthwise/conv', 'stem2/relu'],
  ['xception', 'entry1/separable1/pointwise/conv', 'entry1/separable1/depthwise/conv'],
  ['mobilenet-v1', 'layer1/pointwise/conv', 'layer1/depthwise/relu'],
  // no ReLU after the depthwise convolution; the shuffle stands before it
  ['shufflenet-v1', 'stage2/unit1/depthwise/conv', 'stage2/unit1/bottleneck/shuffle'],
  ['shufflenet-v1', 'stage2/unit1/expand/conv', 'stage2/unit1/depthwise/bn'],
  ['shufflenet-v1', 'stage2/unit1/avgpool', 'stem/maxpool'],
  ['shufflenet-v1', 'stage2/unit1/concat', 'stage2/unit1/avgpool', 'stage2/unit1/expand/bn'],
  ['shufflenet-v1', 'stage2/unit2/add', 'stage2/unit1/relu', 'stage2/unit2/expand/bn'],
  ['shufflenet-v1:groups=1', 'stage2/unit1/depthwise/conv', 'stage2/unit1/bottleneck/relu'],
  ['se-shufflenet-v1', 'stage2/unit1/concat', 'stage2/unit1/avgpool', 'stage2/unit1/se/mul'],
  ['se-shufflenet-v1', 'stage2/unit2/add', 'stage2/unit1/relu', 'stage2/unit2/se/mul'],
  ['shufflenet-v2', 'stage2/unit1/concat', 'stage2/unit1/left/relu', 'stage2/unit1/relu'],
  ['shufflenet-v2', 'stage2/unit2/split', 'stage2/unit1/shuffle'],
  ['shufflenet-v2:receptive-field=wide', 'stage2/unit2/right/enter/conv', 'stage2/unit2/right/widen/bn'],
  ['se-shufflenet-v2-164', 'conv2/unit2/add', 'conv2/unit2/split.1', 'conv2/unit2/right/se/mul'],
  ['condensenet-74', 'block1/layer2/concat', 'block1/layer1/concat', 'block1/layer2/grow/conv'],
  ['condensenet-74', 'block2/layer1/concat', 'transition1/avgpool', 'block2/layer1/grow/conv'],
])('in %s, %s reads %s %s', (spec, name, ...inputs) => {
  const model = build(spec)
  const node = model.nodes.find((candidate) => candidate.name === name)
  expect(node?.inputs.filter((input) => !model.weights.has(input))).toEqual(inputs)
})
