import type { Network, Value } from '../../models/builder.js'
import { guideline, linear, stacked } from './guideline.js'

/**
 * A block is ResNet's bottleneck: 1 x 1, 3 x 3 and 1 x 1 convolution, the inner ones a quarter as wide, ReLU after each
 * and a shortcut around the three; without one or the other.
 *
 * The paper calls c the channels in the unit, and says neither which ones nor how large the image is. The published
 * speeds tell: with c at both ends, c / 4 inside and 56 x 56 pixels as in Tables 1 to 3 they are 1.9 to 3.0 GMAC/s on the
 * ARM processor, about half of what Tables 1 to 3 attain, and up to 1 TMAC/s on the GPU. With c throughout, c = 128 would
 * be 10 TMAC/s; a GTX 1080 Ti can do 5.7.
 */
export const g4 = guideline({
  id: 'g4',
  title: 'Element-wise operations are non-negligible',
  source: 'arXiv 1807.11164, Table 4',
  expectation: 'faster',
  rows: [
    {
      variant: 'as ResNet',
      relu: true,
      shortcut: true,
      channels: { gpu: 32, arm: 32 },
      published: { gpu: [2427, 2066, 1436], arm: [56.7, 16.9, 5.0] },
    },
    {
      variant: 'no shortcut',
      relu: true,
      shortcut: false,
      channels: { gpu: 32, arm: 32 },
      published: { gpu: [2647, 2256, 1735], arm: [61.9, 18.8, 5.2] },
    },
    {
      variant: 'no ReLU',
      relu: false,
      shortcut: true,
      channels: { gpu: 32, arm: 32 },
      published: { gpu: [2672, 2121, 1458], arm: [57.3, 18.2, 5.1] },
    },
    {
      variant: 'neither',
      relu: false,
      shortcut: false,
      channels: { gpu: 32, arm: 32 },
      published: { gpu: [2842, 2376, 1782], arm: [66.3, 20.2, 5.4] },
    },
  ],
  build: ({ variant, channels, relu, shortcut }, { widths, scale, batch }) =>
    stacked(`g4 ${variant}`, { batch, channels: channels[widths] * scale }, (net, x) =>
      bottleneck(net, x, { relu, shortcut }),
    ),
})

const reduction = 4

interface ElementWise {
  readonly relu: boolean
  readonly shortcut: boolean
}

function bottleneck(net: Network, x: Value, { relu, shortcut }: ElementWise): Value {
  const activated = (value: Value) => (relu ? net.relu(value) : value)
  const gain = relu ? 1 : linear
  const inner = x.channels / reduction
  const a = net.scope('reduce', () => activated(net.conv(x, { out: inner, kernel: 1, gain })))
  const b = net.scope('spatial', () => activated(net.conv(a, { out: inner, kernel: 3, gain })))
  return net.scope('restore', () => {
    const c = net.conv(b, { out: x.channels, kernel: 1, gain })
    return activated(shortcut ? net.add(c, x) : c)
  })
}
