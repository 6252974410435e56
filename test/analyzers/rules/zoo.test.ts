import { expect, it } from 'vitest'
import { architectures } from '../../../src/models/index.js'
import { build } from '../../../src/models/spec.js'
import { lintModel } from '../../../src/pipeline/lint.js'

const counts = (rows: Record<string, Record<string, number>>) => Object.entries(rows)

/** Convolutions in groups of stages whose positions are many enough for width to matter. */
const groups = (count: number) => ({ 'group-convolution': count })
const lateSe = { 'late-squeeze-excitation': 1 }
const narrowView = { 'small-receptive-field': 1 }

/**
 * What the graphs of the literature go against, by their papers' own account:
 * G1 (ShuffleNet V2) names inverted bottlenecks, and squeezing convolutions are as uneven; G2 and G3 name ResNeXt, ShuffleNet V1
 * and the Inception family; MobileNet V1 and its SSDLite layers have an activation inside each of their separable convolutions; AlexNet sees 195 pixels
 * of 224, VGG-16 212. ResNet and Xception go against none.
 */
const expected = counts({
  xception: {},
  'mobilenet-v1': { 'activation-between-depthwise-and-pointwise': 13 },
  'mobilenet-v1:convolution=full': {},
  'mobilenet-v2': { 'unequal-channel-width': 22 },
  'resnet-50': {},
  'resnet-101': {},
  'resnet-152': {},
  // one in each of 3 + 4 + 6 + 3 and 3 + 4 + 23 + 3 blocks
  'resnext-50': groups(16),
  'resnext-101': groups(33),
  // 31, less six of the last stage whose weights are most of what they move: +22 % by equation 2
  'shufflenet-v1': groups(25),
  // two in each of 16 units, but for the first of the first
  'shufflenet-v1:groups=8': groups(31),
  'shufflenet-v1:groups=1': {},
  // between units of a stage, and not where all channels go on: 4 + 8 + 4 less 3, 3 + 4 + 6 + 3 less 4
  'shufflenet-v2': { 'separate-shuffle': 13 },
  'shufflenet-v2-50': { 'separate-shuffle': 12 },
  'condensenet-74': groups(56),
  'condensenet-74:form=training': groups(28),
  'se-resnet-50': lateSe,
  'se-resnet-50:reduction=32': { ...lateSe, 'large-reduction': 16 },
  'se-resnet-50:stages=2-4': {},
  'se-resnext-50': { ...groups(16), ...lateSe },
  // its last stage has 1.4 % of the params
  'senet-154': groups(50),
  'se-mobilenet-v1': { 'activation-between-depthwise-and-pointwise': 13, ...lateSe },
  // half of 216 channels by 16 is no whole number: 13 is not too few
  'se-shufflenet-v1': { ...groups(25), ...lateSe },
  'se-bn-inception': { fragmentation: 10, 'unequal-channel-width': 7, ...lateSe },
  alexnet: narrowView,
  'vgg-16': narrowView,
  googlenet: { fragmentation: 9, 'unequal-channel-width': 14 },
  'inception-v3': { fragmentation: 11, 'unequal-channel-width': 9 },
  squeezenet: { 'unequal-channel-width': 7, ...narrowView },
  'densenet-121': { 'unequal-channel-width': 6 },
  // 13, and 4 layers of SSDLite
  'ssdlite-mobilenet-v1': { 'unequal-channel-width': 3, 'activation-between-depthwise-and-pointwise': 17 },
  'ssdlite-mobilenet-v2': { 'unequal-channel-width': 25, 'activation-between-depthwise-and-pointwise': 4 },
  'yolo-v2': { 'unequal-channel-width': 2 },
})

it.each(expected)('%s', async (spec, rules) => {
  const { findings } = await lintModel(build(spec), { costs: 'none' })
  const found: Record<string, number> = {}
  for (const { rule } of findings) found[rule] = (found[rule] ?? 0) + 1
  expect(found).toEqual(rules)
})

it('has no error in any architecture: their authors knew what they did', async () => {
  for (const { name } of architectures) {
    const { failed } = await lintModel(build(name), { costs: 'none' })
    expect([name, failed]).toEqual([name, false])
  }
})
