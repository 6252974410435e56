import { layerName } from '../../onnx/names.js'
import { activationOf, unactivated } from './activations.js'
import { type Convolution, convolutionAt, convolutions } from './convolutions.js'
import { kernelsOfTheirOwn, type LintContext, type LintRule } from './rule.js'
import { scaledTensor } from './squeeze-excitation.js'

/** MobileNet V2 expands six times; five to ten were about as good (section 6). A factor of two is still an expansion. */
const leastExpansion = 2

/** The depthwise convolution that a tensor comes from, through activations and a channel-wise gate. */
function depthwiseBefore(context: LintContext, tensor: string): Convolution | null {
  const { wiring } = context
  const source = scaledTensor(context, unactivated(wiring, tensor))
  const index = wiring.producer(unactivated(wiring, source))
  const conv = index === undefined ? null : convolutionAt(context, index)
  return conv?.isDepthwise ? conv : null
}

export const nonlinearBottleneck: LintRule = {
  id: 'nonlinear-bottleneck',
  level: 'warning',
  summary: 'An activation follows the narrow projection of an inverted residual block, where it destroys information.',
  source: 'MobileNet V2, arXiv 1801.04381, section 3.2 and Figure 6',
  fixable: false,
  check: (context) =>
    convolutions(context).flatMap((conv) => {
      const { inputChannels, outputChannels, isPointwise, group } = conv
      if (!isPointwise || group !== 1 || inputChannels < leastExpansion * outputChannels) return []
      const activation = activationOf(context.wiring, conv.output)
      if (activation === null || depthwiseBefore(context, conv.input) === null) return []
      const { op } = context.wiring.node(activation.nodes[0] ?? -1)
      return {
        nodes: activation.nodes,
        kernels: kernelsOfTheirOwn(context, activation.nodes),
        message: `${op} follows the projection ${layerName(context.wiring.node(conv.index))} from ${inputChannels} to ${outputChannels} channels, and what it cuts off there is lost`,
        try: 'Leave the projection linear: take the activation away and train again.',
      }
    }),
}
