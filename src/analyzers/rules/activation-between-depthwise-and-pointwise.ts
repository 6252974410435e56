import { layerName } from '../../onnx/names.js'
import { activationOf } from './activations.js'
import { type Convolution, convolutionAt, convolutions } from './convolutions.js'
import { kernelsOfTheirOwn, type LintRule } from './rule.js'

export const activationBetweenDepthwiseAndPointwise: LintRule = {
  id: 'activation-between-depthwise-and-pointwise',
  level: 'info',
  summary: 'A separable convolution has an activation between its two parts, besides the one behind it.',
  source: 'Xception, arXiv 1610.02357, section 4.7 and Figure 10',
  fixable: false,
  check: (context) =>
    convolutions(context).flatMap((depthwise) => {
      const { wiring } = context
      const inner = depthwise.isDepthwise ? activationOf(wiring, depthwise.output) : null
      const next = inner === null ? undefined : wiring.only(inner.output)
      const pointwise = next === undefined ? null : convolutionAt(context, next)
      if (inner === null || pointwise === null || !pointwise.isPointwise || pointwise.group !== 1) return []
      // where the pointwise part is linear, as in MobileNet V2, the inner activation is the block's own
      if (activationOf(wiring, pointwise.output) === null) return []
      const { op } = wiring.node(inner.nodes[0] ?? -1)
      const nameOf = ({ index }: Convolution) => layerName(wiring.node(index))
      return {
        nodes: inner.nodes,
        kernels: kernelsOfTheirOwn(context, inner.nodes),
        message: `${op} stands between the depthwise convolution ${nameOf(depthwise)} and the pointwise ${nameOf(pointwise)}, which has an activation of its own`,
        try: 'Leave the inner activation out and train again: Xception converged faster and better without.',
      }
    }),
}
