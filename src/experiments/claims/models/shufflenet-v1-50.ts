import { Network } from '../../../models/builder.js'
import { shuffleNetUnit } from '../../../models/shufflenet-v1.js'
import type { Model } from '../../../types.js'

/** ShuffleNet V2, appendix, Table 2: output channels and units of conv2_x to conv5_x of the ShuffleNet V1 beside it. */
const stages = [
  // c, n
  [360, 3],
  [720, 4],
  [1440, 6],
  [2880, 3],
] as const

const groups = 3

/**
 * ShuffleNet V1-50, 3 groups. The first unit, whose 64 input channels do not divide, is not grouped: the paper does not say
 * what it did.
 *
 * @param bottleneck output channels of a unit over those in between
 */
export const shuffleNetV1Depth50 =
  (bottleneck: number) =>
  (name: string): Model => {
    const net = new Network()
    let x = net.input(1, 3, 224, 224)
    x = net.scope('conv1', () => net.relu(net.batchNorm(net.conv(x, { out: 64, kernel: 3, stride: 2 }))))
    x = net.maxPool(x, { kernel: 3, stride: 2, padding: 1 })
    for (const [stage, [out, units]] of stages.entries()) {
      for (let i = 0; i < units; i++) {
        const grouping = stage === 0 && i === 0 ? 1 : groups
        const shape = { out, bottleneck, stride: stage > 0 && i === 0 ? 2 : 1 }
        x = net.scope(`conv${stage + 2}_${i + 1}`, () =>
          shuffleNetUnit(net, x, { ...shape, groups: grouping, reduceGroups: grouping }),
        )
      }
    }
    const output = net.scope('head', () => net.fullyConnected(net.globalAveragePool(x), 1000))
    return net.finish(name, name, [output])
  }
