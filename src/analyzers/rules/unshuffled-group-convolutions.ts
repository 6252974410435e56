import { isActivation } from './activations.js'
import { type Convolution, convolutionAt, convolutions } from './convolutions.js'
import type { LintContext, LintRule } from './rule.js'

/** Operators that keep each channel to itself. */
const channelwise =
  /^(BatchNormalization|InstanceNormalization|Identity|Dropout|Cast|MaxPool|AveragePool|Pad|Resize|Upsample)$/

/** The convolution in groups before a tensor that nothing but channel-wise layers separates from it. */
function groupedBefore(context: LintContext, tensor: string): Convolution | null {
  const { wiring } = context
  const index = wiring.producer(tensor)
  if (index === undefined) return null
  const conv = convolutionAt(context, index)
  if (conv !== null && !conv.isDepthwise) return conv.isPointwise && conv.group > 1 ? conv : null
  // at a sum or a concatenation a unit ends; ShuffleNet does not shuffle there either (section 3.2)
  const isChannelwise = conv?.isDepthwise || isActivation(wiring, index) || channelwise.test(wiring.node(index).op)
  return isChannelwise ? groupedBefore(context, wiring.node(index).inputs[0] ?? '') : null
}

/** In how many parts two convolutions in groups leave the channels that never meet. */
const apart = (a: number, b: number): number => (b === 0 ? a : apart(b, a % b))

export const unshuffledGroupConvolutions: LintRule = {
  id: 'unshuffled-group-convolutions',
  level: 'error',
  summary: 'Two 1x1 convolutions in groups follow one another without a shuffle, so groups never learn of each other.',
  source: 'ShuffleNet, arXiv 1707.01083, section 3.1, Figure 1 and Table 3',
  fixable: false,
  check: (context) =>
    convolutions(context).flatMap((second) => {
      if (!second.isPointwise || second.group === 1 || second.isDepthwise) return []
      const first = groupedBefore(context, second.input)
      const parts = first === null ? 1 : apart(first.group, second.group)
      if (first === null || parts === 1) return []
      return {
        nodes: [second.index, first.index],
        message: `${first.group} groups go into ${second.group}, and no channel of one of ${parts} parts ever meets another part`,
        try: 'Shuffle the channels between the two: Reshape to [N, groups, C/groups, H, W], Transpose, Reshape back.',
      }
    }),
}
