import { beforeAll, describe, expect, it } from 'vitest'
import { checkClaims } from '../../../src/pipeline/claims.js'
import type { CheckedClaim } from '../../../src/types.js'

let checked: ReadonlyMap<string, CheckedClaim>
beforeAll(async () => {
  const { claims, measurements, missing, failed } = await checkClaims([], { countedOnly: true })
  expect([measurements, missing, failed]).toEqual([[], [], []])
  checked = new Map(claims.map((claim) => [claim.id, claim]))
})

const foundIn = (id: string): unknown[] => checked.get(id)?.figures.map(({ found }) => found) ?? []

/** Exact counts of the reference table (test/models/counts), and of MobileNets', SENet's and ShuffleNets' tables. */
const mobilenet = { macs: 568740352, params: 4231976 }
const resnet = { macs: 3857973248, params: 25557032 }

/** Elements that leave the blocks of ResNet-50, one shortcut or one SE pooling each. */
const ofBlocks = 3 * 256 * 56 ** 2 + 4 * 512 * 28 ** 2 + 6 * 1024 * 14 ** 2 + 3 * 2048 * 7 ** 2
const lastPooling = 2048 * 7 ** 2
const plain = resnet.macs + ofBlocks + lastPooling
const squeezed = 3860488192 + 2 * ofBlocks + lastPooling
const statistics = 53120

/** Layer by layer, from the appendix's table: the first unit's 64 channels do not divide into three groups. */
function shuffleNetV1Depth50(ratio: number): number {
  let macs = 112 ** 2 * 64 * 27 + 2880 * 1000
  let [input, pixels] = [64, 56 ** 2]
  for (const [stage, [out, units]] of (
    [
      [360, 3],
      [720, 4],
      [1440, 6],
      [2880, 3],
    ] as const
  ).entries()) {
    for (let unit = 0; unit < units; unit++) {
      const groups = stage === 0 && unit === 0 ? 1 : 3
      macs += (pixels * input * (out / ratio)) / groups
      if (stage > 0 && unit === 0) pixels /= 4
      const added = input === out ? out : out - input
      macs += pixels * (out / ratio) * 9 + (pixels * (out / ratio) * added) / groups
      input = out
    }
  }
  return macs
}

const exactFigures: readonly [id: string, figures: readonly number[]][] = [
  ['first-convolution-share', [(100 * 112 ** 2 * 32 * 27) / mobilenet.macs]],
  ['full-versus-separable', [4867293184 / mobilenet.macs, 4866.269184, 568.740352, 29.294088, 4.231976]],
  ['width-squared', [325400448 / mobilenet.macs, 149497088 / mobilenet.macs, 41030272 / mobilenet.macs]],
  ['width-squared-params', [2585560 / mobilenet.params, 1331592 / mobilenet.params, 470072 / mobilenet.params]],
  ['resolution-squared', [418121728 / mobilenet.macs, 290675200 / mobilenet.macs, 186400768 / mobilenet.macs]],
  ['shallow-or-thin', [307.323392, 325.400448, 2.887976, 2.58556]],
  ['vgg-beside', [138357544 / mobilenet.params, 15470264320 / mobilenet.macs]],
  ['alexnet-beside', [60965224 / 1331592, 720608384 / 76524800]],
  ['squeezenet-beside', [832667936 / 76524800, 1248424 / 1331592]],
  ['xception-size', [22855952 / 23834568, 22855952]],
  ['inception-v3-size', [23834568]],
  ['se-flops', [100 * (squeezed / plain - 1), plain / 1e9, squeezed / 1e9]],
  ['se-params', [(100 * 2514944) / resnet.params, (100 * 942080) / resnet.params, 2.514944]],
  ['se-params-formula', [20119552, 20119552 / 2, 20119552 / 4, 20119552 / 8, 20119552 / 16]],
  ['reduction-ratios', [...[2, 4, 8, 16, 32].map((r) => (resnet.params + statistics + (2 / r) * 20119552) / 1e6)]],
  ['shuffle-flops', [0, 0]],
  ['alexnet-in-theory', [720608384 / 37589856, 37.589856]],
  ['shufflenet-quarter', [11.003184, 11.009808, 12.42624]],
  ['condensenet-cost', [274233480 / mobilenet.macs, 274.23348, 2.935416, 4.231976]],
  ['mobilenet-v2-cost', [300774272 / mobilenet.macs, 3504872 / mobilenet.params]],
  ['mobilenet-v2-wide', [6.108776, 582.195824]],
  ['ssdlite-beside-yolo', [50962889 / 4337013, 14732084224 / 788830144]],
  ['ssdlite-layers', [2.113141, 0.177617344, 0.788830144]],
  ['complexities', [40.476448, 145.814296, 298.970656, 590.783]],
  ['shufflenet-v1-50', [shuffleNetV1Depth50(4) / 1e9, shuffleNetV1Depth50(2) / 1e9]],
]

