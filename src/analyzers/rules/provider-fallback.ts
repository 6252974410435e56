import { isFloating } from '../../onnx/element-types.js'
import { isProvider } from '../providers.js'
import { type LintKernel, type LintRule, needsKernels } from './rule.js'

/** onnxruntime keeps what computes sizes on the CPU on purpose. */
const isOfData = ({ kernel }: LintKernel): boolean =>
  kernel.outputTypes.some(({ elementType }) => isFloating(elementType))

export const providerFallback: LintRule = {
  id: 'provider-fallback',
  level: 'warning',
  summary: 'A kernel does not run on the provider that was asked for, and its data is copied there and back.',
  source: 'onnxruntime, execution providers',
  fixable: false,
  unavailable(context) {
    const { executed } = context
    if (executed === null) return needsKernels(context)
    return executed.provider === 'cpu' ? 'nothing falls back from the CPU; profile the model with --provider' : null
  },
  check: ({ executed }) =>
    (executed?.kernels ?? []).flatMap((kernel, place) => {
      const asked = executed?.provider ?? ''
      const isElsewhere = !isProvider(asked, kernel.kernel.provider) && !kernel.inserted && isOfData(kernel)
      if (!isElsewhere) return []
      return {
        nodes: kernel.nodes,
        kernels: [place],
        message: `${kernel.kernel.op} runs on ${kernel.kernel.provider}, not on ${asked}`,
        try: `Export the model with operators that ${asked} has, or at another opset.`,
      }
    }),
}
