import type { Network, Value } from '../../models/builder.js'
import { guideline, linear, stacked } from './guideline.js'

/**
 * A block is one 1 x 1 convolution, or several with as many MACs together.
 *
 * The paper gives the channels of one fragment alone; those of the others follow from equal FLOPs: c / √2 for two
 * fragments, c / 2 for four, as in Table 2. Its appendix draws the blocks (Fig. 1). Fragments in parallel are taken to
 * read the same input and to be added up, which keeps the width from block to block.
 */
export const g3 = guideline({
  id: 'g3',
  title: 'Network fragmentation reduces degree of parallelism',
  source: 'arXiv 1807.11164, Table 3',
  expectation: 'slower',
  rows: [
    {
      variant: '1 fragment',
      channels: { gpu: 128, arm: 64 },
      block: series(1),
      published: { gpu: [2446, 1274, 434], arm: [40.2, 10.1, 2.3] },
    },
    {
      variant: '2 series',
      channels: { gpu: 90, arm: 45 },
      block: series(2),
      published: { gpu: [1790, 909, 336], arm: [38.6, 10.1, 2.2] },
    },
    {
      variant: '4 series',
      channels: { gpu: 64, arm: 32 },
      block: series(4),
      published: { gpu: [752, 745, 349], arm: [38.4, 10.1, 2.3] },
    },
    {
      variant: '2 parallel',
      channels: { gpu: 90, arm: 45 },
      block: parallel(2),
      published: { gpu: [1537, 803, 320], arm: [33.4, 9.1, 2.2] },
    },
    {
      variant: '4 parallel',
      channels: { gpu: 64, arm: 32 },
      block: parallel(4),
      published: { gpu: [691, 572, 292], arm: [35.0, 8.4, 2.1] },
    },
  ],
  build: ({ variant, channels, block }, { widths, scale, batch }) =>
    stacked(`g3 ${variant}`, { batch, channels: channels[widths] * scale }, block),
})

type Block = (net: Network, x: Value) => Value

const numbered = (fragments: number): number[] => Array.from({ length: fragments }, (_, index) => index + 1)

/** One after another. */
function series(fragments: number): Block {
  return (net, x) =>
    numbered(fragments).reduce(
      (y, index) => net.scope(`fragment${index}`, () => net.conv(y, { out: y.channels, kernel: 1, gain: linear })),
      x,
    )
}

/** Side by side, and their sum. */
function parallel(fragments: number): Block {
  return (net, x) => {
    const gain = linear / fragments
    const sides = numbered(fragments).map((index) =>
      net.scope(`fragment${index}`, () => net.conv(x, { out: x.channels, kernel: 1, gain })),
    )
    return sides.reduce((sum, side, index) => net.scope(`sum${index}`, () => net.add(sum, side)))
  }
}