describe('counted claims', () => {
  it.each(exactFigures)('%s has the exact figures', (id, figures) => {
    const found = foundIn(id)
    expect(found).toHaveLength(figures.length)
    for (const [index, figure] of figures.entries()) expect(found[index]).toBeCloseTo(figure, 9)
  })

  it('has the shares of Table 2: 94.86 and 74.59 % of MobileNet are pointwise', () => {
    // 13 layers: input and output channels, pixels
    const widths = [32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
    const sides = [112, 56, 56, 28, 28, 14, 14, 14, 14, 14, 14, 7, 7]
    const weights = sides.map((_, layer) => (widths[layer] ?? 0) * (widths[layer + 1] ?? 0))
    const macs = weights.reduce((sum, weight, layer) => sum + weight * (sides[layer] ?? 0) ** 2, 0)
    const [share, ofWeights] = foundIn('pointwise-share')
    expect(share).toBeCloseTo((100 * macs) / mobilenet.macs, 9)
    expect(ofWeights).toBeCloseTo((100 * weights.reduce((sum, weight) => sum + weight, 0)) / 4209088, 9)
  })

  it('finds 1/N + 1/k² in every pair', () => {
    const laws = [
      [3, 32],
      [3, 256],
      [3, 1024],
      [5, 32],
      [5, 256],
      [7, 256],
    ] as const
    expect(foundIn('separable-cost')).toEqual(laws.map(([k, n]) => expect.closeTo(1 / n + 1 / k ** 2, 12)))
  })

  it('has the channels and complexities of Table 1', () => {
    expect(foundIn('groups-widen').slice(1)).toEqual([
      ...[144, 200, 240, 272, 384],
      ...[142.502976, 140.036512, 136.500672, 133.251776, 136.829952],
    ])
  })

  it('holds but for what is known to be wrong, and parameters that do not go with the square of the width', () => {
    const fallen = [...checked.values()].filter(({ verdict }) => verdict === 'does-not-hold').map(({ id }) => id)
    const wrong = [...checked.values()].filter(({ publishedIsWrong }) => publishedIsWrong).map(({ id }) => id)
    expect(fallen.sort()).toEqual([...wrong, 'width-squared-params'].sort())
    expect([...checked.values()].filter(({ verdict }) => verdict === 'cannot-tell')).toEqual([])
  })

  it('says of mixed and doubled figures which part is right', () => {
    const verdicts = (id: string) => checked.get(id)?.figures.map(({ verdict }) => verdict === 'holds')
    expect(verdicts('yolo-row')).toEqual([false, false, true, false, false, true])
    expect(verdicts('ssdlite-layers')).toEqual([true, false, true])
    expect(verdicts('reduction-ratios')).toEqual([true, true, false, true, true])
    expect(verdicts('complexities')).toEqual([false, true, true, true])
    expect(verdicts('se-flops')).toEqual([false, true, true])
  })

  it('leaves infinity out of JSON', () => {
    const text = JSON.stringify([...checked.values()])
    expect(JSON.parse(text)).toEqual([...checked.values()])
  })
})
