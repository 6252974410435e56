import { expect, test } from 'vitest'
import type { Variant } from '../../../src/models/architecture.js'
import { architectures } from '../../../src/models/index.js'
import { build } from '../../../src/models/spec.js'
import { analyzeModel } from '../../../src/pipeline/analyze.js'

const countsOf = async (spec: string) => {
  const { totals, coverage, layers } = await analyzeModel(build(spec))
  const sum = (op: string, key: 'macs' | 'params') =>
    layers.reduce((total, layer) => total + (layer.op === op ? (layer[key] ?? 0) : 0), 0)
  return { params: totals.params, macs: totals.macs, uncounted: coverage.uncountedOps, sum }
}

const specOf = (name: string, options: string) => (options === '' ? name : `${name}:${options}`)

const variants = architectures.flatMap((architecture) =>
  architecture.variants.map((variant) => ({ spec: specOf(architecture.name, variant.options), variant })),
)

test.each(variants)('$spec is what its file says', async ({ spec, variant: { params, macs } }) => {
  expect(await countsOf(spec)).toMatchObject({ params, macs, uncounted: [] })
})

test.each(variants)('$spec is written as short as it can be', ({ spec }) => {
  expect(build(spec).origin).toEqual({ kind: 'spec', spec })
})

test.each(architectures)('$name has its default among its variants, and each variant once', ({ variants }) => {
  const options = variants.map((variant) => variant.options)
  expect(options).toContain('')
  expect(new Set(options).size).toBe(options.length)
})

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, B: 1e9 }

/** Whether a count is the published text, rounded to its digits: `146 M`, `0.145 G`, `22,855,952`; other texts never are. */
function rounds(count: number, published: string): boolean {
  const [, number, unit = ''] = /^([\d.,]+) ?([kMGB]?)$/.exec(published) ?? []
  if (number === undefined) return false
  const scaled = count / (units[unit] ?? Number.NaN)
  const digits = number.split('.')[1]?.length ?? 0
  return scaled.toFixed(digits) === number.replaceAll(',', '')
}

const isReproduced = ({ params, macs, paper }: Variant): boolean =>
  (paper?.params === undefined || rounds(params, paper.params)) &&
  (paper?.macs === undefined || rounds(macs, paper.macs))

test('a published figure is read with its unit and digits', () => {
  expect(rounds(145814296, '146 M')).toBe(true)
  expect(rounds(145814296, '0.146 G')).toBe(true)
  expect(rounds(145814296, '145 M')).toBe(false)
  expect(rounds(22855952, '22,855,952')).toBe(true)
  expect(rounds(4867293184, '4866 M')).toBe(false)
  expect(rounds(1e6, 'about 1 M')).toBe(false)
})

test.each(variants)('$spec rounds to the published figures, or says why not', ({ variant }) => {
  expect(isReproduced(variant) || variant.note !== undefined).toBe(true)
})

