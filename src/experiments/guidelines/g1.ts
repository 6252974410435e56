import { guideline, linear, stacked } from './guideline.js'

/** A block is two 1 x 1 convolutions, c1 → c2 and c2 → c1. */
export const g1 = guideline({
  id: 'g1',
  title: 'Equal channel width minimizes memory access cost',
  source: 'arXiv 1807.11164, Table 1',
  expectation: 'slower',
  rows: [
    {
      variant: '1:1',
      channels: { gpu: 128, arm: 32 },
      second: { gpu: 128, arm: 32 },
      published: { gpu: [1480, 723, 232], arm: [76.2, 21.7, 5.3] },
    },
    {
      variant: '1:2',
      channels: { gpu: 90, arm: 22 },
      second: { gpu: 180, arm: 44 },
      published: { gpu: [1296, 586, 206], arm: [72.9, 20.5, 5.1] },
    },
    {
      variant: '1:6',
      channels: { gpu: 52, arm: 13 },
      second: { gpu: 312, arm: 78 },
      published: { gpu: [876, 489, 189], arm: [69.1, 17.9, 4.6] },
    },
    {
      variant: '1:12',
      channels: { gpu: 36, arm: 9 },
      second: { gpu: 432, arm: 108 },
      published: { gpu: [748, 392, 163], arm: [57.6, 15.1, 4.4] },
    },
  ],
  build: ({ variant, channels, second }, { widths, scale, batch }) => {
    const [c1, c2] = [channels[widths] * scale, second[widths] * scale]
    return stacked(`g1 ${variant}`, { batch, channels: c1 }, (net, x) => {
      const y = net.scope('first', () => net.conv(x, { out: c2, kernel: 1, gain: linear }))
      return net.scope('second', () => net.conv(y, { out: c1, kernel: 1, gain: linear }))
    })
  },
})
