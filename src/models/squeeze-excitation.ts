import type { Network, Value } from './builder.js'

/**
 * Squeeze-and-Excitation, Hu et al., CVPR 2018 (arXiv 1709.01507), section 3: each channel is scaled by a gate that two
 * fully connected layers, of `hidden` and of all channels, compute from the means of all channels.
 */
export const squeezeExcitation = (
  net: Network,
  x: Value,
  { hidden, bias = false }: { hidden: number; bias?: boolean },
): Value =>
  net.scope('se', () => {
    const squeezed = net.globalAveragePool(x)
    const excited = net.scope('reduce', () => net.relu(net.conv(squeezed, { out: hidden, kernel: 1, bias })))
    return net.multiply(
      x,
      net.scope('expand', () => net.sigmoid(net.conv(excited, { out: x.channels, kernel: 1, bias }))),
    )
  })
