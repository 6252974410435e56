import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numbers } from '../../../src/models/options.js'
import { build } from '../../../src/models/spec.js'
import { analyzeModel } from '../../../src/pipeline/analyze.js'

const countsOf = async (spec: string) => {
  const { totals } = await analyzeModel(build(spec))
  return { params: totals.params, macs: totals.macs }
}

const specOf = (model: { origin: { kind: string; spec?: string } }) => model.origin.spec

// blocks and output channels of ResNet's stages 2 to 5
const stages = [
  { number: 2, blocks: { 50: 3, 101: 3, 152: 3 }, channels: 256 },
  { number: 3, blocks: { 50: 4, 101: 4, 152: 8 }, channels: 512 },
  { number: 4, blocks: { 50: 6, 101: 23, 152: 36 }, channels: 1024 },
  { number: 5, blocks: { 50: 3, 101: 3, 152: 3 }, channels: 2048 },
] as const

/** SENet, equation 5: two layers of C · C/r weights a block; with bias, C/r + C more. */
const gate = (channels: number, reduction: number, bias: boolean) => {
  const hidden = Math.max(1, Math.floor(channels / reduction))
  return { macs: 2 * channels * hidden, params: 2 * channels * hidden + (bias ? channels + hidden : 0) }
}

describe('SE-ResNet', () => {
  const plain = { 50: 25557032, 101: 44549160, 152: 60192808 }
  const some = fc.record({
    depth: fc.constantFrom(50, 101, 152),
    reduction: fc.integer({ min: 1, max: 1024 }),
    bias: fc.boolean(),
    placement: fc.constantFrom('standard', 'pre', 'post', 'identity', '3x3'),
    with: fc.subarray([2, 3, 4, 5], { minLength: 1 }),
  })

  test('has the params of ResNet and, in each chosen block, those of equation 5', async () => {
    await fc.assert(
      fc.asyncProperty(some, async ({ depth, reduction, bias, placement, with: chosen }) => {
        const spec = `se-resnet-${depth}:reduction=${reduction},bias=${bias},placement=${placement},stages=${chosen.join('+')}`
        let params = plain[depth as 50]
        for (const { number, blocks, channels } of stages.filter((stage) => chosen.includes(stage.number))) {
          const first = placement === 'pre' ? (number === 2 ? 64 : channels / 2) : channels
          const seen = (block: number) => (placement === '3x3' ? channels / 4 : block === 0 ? first : channels)
          for (let i = 0; i < blocks[depth as 50]; i++) params += gate(seen(i), reduction, bias).params
        }
        expect((await countsOf(spec)).params).toBe(params)
      }),
      { numRuns: 25, seed: 3 },
    )
  })

  test.each(['se-resnext-50', 'se-resnext-101', 'se-resnet-152'])('%s takes every option of SE', async (name) => {
    const { params } = await countsOf(`${name}:placement=3x3,stages=3+5,reduction=7,bias=false`)
    const none = await countsOf(`${name}:placement=3x3,stages=3,reduction=7,bias=false`)
    const width = name.startsWith('se-resnext') ? 1024 : 512
    expect(params - none.params).toBe(3 * gate(width, 7, false).params)
  })

  test.each([
    ['standard', 'c/bn', 'add'],
    ['pre', 'conv3_2', 'a/conv'],
    ['post', 'relu', 'conv4_1'],
    ['identity', 'conv3_4', 'add'],
    ['3x3', 'b/relu', 'c/conv'],
  ])('placement=%s stands between %s and %s', (placement, before, after) => {
    const { nodes } = build(`se-resnet-50:placement=${placement},stages=3`)
    const scaled = nodes.filter(({ op }) => op === 'Mul')
    expect(scaled).toHaveLength(4)
    const last = scaled.at(-1)
    const scope = 'conv3_4/'
    const inputOf = last?.inputs[0] ?? ''
    // a block's input is named after the block that made it
    const made = inputOf.startsWith(scope) ? inputOf.slice(scope.length) : inputOf.split('/')[0]
    const users = nodes.filter(({ inputs }) => inputs.includes(last?.outputs[0] ?? '')).map(({ name }) => name)
    if (before.startsWith('conv')) expect(made).toBe('conv3_3')
    else expect(made).toBe(before)
    expect(users.length).toBeGreaterThan(0)
    for (const user of users) expect(user.startsWith(`${after}/`) || user === scope + after).toBe(true)
  })

  test('placement=pre leaves the shortcut alone, projected or not', () => {
    const { nodes } = build('se-resnet-50:placement=pre,stages=3')
    for (const { outputs } of nodes.filter(({ op }) => op === 'Mul')) {
      const users = nodes.filter(({ inputs }) => inputs.includes(outputs[0] ?? '')).map(({ name }) => name)
      expect(users).toEqual([expect.stringMatching(/^conv3_.\/a\/conv$/)])
    }
  })

  test('placement=identity gates the projection where there is one', () => {
    const { nodes } = build('se-resnet-50:placement=identity,stages=4')
    expect(nodes.find(({ op }) => op === 'Mul')?.inputs[0]).toBe('conv4_1/shortcut/bn')
  })
})

