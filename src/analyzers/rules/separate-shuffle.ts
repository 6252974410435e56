import type { LintContext, LintRule } from './rule.js'
import { type Shuffle, shuffleAt } from './shuffles.js'

/** Nodes that take a part of the channels. */
function splitsOf({ wiring }: LintContext, { output }: Shuffle): readonly number[] {
  const readers = wiring.consumers(output)
  const split = readers.filter((index) => wiring.node(index).op === 'Split')
  const slices = readers.filter((index) => wiring.node(index).op === 'Slice')
  return split.length > 0 ? split : slices.length > 1 ? slices : []
}

export const separateShuffle: LintRule = {
  id: 'separate-shuffle',
  level: 'info',
  summary: 'Concat, channel shuffle and split follow one another: three passes over the data that one could do.',
  source: 'ShuffleNet V2, arXiv 1807.11164, section 3',
  fixable: false,
  check: (context) =>
    [...context.wiring.nodes.keys()].flatMap((index) => {
      const shuffle = shuffleAt(context, index)
      const concat = shuffle === null ? undefined : context.wiring.producer(shuffle.input)
      if (shuffle === null || concat === undefined || context.wiring.node(concat).op !== 'Concat') return []
      const splits = splitsOf(context, shuffle)
      if (splits.length === 0) return []
      const [reshape, transpose, back] = shuffle.nodes
      return {
        nodes: [transpose, concat, reshape, back, ...splits],
        message: `Concat, a shuffle of ${shuffle.groups} groups and ${splits.length > 1 ? 'slices' : 'Split'} move every channel three times`,
        try: 'Take each part straight from the two halves, or move the order of channels into the weights of the convolutions around.',
      }
    }),
}
