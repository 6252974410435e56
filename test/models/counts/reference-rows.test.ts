import { expect, test } from 'vitest'
import { build } from '../../../src/models/spec.js'
import { analyzeModel } from '../../../src/pipeline/analyze.js'

/** flopgap's reference table, models.json: params and conv + fc MACs, cross-checked with papers and implementations. */
const reference = [
  ['alexnet', 61100840, 714188480],
  ['vgg-16', 138357544, 15470264320],
  ['googlenet:variant=torchvision', 6624904, 1498376192],
  ['inception-v3', 23834568, 5713216096],
  ['squeezenet:version=1.0', 1248424, 818924576],
  ['squeezenet:version=1.1', 1235496, 349151936],
  ['densenet-121', 7978856, 2834161664],
  ['resnet-50:version=1.5', 25557032, 4089184256],
  ['resnet-50:version=1', 25557032, 3857973248],
  ['resnet-101:version=1.5', 44549160, 7801405440],
  ['resnext-50', 25028904, 4230479872],
  ['se-mobilenet-v1', 4711720, 569220096],
  ['se-resnet-50', 28088024, 3860488192],
  ['se-resnet-50:bias=false', 28071976, 3860488192],
  ['se-resnet-101', 49326872, 7574937600],
  ['se-resnet-50:version=1.5', 28088024, 4091699200],
  ['se-resnext-50', 27559896, 4232994816],
  ['se-bn-inception', 11931622, 2033239424],
  ['se-resnet-50:bias=false,reduction=4', 35616808, 3868033024],
  ['se-resnet-50:bias=false,reduction=16', 28071976, 3860488192],
  ['se-resnet-50:bias=false,reduction=32', 26814504, 3859230720],
  ['se-resnet-50:bias=false,placement=standard', 28071976, 3860488192],
  ['se-resnet-50:bias=false,placement=post', 28071976, 3860488192],
  ['se-resnet-50:bias=false,placement=identity', 28071976, 3860488192],
  ['se-resnet-50:bias=false,stages=2', 25581608, 3857997824],
  ['se-resnet-50:bias=false,stages=3', 25688104, 3858104320],
  ['se-resnet-50:bias=false,stages=2-4', 26499112, 3858915328],
  ['ssdlite-mobilenet-v2', 4337013, 788830144],
  ['yolo-v2:dataset=voc', 50655389, 14680167424],
  ['yolo-v2:dataset=coco,resolution=416', 50962889, 14732084224],
] as const

/** Counted layer by layer from hujie-frank/SENet, models/*.prototxt, at 224 x 224 and, the MACs, at 160 x 160. */
const prototxts = [
  ['se-resnet-50', 28088024, 3860488192, 1971871744],
  ['se-resnet-101', 49326872, 7574937600, 3868090368],
  ['se-resnet-152', 66821848, 11288993792, 5763915776],
  ['se-resnext-50', 27559896, 4232994816, 2161926144],
  ['se-resnext-101', 48955416, 7974739968, 4072071168],
  ['senet-154', 115088984, 20688363520, 10559512576],
  ['se-bn-inception', 11931622, 2033239424, 1038181760],
] as const

/** Params as published to the last digit, each by the source beside it. */
const published = [
  ['alexnet:variant=caffe', 60965224], // Caffe's bvlc_alexnet
  ['vgg-16:batchnorm=true', 138365992], // torchvision's vgg16_bn
  ['resnet-101', 44549160], // torchvision
  ['resnet-152', 60192808], // torchvision
  ['resnext-101', 44177704], // osmr/imgclsmob, resnext101_32x4d
  ['senet-154', 115088984], // timm and osmr/imgclsmob
] as const

const countsOf = async (spec: string) => {
  const { totals, coverage, warnings } = await analyzeModel(build(spec))
  return { params: totals.params, macs: totals.macs, uncounted: coverage.uncountedOps, warnings }
}

test.each(reference)('%s has %i params and %i MACs', async (spec, params, macs) => {
  expect(await countsOf(spec)).toEqual({ params, macs, uncounted: [], warnings: [] })
})

test.each(prototxts)("%s is the authors' network", async (name, params, macs, smaller) => {
  expect(await countsOf(name)).toMatchObject({ params, macs })
  expect(await countsOf(`${name}:resolution=160`)).toMatchObject({ params, macs: smaller })
})

test.each(published)('%s has %i params', async (spec, params) => {
  expect((await countsOf(spec)).params).toBe(params)
})

// what the reference says of parts and of other conventions
test('SSDLite at 300 pixels has the 1917 anchors of SSD on MobileNet, at 320 it has 2034', async () => {
  for (const [spec, anchors, classes] of [
    ['ssdlite-mobilenet-v2:resolution=300,classes=90', 1917, 91],
    ['ssdlite-mobilenet-v2', 2034, 81],
    ['ssdlite-mobilenet-v1', 2034, 81],
  ] as const) {
    const model = build(spec)
    const { layers } = await analyzeModel(model)
    const shapes = model.outputs.map(({ name }) => layers.find((layer) => layer.outputs.includes(name))?.outputShape)
    expect(shapes).toEqual([
      [1, anchors, 4],
      [1, anchors, classes],
    ])
  }
})

test('SSDLite: params and MACs of backbone, extra layers and predictors', async () => {
  const { layers } = await analyzeModel(build('ssdlite-mobilenet-v2'))
  const of = (pattern: RegExp) => {
    const part = layers.filter(({ name }) => pattern.test(name))
    return [part.reduce((sum, layer) => sum + layer.params, 0), part.reduce((sum, layer) => sum + (layer.macs ?? 0), 0)]
  }
  expect(of(/^(stem|block|head)/)).toEqual([2223872, 611212800])
  expect(of(/^extra/)).toEqual([656960, 38550976])
  expect(of(/^(boxes|scores)/)).toEqual([1456181, 139066368])
})

test('YOLO v2 with the whole passthrough is the network whose MACs MobileNetV2 cites', async () => {
  const counts = await countsOf('yolo-v2:dataset=coco,passthrough=full,resolution=416')
  expect(counts).toMatchObject({ params: 67445065, macs: 17500980224 })
})

test("BatchNorm's running statistics are buffers: with them, params are those of the tables that count them", async () => {
  for (const [spec, total] of [
    ['yolo-v2:dataset=voc', 50676061],
    ['yolo-v2:dataset=coco', 50983561],
    ['se-resnet-50:bias=false', 28125096],
  ] as const) {
    const { totals } = await analyzeModel(build(spec))
    expect(totals.params + totals.buffers).toBe(total)
  }
})
