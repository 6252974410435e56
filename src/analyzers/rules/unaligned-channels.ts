import { kernelCost } from '../executed-cost.js'
import { type Convolution, convolutionAt } from './convolutions.js'
import {
  type Draft,
  type ExecutedModel,
  type LintContext,
  type LintKernel,
  type LintRule,
  needsKernels,
} from './rule.js'

/** Of a block of 16, two channels that are padded are 14 %; less than a tenth is what any width costs. */
const tolerated = 0.1

/** onnxruntime takes channels of a dense convolution into its blocked layout in fours. */
const alignment = 4

/** Why onnxruntime leaves a convolution out of its blocked layout; null where channels are not the reason. */
function unblocked({ group, isDepthwise, inputChannels, outputChannels }: Convolution, block: number): string | null {
  const [inGroup, outGroup] = [inputChannels / group, outputChannels / group]
  if (group === 1 || isDepthwise) {
    const channels = group === 1 && inputChannels >= block ? inputChannels : outputChannels
    const isLeftOut = group === 1 ? inputChannels >= block && channels % alignment !== 0 : channels % alignment !== 0
    return isLeftOut ? `${channels} channels are not a multiple of ${alignment}` : null
  }
  if (inGroup % block === 0 && outGroup % block === 0) return null
  return `${inGroup} channels in and ${outGroup} out of each of ${group} groups are not multiples of ${block}`
}

function draftOf(context: LintContext, { vectorBlock }: ExecutedModel, kernel: LintKernel, place: number): Draft[] {
  const conv = kernel.nodes.map((index) => convolutionAt(context, index)).find((found) => found !== null)
  if (conv === undefined) return []
  const draft = (message: string) => ({
    nodes: [conv.index],
    kernels: [place],
    message,
    try: `Choose channels in multiples of ${vectorBlock}, this machine's block.`,
  })
  if (kernel.kernel.domain !== 'com.microsoft.nchwc') {
    const why = unblocked(conv, vectorBlock)
    return why === null ? [] : [draft(`${why}, so onnxruntime computes it outside its blocked layout`)]
  }
  const wanted = context.layers[conv.index]?.macs ?? 0
  const done = kernelCost(kernel.kernel).macs ?? 0
  if (wanted === 0 || done / wanted - 1 <= tolerated) return []
  const { inputChannels, outputChannels } = conv
  const more = (100 * (done / wanted - 1)).toFixed(0)
  return [
    draft(`${inputChannels} to ${outputChannels} channels are padded to blocks of ${vectorBlock}: ${more} % more MACs`),
  ]
}

export const unalignedChannels: LintRule = {
  id: 'unaligned-channels',
  level: 'info',
  summary:
    "A convolution's channels do not fill this machine's vector blocks, so it computes padding or a slower layout.",
  source: 'onnxruntime, core/optimizer/nchwc_transformer.cc',
  fixable: false,
  unavailable(context) {
    const { executed } = context
    if (executed === null) return needsKernels(context)
    if (executed.provider !== 'cpu') return `${executed.provider} has no blocked layout of onnxruntime's`
    return executed.vectorBlock === 1 ? 'onnxruntime has no blocked layout on this machine' : null
  },
  check: (context) =>
    (context.executed?.kernels ?? []).flatMap((kernel, place) =>
      context.executed === null ? [] : draftOf(context, context.executed, kernel, place),
    ),
}
