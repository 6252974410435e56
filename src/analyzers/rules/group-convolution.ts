import { type Convolution, convolutions, sizeOf } from './convolutions.js'
import type { LintRule } from './rule.js'

/**
 * Two groups cost up to √2 − 1 = 41 % more access at as many MACs, less where weights are most of it: there groups do not
 * matter.
 */
const tolerated = 0.25

/** How much more memory access than without groups, at as many MACs and widths in the same ratio: ShuffleNet V2, equation 2. */
function groupExcess({ inputChannels, outputChannels, group, positions, weightElements }: Convolution): number {
  const access = (channels: number) => positions * channels + weightElements
  const channels = inputChannels + outputChannels
  return access(channels) / access(channels / Math.sqrt(group)) - 1
}

export const groupConvolution: LintRule = {
  id: 'group-convolution',
  level: 'warning',
  summary: 'A convolution in groups has more channels, and moves more bytes, than a dense one with as many MACs.',
  source: 'ShuffleNet V2, arXiv 1807.11164, G2, equation 2 and Table 2',
  fixable: false,
  check: (context) =>
    convolutions(context).flatMap((conv) => {
      const excess = groupExcess(conv)
      if (conv.group === 1 || conv.isDepthwise || excess <= tolerated) return []
      return {
        nodes: [conv.index],
        message: `a ${sizeOf(conv)} convolution in ${conv.group} groups reads and writes ${(100 * excess).toFixed(0)} % more than a dense one with as many MACs and widths in the same ratio`,
        try: 'Use fewer groups and fewer channels, or a dense convolution of as many MACs; depthwise convolutions are not meant.',
      }
    }),
}
