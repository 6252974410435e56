import { Network } from '../../../models/builder.js'
import type { Model } from '../../../types.js'

/** Kernel and output channels of each pair. */
export const pairs = [
  [3, 32],
  [3, 256],
  [3, 1024],
  [5, 32],
  [5, 256],
  [7, 256],
] as const

const [channels, side] = [16, 14]

/** Pairs of a dense convolution and the depthwise separable one that stands for it, all on one map. */
export function separablePairs(name: string): Model {
  const net = new Network()
  const x = net.input(1, channels, side, side)
  const outputs = pairs.flatMap(([kernel, out]) =>
    net.scope(`k${kernel}-n${out}`, () => [
      net.scope('dense', () => net.conv(x, { out, kernel })),
      net.scope('separable', () => {
        const filtered = net.scope('depthwise', () => net.depthwise(x, { kernel }))
        return net.scope('pointwise', () => net.conv(filtered, { out, kernel: 1 }))
      }),
    ]),
  )
  return net.finish(name, name, outputs)
}
