import { describe, expect, test } from 'vitest'
import { build } from '../../../src/models/spec.js'
import type { Model } from '../../../src/types.js'
import { difference, inputOf, run, type Values } from '../run.js'

/** Each family's default, the largest at a small resolution, and an odd variant of it. */
const families = [
  ['resnet-152:resolution=64', 'resnet-50:version=1,resolution=97,classes=7'],
  ['resnext-50', 'resnext-101:cardinality=3,width=5,resolution=65,classes=3'],
  ['se-resnet-50', 'se-resnet-50:reduction=7,placement=3x3,stages=2+5,bias=false,version=1.5,resolution=99'],
  ['se-resnet-101:resolution=96', 'se-resnet-101:placement=pre,stages=3,resolution=67,classes=5'],
  ['se-resnet-152:resolution=64', 'se-resnet-152:placement=post,reduction=50,resolution=65,classes=11'],
  ['se-resnext-50', 'se-resnext-50:placement=identity,cardinality=8,width=3,resolution=75'],
  ['se-resnext-101:resolution=64', 'se-resnext-101:placement=post,stages=4-5,resolution=70,classes=9'],
  ['senet-154:resolution=64', 'senet-154:reduction=3,bias=false,resolution=75,classes=13'],
  ['se-bn-inception', 'se-bn-inception:reduction=5,bias=false,resolution=102,classes=17'],
  ['se-mobilenet-v1', 'se-mobilenet-v1:width=0.37,reduction=5,bias=true,resolution=97'],
  ['alexnet', 'alexnet:variant=caffe,classes=21'],
  ['alexnet:resolution=300,classes=10', 'alexnet:resolution=79,classes=19'],
  ['vgg-16', 'vgg-16:batchnorm=true,resolution=70,classes=3'],
  ['googlenet', 'googlenet:variant=bvlc,resolution=99,classes=15'],
  ['squeezenet', 'squeezenet:version=1.1,resolution=101,classes=12'],
  ['inception-v3', 'inception-v3:resolution=84,classes=5'],
  ['densenet-121', 'densenet-121:resolution=77,classes=6'],
  ['ssdlite-mobilenet-v1', 'ssdlite-mobilenet-v1:resolution=101,classes=2'],
  ['ssdlite-mobilenet-v2', 'ssdlite-mobilenet-v2:resolution=75,classes=90'],
  ['yolo-v2:resolution=224', 'yolo-v2:dataset=coco,passthrough=full,resolution=96,classes=3'],
] as const

const rms = (values: Values) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)

/** The model with every tensor that its nodes write as an output. */
const inTheOpen = (model: Model): Model => ({
  ...model,
  outputs: model.nodes.flatMap(({ outputs }) => outputs).map((name) => ({ name, type: null })),
})

const smallestNormal = 2 ** -126
const isBad = (value: number) => !Number.isFinite(value) || (value !== 0 && Math.abs(value) < smallestNormal)

const check = (outputs: readonly Values[], count: number) => {
  expect(outputs).toHaveLength(count)
  for (const output of outputs) {
    expect(output.every(Number.isFinite)).toBe(true)
    expect(new Set(output).size).toBeGreaterThan(output.length / 2)
    expect(rms(output)).toBeGreaterThan(1e-2)
    expect(rms(output)).toBeLessThan(1e2)
  }
}

test.each(families)('%s runs: its outputs are finite and differ', async (standard) => {
  const model = build(standard)
  check(await run(model, inputOf(model)), model.outputs.length)
})

describe.each(families.map(([, odd]) => odd))('%s', (odd) => {
  const model = build(odd)
  const pair = build(`${odd},batch=2`)
  const both = inputOf(pair)
  const [first, second] = [both.slice(0, both.length / 2), both.slice(both.length / 2)]
  const results = async () => ({
    optimised: await run(model, first),
    open: await run(inTheOpen(model), first, { level: 'disabled' }),
  })
  let shared: ReturnType<typeof results> | undefined
  const once = () => {
    shared ??= results()
    return shared
  }

  test('runs: its outputs are finite and differ', async () => {
    check((await once()).optimised, model.outputs.length)
  })

  test('no activation is lost on the way, none too small to be normal', async () => {
    const { outputs } = inTheOpen(model)
    const { open } = await once()
    const lost = open.flatMap((values, i) => {
      const size = rms(values)
      return values.some(isBad) || !(size > 1e-3 && size < 1e2) ? [`${outputs[i]?.name}: ${size}`] : []
    })
    expect(open).toHaveLength(outputs.length)
    expect(lost).toEqual([])
  })

  test('folding, fusing and other kernels leave its outputs as they are', async () => {
    const names = inTheOpen(model).outputs.map(({ name }) => name)
    const { optimised, open } = await once()
    optimised.forEach((output, i) => {
      const asWritten = open[names.indexOf(model.outputs[i]?.name ?? '')] as Values
      expect(difference(output, asWritten)).toBeLessThan(1e-3)
    })
  })

  test('a batch of two gives the rows of two batches of one', async () => {
    const rows = await run(pair, both)
    const { optimised } = await once()
    const other = await run(model, second)
    expect(rows).toHaveLength(model.outputs.length)
    rows.forEach((row, i) => {
      const [a, b] = [optimised[i] as Values, other[i] as Values]
      expect(row.length).toBe(a.length + b.length)
      const error = Math.max(difference(row.slice(0, a.length), a), difference(row.slice(a.length), b))
      expect(error).toBeLessThan(1e-4)
      // deep random networks tell two images of noise hardly apart, but the rows are not swapped
      expect(difference(a, b)).toBeGreaterThan(10 * error)
    })
  })
})
