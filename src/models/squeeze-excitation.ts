import type { Network, Value } from './builder.js'

/**
 * Gates whose arguments are this much less spread than other activations stay about half open. Otherwise, where gates
 * stand one after another, what is large opens them and grows on.
 */
const gateGain = 1 / 16

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
    const gate = { out: x.channels, kernel: 1, bias, gain: gateGain }
    return net.multiply(
      x,
      net.scope('expand', () => net.sigmoid(net.conv(excited, gate))),
    )
  })

export interface Reduction {
  /** The two layers meet in C / reduction channels, rounded down, at least one. */
  readonly reduction: number
  readonly bias: boolean
}

/** Squeeze-and-Excitation by the ratio that its paper gives. */
export const recalibrated = (net: Network, x: Value, { reduction, bias }: Reduction): Value =>
  squeezeExcitation(net, x, { hidden: Math.max(1, Math.trunc(x.channels / reduction)), bias })
