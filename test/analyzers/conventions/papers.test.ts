import { expect, test } from 'vitest'
import { reconcile } from '../../../src/analyzers/conventions/reconcile.js'
import { build } from '../../../src/models/spec.js'
import { noBinding } from '../../../src/onnx/bind.js'
import { inferShapes } from '../../../src/runtime/shapes.js'

const reconciled = async (spec: string) => {
  const counts = reconcile(await inferShapes(build(spec), noBinding))
  return (name: string) => counts.find((count) => count.name === name) ?? expect.fail(name)
}

test('ResNet-50 is 3.86, 4.09, 4.11 or 4.13 G, and each for its reasons', async () => {
  for (const spec of ['resnet-50', 'resnet-50:version=1.5']) {
    const count = await reconciled(spec)
    expect(count('macs')).toMatchObject({ total: 4089184256, difference: 0, byReason: [] })
    expect(count('torchvision')).toMatchObject({ total: 4089184256, byReason: [] })
    // three stages, in each the first 1 x 1 at a quarter of its positions: (128·256·56² + 256·512·28² + 512·1024·14²) · ¾
    expect(count('he-2015')).toMatchObject({
      total: 3857973248,
      byReason: [{ reason: 'stride-in-1x1', op: null, amount: -231211008, nodes: 3 }],
    })
    // 11,113,984 elements through BatchNorm, twice; 2048 x 7 x 7 into the pooling
    expect(count('fvcore')).toMatchObject({
      total: 4111512576,
      byReason: [
        { reason: 'batch-norm', op: null, amount: 2 * 11113984, nodes: 53 },
        { reason: 'pooling', op: 'GlobalAveragePool', amount: 2048 * 49, nodes: 1 },
      ],
    })
    expect(count('thop')).toMatchObject({
      total: 4133742592,
      byReason: [
        { reason: 'batch-norm', amount: 4 * 11113984 },
        { reason: 'pooling', amount: 2048 * 50 },
      ],
    })
    const short = (name: string) => (count(name).total / 1e9).toFixed(2)
    expect(['he-2015', 'macs', 'fvcore', 'timm', 'thop'].map(short)).toEqual(['3.86', '4.09', '4.11', '4.11', '4.13'])
  }
})

test('a ResNet-50 as published has 4.09 G as torchvision has it', async () => {
  const count = await reconciled('resnet-50:version=1')
  expect(count('he-2015')).toMatchObject({ total: 3857973248, byReason: [] })
  expect(count('torchvision')).toMatchObject({ total: 4089184256, byReason: [{ reason: 'stride-in-3x3', nodes: 3 }] })
})

/** He et al., Table 1, in 10⁹: the first is cut off, the others rounded. */
test.each([
  ['resnet-50', 3.8],
  ['resnet-101', 7.6],
  ['resnet-152', 11.3],
] as const)('He et al. have %s at %f G', async (spec, published) => {
  expect(Math.abs((await reconciled(spec))('he-2015').total / 1e9 - published)).toBeLessThan(0.1)
})

/** SENet, Table 2, the re-implementation and SENet columns. */
test.each([
  ['resnet-50', 3.86],
  ['resnet-101', 7.58],
  ['resnet-152', 11.3],
  ['resnext-50', 4.24],
  ['se-resnet-50', 3.87],
  ['se-resnet-152', 11.32],
] as const)('SENet has %s at %f G', async (spec, published) => {
  expect((await reconciled(spec))('senet').total / 1e9).toBeCloseTo(published, 2)
})

test("SENet's params have BatchNorm's statistics, MobileNet's neither BatchNorm nor biases", async () => {
  expect((await reconciled('se-resnet-50:bias=false'))('senet').params).toBe(28125096) // Table 10: 28.1 M
  expect((await reconciled('mobilenet-v1'))('mobilenet').params).toBe(4209088) // Table 2's shares
})

test('SENet has SE-MobileNet at 572 M', async () => {
  // 569,220,096 MACs, 2,709,504 elements into SE's pooling, 1024 x 7 x 7 into the last
  expect((await reconciled('se-mobilenet-v1'))('senet').total).toBe(569220096 + 2709504 + 50176)
})

/** ShuffleNet, Table 1, 1x: 143, 140, 137, 133 and 137 M. */
test.each([
  [1, 143],
  [2, 140],
  [3, 137],
  [4, 133],
  [8, 137],
] as const)('ShuffleNet of %i groups has %i M', async (groups, published) => {
  expect(Math.round((await reconciled(`shufflenet-v1:groups=${groups}`))('shufflenet').total / 1e6)).toBe(published)
})

/** CondenseNet's README: 529 M and 274 M; the whole numbers are those of the authors' script. */
test.each([
  ['condensenet-74', 529328264],
  ['condensenet-74:groups=8', 274233480],
] as const)('CondenseNet has %s at %i', async (spec, published) => {
  expect((await reconciled(spec))('condensenet').total).toBe(published)
})