// flopgap's reference table, models.json: params and conv + fc MACs, cross-checked with the papers, torchvision, timm,
// Keras, OSMR and the authors' repositories
const reference = [
  ['xception', 22855952, 8357403496],
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
  ['mobilenet-v1:convolution=full', 29294088, 4867293184],
  ['shufflenet-v1:groups=1,scale=1', 1531936, 143078976],
  ['shufflenet-v1:groups=1,scale=0.25', 209746, 11003184],
  ['shufflenet-v1:groups=3,scale=1', 1865728, 137460672],
  ['shufflenet-v1:groups=3,scale=0.5', 718324, 37589856],
  ['shufflenet-v1:groups=3,scale=0.25', 305902, 11009808],
  ['shufflenet-v1:groups=8,scale=1', 2434768, 138365952],
  ['shufflenet-v1:groups=8,scale=0.5', 1011448, 40469760],
  ['shufflenet-v1:groups=8,scale=0.25', 454504, 12426240],
  ['shufflenet-v1:groups=3,scale=0.5,bias=false', 717324, 37589856],
  ['shufflenet-v1:groups=3,scale=1,bias=false', 1864728, 137460672],
  ['shufflenet-v1:groups=3,scale=2,bias=false', 5449776, 524045184],
  ['shufflenet-v1:groups=8,scale=1,bias=false', 2433768, 138365952],
  ['shufflenet-v1:groups=8,scale=2,bias=false', 6521232, 521942016],
  ['shufflenet-v1:groups=3,scale=2', 5450776, 524045184],
  ['se-shufflenet-v1:groups=3,scale=1', 2476144, 138071088],
  ['shufflenet-v2:scale=0.5,variant=torchvision', 1366792, 40476448],
  ['shufflenet-v2:scale=0.5,bias=false', 1365792, 40476448],
  ['shufflenet-v2:scale=0.5,variant=torchvision,receptive-field=wide', 1376296, 42889600],
  ['shufflenet-v2:scale=1,variant=torchvision', 2278604, 144907992],
  ['shufflenet-v2:scale=1,bias=false', 2278760, 145814296],
  ['shufflenet-v2:scale=1,variant=torchvision,receptive-field=wide', 2302354, 150686464],
  ['shufflenet-v2:scale=2,variant=torchvision', 7393996, 583253464],
  ['shufflenet-v2-50', 16576898, 2314702176],
  ['se-shufflenet-v2-164', 102472904, 12573675940],
  ['condensenet-74:groups=4', 4773944, 516640576],
  ['condensenet-74:groups=4,form=training', 11922680, 1267904128],
  ['condensenet-74:groups=8', 2935416, 261545792],
  ['condensenet-50:dataset=cifar10', 216506, 27185696],
  ['condensenet-74:dataset=cifar10', 405466, 49208032],
  ['condensenet-86:dataset=cifar10', 520202, 62381888],
  ['condensenet-86:dataset=cifar100', 592292, 62453888],
  ['condensenet-110:dataset=cifar10', 790186, 93054976],
] as const

test.each(reference)('%s has %i parameters and %i MACs', async (spec, params, macs) => {
  expect(await countsOf(spec)).toMatchObject({ params, macs })
})

// architectures.md, sections 2, 4, 5 and 7, and osmr/imgclsmob's assertions
test.each([
  ['shufflenet-v1:groups=2', 1733848],
  ['shufflenet-v1:groups=4', 1968344],
  ['shufflenet-v2:scale=1.5,variant=torchvision', 3503624],
  ['condensenet-50:classifier=half', 214186],
  ['condensenet-74:dataset=cifar10,classifier=half', 402026],
  ['condensenet-86:dataset=cifar100,classifier=half', 552292],
] as const)('%s has %i parameters', async (spec, params) => {
  expect((await countsOf(spec)).params).toBe(params)
})

// the conventions that the notes name
test.each([
  ['mobilenet-v1:convolution=full', 4866269184],
  ['shufflenet-v1:groups=1', 142502976],
  ['shufflenet-v1:groups=2', 140036512],
  ['shufflenet-v1:groups=3', 136500672],
  ['shufflenet-v1:groups=4', 133251776],
  ['shufflenet-v1:groups=8', 136829952],
  ['shufflenet-v1:groups=1,scale=0.5', 38229408],
] as const)('the convolutions alone of %s have %i MACs', async (spec, macs) => {
  expect((await countsOf(spec)).sum('Conv', 'macs')).toBe(macs)
})

test.each([
  ['mobilenet-v1:width=0.5', 1320648],
  ['se-shufflenet-v1', 2451664],
] as const)('%s without BatchNorm has %i parameters', async (spec, params) => {
  const { params: all, sum } = await countsOf(spec)
  expect(all - sum('BatchNormalization', 'params')).toBe(params)
})

test('a network costs so many times more for a larger batch, and no parameter more', async () => {
  const [one, three] = [await countsOf('shufflenet-v1'), await countsOf('shufflenet-v1:batch=3')]
  expect(three.macs).toBe(3 * one.macs)
  expect(three.params).toBe(one.params)
})