describe('stages', () => {
  const option = numbers('2-5', 2, 5)

  test('are written as short as they can be, whatever way they are given', () => {
    for (const [text, value] of [
      ['3', '3'],
      ['2+5', '2+5'],
      ['5+2', '2+5'],
      ['2+3+4', '2-4'],
      ['2-3+3-4', '2-4'],
      ['2+4-5', '2+4-5'],
      ['2+3+4+5', '2-5'],
    ] as const) {
      expect(option.parse(text)).toBe(value)
    }
    expect(specOf(build('se-resnet-50:stages=5+4+3+2'))).toBe('se-resnet-50')
    expect(specOf(build('se-resnet-50:stages=5+2'))).toBe('se-resnet-50:stages=2+5')
  })

  test.each(['1', '6', '2-6', '4-2', '', '+', '2+', '2--3', '2-3-4', 'all', '2.5', ' 2'])('cannot be %j', (text) => {
    expect(option.parse(text)).toBeUndefined()
  })
})

describe('ResNeXt', () => {
  test('with one group of 64 channels is ResNet', async () => {
    expect(await countsOf('resnext-50:cardinality=1,width=64')).toEqual(await countsOf('resnet-50'))
  })

  // ResNeXt, Table 2: 1, 2, 4, 8 and 32 paths of 64, 40, 24, 14 and 4 channels cost alike, about 70 k params a block
  test.each([
    [2, 40],
    [4, 24],
    [8, 14],
    [32, 4],
  ])('%i x %id costs about as much as ResNet', async (cardinality, width) => {
    const { params, macs } = await countsOf(`resnext-50:cardinality=${cardinality},width=${width}`)
    expect(Math.abs(params / 25557032 - 1)).toBeLessThan(0.03)
    expect(Math.abs(macs / 4089184256 - 1)).toBeLessThan(0.06)
  })
})

describe('options that every family takes', () => {
  // spec, and the channels that its classifier sees
  test.each([
    ['resnext-50', 2048],
    ['se-resnet-50', 2048],
    ['se-resnext-101', 2048],
    ['senet-154', 2048],
    ['se-bn-inception', 1024],
    ['se-mobilenet-v1', 1024],
    ['alexnet', 4096],
    ['vgg-16', 4096],
    ['googlenet', 1024],
    ['googlenet:variant=bvlc', 1024],
    ['inception-v3', 2048],
    ['densenet-121', 1024],
  ])('classes of %s cost %i weights and one bias each', async (spec, features) => {
    const ten = await countsOf(`${spec}${spec.includes(':') ? ',' : ':'}classes=10`)
    const thousand = await countsOf(spec)
    expect(thousand.params - ten.params).toBe(990 * (features + 1))
    expect(thousand.macs - ten.macs).toBe(990 * features)
  })

  test('classes of SqueezeNet are channels of its last convolution', async () => {
    const ten = await countsOf('squeezenet:classes=10')
    const thousand = await countsOf('squeezenet')
    expect(thousand.params - ten.params).toBe(990 * 513)
    expect(thousand.macs - ten.macs).toBe(990 * 512 * 13 ** 2)
  })

  test('a class of SSDLite costs a filter for each anchor of a pixel; background comes on top', async () => {
    const ten = await countsOf('ssdlite-mobilenet-v2:classes=10')
    const eleven = await countsOf('ssdlite-mobilenet-v2:classes=11')
    const channels = 3 * 577 + 6 * (1281 + 513 + 257 + 257 + 129)
    expect(eleven.params - ten.params).toBe(channels)
  })

  test('the data set decides classes and resolution of YOLO v2 unless they are given', async () => {
    const coco = await countsOf('yolo-v2:dataset=coco')
    expect(coco).toEqual(await countsOf('yolo-v2:dataset=voc,classes=80,resolution=608'))
    expect(await countsOf('yolo-v2')).toEqual(await countsOf('yolo-v2:dataset=coco,classes=20,resolution=416'))
  })

  test.each([
    'resnext-50:resolution=64',
    'se-resnet-50:resolution=65,stages=2+4',
    'senet-154:resolution=64',
    'se-bn-inception:resolution=96',
    'se-mobilenet-v1:resolution=64',
    'alexnet:resolution=100',
    'alexnet:variant=caffe',
    'vgg-16:resolution=100',
    'googlenet:resolution=64',
    'squeezenet:resolution=64',
    'inception-v3:resolution=99',
    'densenet-121:resolution=65',
    'ssdlite-mobilenet-v1:resolution=64',
    'ssdlite-mobilenet-v2:resolution=65',
    'yolo-v2:resolution=64',
  ])('%s: a batch of 3 costs three times the MACs and no more params', async (spec) => {
    const one = await countsOf(spec)
    const three = await countsOf(`${spec},batch=3`)
    expect(three).toEqual({ params: one.params, macs: 3 * one.macs })
  })
})

