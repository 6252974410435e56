import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { architectures } from '../../src/models/index.js'
import { build } from '../../src/models/spec.js'
import { noBinding } from '../../src/onnx/bind.js'
import { inferShapes } from '../../src/runtime/shapes.js'

/** Trainable elements, and multiply-accumulates of convolutions and fully connected layers. */
async function countsOf(spec: string): Promise<{ params: number; macs: number }> {
  const { layers, totals } = analyze(await inferShapes(build(spec), noBinding))
  const counted = layers.filter(({ op }) => op === 'Conv' || op === 'Gemm')
  return { params: totals.params, macs: counted.reduce((sum, { macs }) => sum + (macs ?? 0), 0) }
}

const variants = architectures.flatMap(({ name, variants }) =>
  variants.map((variant) => ({ ...variant, spec: variant.options === '' ? name : `${name}:${variant.options}` })),
)

describe('every variant has the params and MACs that its architecture states', () => {
  it.each(variants)('$spec', async ({ spec, params, macs }) => {
    expect(await countsOf(spec)).toEqual({ params, macs })
  })

  it('and there is at least one of each architecture', () => {
    for (const { name, variants } of architectures) expect(variants, name).not.toHaveLength(0)
  })
})

/**
 * The project's reference table of exact counts, which was made without this code: params that torchvision, Keras or
 * TF-slim publish as whole numbers, MACs by hand from the layers' sizes.
 */
const reference = [
  ['mobilenet-v1:width=1,resolution=224', 4231976, 568740352],
  ['mobilenet-v1:width=1,resolution=192', 4231976, 418121728],
  ['mobilenet-v1:width=1,resolution=160', 4231976, 290675200],
  ['mobilenet-v1:width=1,resolution=128', 4231976, 186400768],
  ['mobilenet-v1:width=0.75,resolution=224', 2585560, 325400448],
  ['mobilenet-v1:width=0.75,resolution=160', 2585560, 166396800],
  ['mobilenet-v1:width=0.5,resolution=224', 1331592, 149497088],
  ['mobilenet-v1:width=0.5,resolution=160', 1331592, 76524800],
  ['mobilenet-v1:width=0.25,resolution=224', 470072, 41030272],
  ['mobilenet-v1:width=0.25,resolution=192', 470072, 30212608],
  ['mobilenet-v2:width=1.4,resolution=224', 6108776, 582195824],
  ['mobilenet-v2:width=1,resolution=224', 3504872, 300774272],
  ['mobilenet-v2:width=1,resolution=192', 3504872, 221316608],
  ['mobilenet-v2:width=1,resolution=160', 3504872, 154083200],
  ['mobilenet-v2:width=1,resolution=96', 3504872, 56289152],
  ['mobilenet-v2:width=0.75,resolution=224', 2636424, 209069792],
  ['mobilenet-v2:width=0.75,resolution=192', 2636424, 153941888],
  ['mobilenet-v2:width=0.75,resolution=128', 2636424, 69129728],
  ['mobilenet-v2:width=0.5,resolution=224', 1968680, 97131840],
  ['mobilenet-v2:width=0.5,resolution=160', 1968680, 50184000],
  ['mobilenet-v2:width=0.5,resolution=128', 1968680, 32578560],
  ['mobilenet-v2:width=0.35,resolution=224', 1677128, 59285808],
  ['mobilenet-v2:width=0.35,resolution=192', 1677128, 43896512],
  ['mobilenet-v2:width=0.35,resolution=128', 1677128, 20220672],
  ['resnet-50:version=1.5', 25557032, 4089184256],
  ['resnet-50:version=1', 25557032, 3857973248],
  ['resnet-101:version=1.5', 44549160, 7801405440],
] as const

describe('the reference table', () => {
  it.each(reference)('%s has %i params and %i MACs', async (spec, params, macs) => {
    expect(await countsOf(spec)).toEqual({ params, macs })
  })

  it.each(reference)('%s is a variant of its architecture', (spec, params, macs) => {
    const { origin } = build(spec)
    const own = variants.find((variant) => origin.kind === 'spec' && variant.spec === origin.spec)
    expect(own).toMatchObject({ params, macs })
  })
})

describe('MACs follow from the architecture', () => {
  it('twice the batch is twice the MACs and the same params', async () => {
    const [one, two] = await Promise.all([countsOf('mobilenet-v2'), countsOf('mobilenet-v2:batch=2')])
    expect(two).toEqual({ params: one.params, macs: 2 * one.macs })
  })

  it('a class is one more column of the classifier and its bias', async () => {
    const [ten, eleven] = await Promise.all([countsOf('resnet-50:classes=10'), countsOf('resnet-50:classes=11')])
    expect(eleven).toEqual({ params: ten.params + 2049, macs: ten.macs + 2048 })
  })
})

/** What a published figure may stand for: `4.2 M` for 4.1 M to 4.3 M, since papers round and cut off. */
function rangeOf(text: string): [low: number, high: number] {
  const [, digits = '', prefix = ''] = /^([\d.,]+)(?: ([MG]))?$/.exec(text) ?? []
  const unit = { '': 1, M: 1e6, G: 1e9 }[prefix] ?? Number.NaN
  const decimals = digits.split('.')[1]?.length ?? 0
  const value = Number(digits.replaceAll(',', '')) * unit
  const step = prefix === '' ? 0 : unit / 10 ** decimals
  return [value - step, value + step]
}

describe('a published figure is the exact one rounded, or a note says why not', () => {
  const published = variants.flatMap(({ spec, paper, note, params, macs }) => [
    { spec, figure: 'params', text: paper?.params, exact: params, note },
    { spec, figure: 'macs', text: paper?.macs, exact: macs, note },
  ])

  it.each(published.filter(({ text }) => text !== undefined))('$spec: $figure $text', ({ text, exact, note }) => {
    const [low, high] = rangeOf(text ?? '')
    expect(low).toBeLessThanOrEqual(high)
    if (note === undefined) {
      expect(exact).toBeGreaterThanOrEqual(low)
      expect(exact).toBeLessThanOrEqual(high)
    } else {
      expect(note).not.toBe('')
    }
  })
})
