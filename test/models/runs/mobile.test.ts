import { describe, expect, test } from 'vitest'
import { build } from '../../../src/models/spec.js'
import type { Model } from '../../../src/types.js'
import { difference, inputOf, outputOf, run, type Values } from '../run.js'

/** Each family's default, and an odd variant of it. */
const families = [
  ['xception', 'xception:resolution=203,classes=7'],
  ['mobilenet-v1', 'mobilenet-v1:width=0.37,resolution=97,classes=11'],
  ['mobilenet-v1:convolution=full', 'mobilenet-v1:convolution=full,depth=shallow,width=0.3,resolution=65'],
  ['shufflenet-v1', 'shufflenet-v1:groups=8,scale=0.25,bias=false,resolution=130,classes=5'],
  ['se-shufflenet-v1', 'se-shufflenet-v1:groups=2,scale=0.52,reduction=5,resolution=97'],
  ['shufflenet-v2', 'shufflenet-v2:scale=1.5,receptive-field=wide,bias=false,resolution=101,classes=3'],
  ['shufflenet-v2:variant=torchvision', 'shufflenet-v2:scale=2,variant=torchvision,resolution=75'],
  ['shufflenet-v2-50', 'shufflenet-v2-50:resolution=71,classes=9'],
  ['se-shufflenet-v2-164', 'se-shufflenet-v2-164:resolution=67,classes=9'],
  ['condensenet-74', 'condensenet-74:groups=2,condense=8,resolution=100,classes=13'],
  ['condensenet-74:form=training', 'condensenet-74:form=training,groups=8,resolution=64'],
  ['condensenet-50', 'condensenet-50:dataset=cifar100,groups=8,classifier=half,resolution=33'],
  ['condensenet-182', 'condensenet-182:dataset=cifar100,groups=6,condense=3'],
] as const

const rms = (values: Values) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)

/** The model with every tensor of floats that its nodes write as an output. */
function inTheOpen(model: Model): Model {
  const open = model.nodes.filter(({ op }) => op !== 'Shape' && op !== 'Tile').flatMap(({ outputs }) => outputs)
  return { ...model, outputs: open.map((name) => ({ name, type: null })) }
}

const smallestNormal = 2 ** -126
const isBad = (value: number) => !Number.isFinite(value) || (value !== 0 && Math.abs(value) < smallestNormal)

describe.each(families)('%s', (standard, odd) => {
  test.each([standard, odd])('%s runs: its outputs are finite and differ', async (spec) => {
    const model = build(spec)
    const output = await outputOf(model, inputOf(model))
    expect(output.every(Number.isFinite)).toBe(true)
    expect(new Set(output).size).toBeGreaterThan(output.length / 2)
    expect(rms(output)).toBeGreaterThan(1e-2)
    expect(rms(output)).toBeLessThan(1e2)
  })

  test('no activation is lost on the way, none too small to be normal', async () => {
    const model = inTheOpen(build(odd))
    const outputs = await run(model, inputOf(model))
    const lost = outputs.flatMap((values, i) => {
      const size = rms(values)
      return values.some(isBad) || !(size > 1e-3 && size < 1e3) ? [`${model.outputs[i]?.name}: ${size}`] : []
    })
    expect(outputs.length).toBe(model.outputs.length)
    expect(lost).toEqual([])
  })

  test('a batch of two gives the rows of two batches of one', async () => {
    const pair = build(`${odd},batch=2`)
    const single = build(odd)
    const input = inputOf(pair)
    const half = input.length / 2
    const rows = await outputOf(pair, input)
    const first = await outputOf(single, input.slice(0, half))
    const second = await outputOf(single, input.slice(half))
    expect(difference(rows.slice(0, first.length), first)).toBeLessThan(1e-4)
    expect(difference(rows.slice(first.length), second)).toBeLessThan(1e-4)
    expect(difference(first, second)).toBeGreaterThan(1e-3)
  })

  test('other kernels give the same output: as written and as optimised for this machine', async () => {
    const model = build(odd)
    const input = inputOf(model)
    const optimised = await outputOf(model, input)
    expect(difference(optimised, await outputOf(model, input, { level: 'disabled' }))).toBeLessThan(1e-3)
    expect(difference(optimised, await outputOf(model, input, { seed: 1 }))).toBeGreaterThan(0.1)
  })
})