describe('resolutions', () => {
  // the smallest that each option's range allows, and odd ones
  test.each([
    ['resnext-50', 32],
    ['se-resnet-50', 33],
    ['se-resnext-50', 32],
    ['senet-154', 32],
    ['se-bn-inception', 32],
    ['se-bn-inception', 38],
    ['se-bn-inception', 63],
    ['se-mobilenet-v1', 32],
    ['alexnet', 63],
    ['alexnet', 301],
    ['vgg-16', 32],
    ['vgg-16', 299],
    ['googlenet', 32],
    ['googlenet', 127],
    ['squeezenet', 32],
    ['squeezenet:version=1.1', 33],
    ['inception-v3', 75],
    ['inception-v3', 76],
    ['densenet-121', 32],
    ['ssdlite-mobilenet-v1', 32],
    ['ssdlite-mobilenet-v2', 33],
    ['yolo-v2', 32],
    ['yolo-v2', 96],
  ])('%s takes %i pixels', async (spec, resolution) => {
    const { totals, coverage } = await analyzeModel(
      build(`${spec}${spec.includes(':') ? ',' : ':'}resolution=${resolution}`),
    )
    expect(totals.macs).toBeGreaterThan(0)
    expect(coverage.uncounted).toBe(0)
  })

  test.each([
    ['yolo-v2:resolution=400', 'resolution takes a multiple of 32'],
    ['inception-v3:resolution=74', 'resolution takes whole numbers from 75 to 2048'],
    ['vgg-16:resolution=31', 'resolution takes whole numbers from 32 to 2048'],
  ])('%s is out of range', (spec, hint) => {
    expect(() => build(spec)).toThrow(
      expect.objectContaining({ code: 'bad-option', hint: expect.stringContaining(hint) }),
    )
  })

  test.each([
    ['alexnet:variant=caffe,resolution=231', 'fc6 would see 7 x 7', 'resolution=230'],
    ['alexnet:variant=caffe,resolution=198', 'fc6 would see 5 x 5', 'resolution=199'],
    ['se-bn-inception:resolution=240', 'inception4e would halve 15 x 15', 'resolution=230 or resolution=255'],
    ['se-bn-inception:resolution=210', 'inception4e would halve 13 x 13', 'resolution=198 or resolution=223'],
    ['se-bn-inception:resolution=234', 'inception3c would halve 29 x 29', 'resolution=230'],
  ])('%s cannot be: %s', (spec, reason, nearest) => {
    expect(() => build(spec)).toThrow(
      expect.objectContaining({
        code: 'bad-option',
        message: expect.stringContaining(reason),
        hint: expect.stringContaining(nearest),
      }),
    )
  })

  test("Caffe's AlexNet takes each size whose last map is 6 x 6", async () => {
    for (const resolution of [199, 224, 227, 230]) {
      expect((await countsOf(`alexnet:variant=caffe,resolution=${resolution}`)).params).toBe(60965224)
    }
  })
})

describe('building', () => {
  test.each(['vgg-16', 'senet-154', 'alexnet'])('%s holds no weight', (spec) => {
    const large = [...build(spec).weights.values()].filter(({ dims }) => dims.reduce((a, b) => a * b, 1) > 8)
    expect(large.length).toBeGreaterThan(0)
    expect(large.every(({ data }) => data.kind === 'generated')).toBe(true)
  })
})
