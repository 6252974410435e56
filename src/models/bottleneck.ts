import type { Network, Value } from './builder.js'
import { type Reduction, recalibrated } from './squeeze-excitation.js'

/** Where an SE block can stand in a residual block (SENet, Figure 5 and section 6.5). */
export type Placement = 'standard' | 'pre' | 'post' | 'identity' | '3x3'

export interface Bottleneck {
  /** Channels of the 3 x 3 convolution. */
  readonly width: number
  /** Channels between the first 1 x 1 and the 3 x 3 convolution; default: `width`. */
  readonly entry?: number
  readonly out: number
  readonly stride: number
  /** 1: stride in the first 1 x 1, as ResNet was published; 1.5: in the 3 x 3, as torchvision and all others have it. */
  readonly version: '1' | '1.5'
  /** Groups of the 3 x 3 convolution: ResNeXt's cardinality. */
  readonly groups?: number
  /** Kernel of the projection where the shape changes. */
  readonly projection?: 1 | 3
  readonly se?: (Reduction & { readonly placement: Placement }) | undefined
}

/** 1 x 1, 3 x 3, 1 x 1 around a shortcut, which is a projection where the shape changes (ResNet, Figure 5; option B). */
export function bottleneck(
  net: Network,
  x: Value,
  { width, entry = width, out, stride, version, groups = 1, projection = 1, se }: Bottleneck,
): Value {
  const withSe = (placement: Placement, value: Value) =>
    se?.placement === placement ? recalibrated(net, value, se) : value
  const [first, second] = version === '1' ? [stride, 1] : [1, stride]
  const input = withSe('pre', x)
  const reduced = net.scope('a', () =>
    net.relu(net.batchNorm(net.conv(input, { out: entry, kernel: 1, stride: first }))),
  )
  const filtered = net.scope('b', () =>
    net.relu(net.batchNorm(net.conv(reduced, { out: width, kernel: 3, stride: second, groups }))),
  )
  const expanded = net.scope('c', () => net.batchNorm(net.conv(withSe('3x3', filtered), { out, kernel: 1 })))
  const residual = withSe('standard', expanded)
  const shortcut =
    stride === 1 && x.channels === out
      ? x
      : net.scope('shortcut', () => net.batchNorm(net.conv(x, { out, kernel: projection, stride })))
  return withSe('post', net.relu(net.add(residual, withSe('identity', shortcut))))
}
