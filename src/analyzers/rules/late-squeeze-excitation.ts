import { convolutions } from './convolutions.js'
import type { LintContext, LintRule } from './rule.js'
import { type SqueezeExcitation, squeezeExcitations } from './squeeze-excitation.js'

/** SE-ResNet-50 spends 5.6 % of its params in the blocks of the last stage; less than 2 % is not worth a thought. */
const tolerated = 0.02

const paramsOf = ({ layers }: LintContext, blocks: readonly SqueezeExcitation[]): number =>
  blocks.flatMap(({ nodes }) => nodes).reduce((sum, index) => sum + (layers[index]?.params ?? 0), 0)

/** Pixels of the smallest feature map, before positions are pooled. */
const lastStage = (context: LintContext): number =>
  Math.min(...convolutions(context).flatMap(({ pixels }) => (pixels > 1 ? pixels : [])))

export const lateSqueezeExcitation: LintRule = {
  id: 'late-squeeze-excitation',
  level: 'info',
  summary: 'Squeeze-and-Excitation blocks of the last stage have many params and add next to no accuracy.',
  source: 'SENet, arXiv 1709.01507, section 4',
  fixable: false,
  check(context) {
    const blocks = squeezeExcitations(context)
    const last = lastStage(context)
    const late = blocks.filter(({ pixels }) => pixels === last)
    const params = paramsOf(context, late)
    const share = params / context.totals.params
    // where only one stage has them, they are all there is
    if (late.length === 0 || late.length === blocks.length || share <= tolerated) return []
    const [first] = late
    return [
      {
        nodes: late.flatMap(({ nodes }) => nodes),
        message: `${late.length} blocks at ${first?.channels} channels have ${params.toLocaleString('en-US')} params, ${(100 * share).toFixed(1)} % of all`,
        try: 'Leave them out of the last stage: SE-ResNet-50 lost less than 0.1 % of top-5 accuracy by it.',
      },
    ]
  },
}
