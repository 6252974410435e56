import type { Network, Value } from './builder.js'

/** MobileNetV2, Sandler et al. (arXiv 1801.04381), section 6.2: channels of the maps after the backbone's two. */
const extra = [512, 256, 256, 128] as const

const anchors = { first: 3, others: 6 } as const

/** A feature map and its height and width. */
interface Map {
  readonly value: Value
  readonly size: number
}

/**
 * SSDLite: four smaller maps after the backbone's, and on each map a predictor of boxes and one of classes.
 *
 * @param classes without the background, which is a class of its own
 * @param resolution of the image, whose 1/16 and 1/32 the two maps are
 * @returns boxes [N, anchors, 4] and class logits [N, anchors, classes + 1]
 * @see tensorflow/models, research/object_detection/models/ssd_mobilenet_v2_feature_extractor.py
 */
export function ssdlite(
  net: Network,
  {
    maps,
    classes,
    resolution,
    batch,
  }: {
    maps: readonly [Value, Value]
    classes: number
    resolution: number
    batch: number
  },
): readonly [boxes: Value, scores: Value] {
  const all: Map[] = maps.map((value, index) => ({ value, size: Math.ceil(resolution / (16 << index)) }))
  for (const [index, channels] of extra.entries()) {
    const { value, size } = all.at(-1) as Map
    all.push({ value: net.scope(`extra${index + 1}`, () => smaller(net, value, channels)), size: Math.ceil(size / 2) })
  }
  const predict = (what: string, outputs: number) =>
    net.scope(what, () => {
      const found = all.map(({ value, size }, index) => {
        const perPixel = index === 0 ? anchors.first : anchors.others
        const shape = [batch, size ** 2 * perPixel, outputs] as const
        return net.scope(`map${index + 1}`, () =>
          net.reshape(net.transpose(predictor(net, value, perPixel * outputs), [0, 2, 3, 1]), shape),
        )
      })
      return net.concat(found as [Value, ...Value[]])
    })
  return [predict('boxes', 4), predict('scores', classes + 1)]
}

/** 1 x 1 to half the channels, then a separable convolution to half the size. */
function smaller(net: Network, x: Value, out: number): Value {
  const reduced = net.scope('reduce', () => net.relu6(net.batchNorm(net.conv(x, { out: out / 2, kernel: 1 }))))
  const filtered = net.scope('depthwise', () =>
    net.relu6(net.batchNorm(net.depthwise(reduced, { kernel: 3, stride: 2 }))),
  )
  return net.scope('pointwise', () => net.relu6(net.batchNorm(net.conv(filtered, { out, kernel: 1 }))))
}

/** Depthwise 3 x 3, then 1 x 1 with bias and nothing after it. */
function predictor(net: Network, x: Value, out: number): Value {
  const filtered = net.scope('depthwise', () => net.relu6(net.batchNorm(net.depthwise(x, { kernel: 3 }))))
  return net.conv(filtered, { out, kernel: 1, bias: true })
}
