import { guideline, linear, stacked } from './guideline.js'

/**
 * A block is one 1 x 1 convolution in groups.
 *
 * The 180 channels that the ARM experiment has with 8 groups do not divide into them: there it is the nearest number that
 * does, 184. The paper does not say what it was.
 */
export const g2 = guideline({
  id: 'g2',
  title: 'Excessive group convolution increases memory access cost',
  source: 'arXiv 1807.11164, Table 2',
  expectation: 'slower',
  rows: [
    {
      variant: '1 group',
      groups: 1,
      channels: { gpu: 128, arm: 64 },
      published: { gpu: [2451, 1289, 437], arm: [40.0, 10.2, 2.3] },
    },
    {
      variant: '2 groups',
      groups: 2,
      channels: { gpu: 180, arm: 90 },
      published: { gpu: [1725, 873, 341], arm: [35.0, 9.5, 2.2] },
    },
    {
      variant: '4 groups',
      groups: 4,
      channels: { gpu: 256, arm: 128 },
      published: { gpu: [1026, 644, 338], arm: [32.9, 8.7, 2.1] },
    },
    {
      variant: '8 groups',
      groups: 8,
      channels: { gpu: 360, arm: 180 },
      published: { gpu: [634, 445, 230], arm: [27.8, 7.5, 1.8] },
    },
  ],
  build: ({ variant, groups, channels: published }, { widths, scale, batch }) => {
    const channels = groups * Math.round((published[widths] * scale) / groups)
    return stacked(`g2 ${variant}`, { batch, channels }, (net, x) =>
      net.conv(x, { out: channels, kernel: 1, groups, gain: linear }),
    )
  },
})
