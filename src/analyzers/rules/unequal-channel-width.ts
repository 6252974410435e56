import { type Convolution, convolutions } from './convolutions.js'
import type { LintRule } from './rule.js'

/**
 * More than what widths of 1:4 can cost, 5 / (2√4) − 1: the bottlenecks of ResNet stay below, and the 1:6 and 1:12 of
 * ShuffleNet V2's Table 1, 43 % and 88 % in the limit of many positions, are above.
 */
const tolerated = 0.25

/** How much more memory access than with equal widths at as many MACs: equation 1 of ShuffleNet V2, with groups. */
function unequalWidthExcess({ inputChannels: c1, outputChannels: c2, positions, weightElements }: Convolution) {
  const least = 2 * positions * Math.sqrt(c1 * c2) + weightElements
  return (positions * (c1 + c2) + weightElements) / least - 1
}

export const unequalChannelWidth: LintRule = {
  id: 'unequal-channel-width',
  level: 'info',
  summary:
    'A 1x1 convolution has far more channels on one side than on the other, so it moves more bytes for its MACs.',
  source: 'ShuffleNet V2, arXiv 1807.11164, G1, equation 1 and Table 1',
  fixable: false,
  check: (context) =>
    convolutions(context).flatMap((conv) => {
      const excess = unequalWidthExcess(conv)
      if (!conv.isPointwise || conv.isDepthwise || excess <= tolerated) return []
      const { inputChannels, outputChannels, index } = conv
      return {
        nodes: [index],
        message: `from ${inputChannels} to ${outputChannels} channels it reads and writes ${(100 * excess).toFixed(0)} % more than a convolution of equal widths with as many MACs`,
        try: 'Bring the two widths closer together, at most 1:4, with as many MACs.',
      }
    }),
}
