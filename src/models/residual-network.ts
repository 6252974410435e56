import type { Network, Value } from './builder.js'

/** Deep Residual Learning, He et al., CVPR 2016 (arXiv 1512.03385), Table 1: blocks in conv2_x to conv5_x. */
const depths = {
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
} as const

export type Depth = keyof typeof depths

/** Where a block stands. */
export interface Stage {
  /** 2 to 5, as in conv2_x. */
  readonly number: number
  /** Channels of its stage over those of the first: 1, 2, 4, 8. */
  readonly scale: number
  readonly stride: number
}

/** The table that ResNet, ResNeXt and SENet share: blocks after a stem, a classifier after the blocks. */
export function residualNetwork(
  net: Network,
  stem: Value,
  { depth, classes, block }: { depth: Depth; classes: number; block: (x: Value, stage: Stage) => Value },
): Value {
  let x = stem
  for (const [index, blocks] of depths[depth].entries()) {
    const number = index + 2
    for (let i = 0; i < blocks; i++) {
      const stage = { number, scale: 2 ** index, stride: i === 0 && index > 0 ? 2 : 1 }
      x = net.scope(`conv${number}_${i + 1}`, () => block(x, stage))
    }
  }
  return net.scope('head', () => net.fullyConnected(net.globalAveragePool(x), classes))
}

/** 7 x 7, stride 2, then max pooling to a quarter: padded, as in PyTorch, or over the border, as in Caffe. */
export const residualStem = (net: Network, x: Value, pool: 'padded' | 'ceil' = 'padded'): Value =>
  net.scope('conv1', () =>
    net.maxPool(net.relu(net.batchNorm(net.conv(x, { out: 64, kernel: 7, stride: 2 }))), {
      kernel: 3,
      stride: 2,
      ...(pool === 'ceil' ? { ceil: true } : { padding: 1 }),
    }),
  )
