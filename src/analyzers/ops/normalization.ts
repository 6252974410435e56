import { elements } from '../../onnx/element-types.js'
import { rule, type Shape } from './rule.js'

/**
 * y = scale · (x − mean) / √(variance + epsilon) + shift over sets of elements that share a mean and a variance.
 *
 * Seven an element: mean, subtraction, square, mean of the squares, division, scale and shift. A mean of n is n − 1
 * additions and one division. Two a set: epsilon and the root.
 */
const standardized = (x: Shape, sets: number, affine: number) => ({ flops: (5 + affine) * elements(x) + 2 * sets })

/**
 * Standardization of a batch in training, a set a channel; each running mean and variance takes two multiplications and an
 * addition.
 */
function batchStandardized(x: Shape) {
  const channels = x[1] ?? 1
  return { flops: standardized(x, channels, 2).flops + 6 * channels }
}

/**
 * x [N, C, D…]. At inference mean, variance, scale and shift are constants that fold into one factor and one term a
 * channel.
 * @see https://onnx.ai/onnx/operators/onnx__BatchNormalization.html
 */
const batchNormalization = rule(['BatchNormalization'], {
  formula: 'FLOPs 2 · |x|: multiplication, addition; with training_mode 7 · |x| + 8 · C, as the layers below',
  cost: ({ x, attributes }) =>
    attributes.int('training_mode', 0) === 1 ? batchStandardized(x) : { flops: 2 * elements(x) },
  role: (index) => (index < 3 ? 'param' : 'buffer'),
  kernelClass: 'normalization',
})

/**
 * x [N, C, D…], standardized an instance and channel: N · C sets.
 * @see https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html
 */
const instanceNormalization = rule(['InstanceNormalization'], {
  formula:
    'FLOPs 7 · |x| + 2 · N · C: mean, subtraction, square, mean of the squares, division, scale, shift; epsilon, root',
  cost: ({ x }) => standardized(x, elements(x.slice(0, 2)), 2),
  kernelClass: 'normalization',
})

/**
 * x [N, C, D…], standardized an instance and group of channels: N · num_groups sets. Scale and shift are a group's before
 * opset 21, then a channel's, and cost the same.
 * @see https://onnx.ai/onnx/operators/onnx__GroupNormalization.html
 */
const groupNormalization = rule(['GroupNormalization'], {
  formula: 'FLOPs 7 · |x| + 2 · N · num_groups, as InstanceNormalization',
  cost: ({ x, attributes }) => standardized(x, (x[0] ?? 1) * attributes.int('num_groups', 1), 2),
  kernelClass: 'normalization',
})

/**
 * x [d…] standardized over its axes from `axis` on: a set for each index into the axes before. The shift is optional.
 * @see https://onnx.ai/onnx/operators/onnx__LayerNormalization.html
 */
const layerNormalization = rule(['LayerNormalization'], {
  formula:
    'FLOPs 6 · |x| + 2 · sets, + |x| with B, as InstanceNormalization; a set for each index into the axes before axis',
  cost: ({ x, b, attributes }) =>
    standardized(x, elements(x.slice(0, attributes.int('axis', -1))), b === undefined ? 1 : 2),
  kernelClass: 'normalization',
})

/**
 * y = scale · x / √(mean(x²) + epsilon) over the axes from `axis` on. SimplifiedLayerNormalization is onnxruntime's name for
 * it, under ai.onnx.
 * @see https://onnx.ai/onnx/operators/onnx__RMSNormalization.html
 */
const rmsNormalization = rule(['RMSNormalization', 'SimplifiedLayerNormalization'], {
  formula: 'FLOPs 4 · |x| + 2 · sets: square, mean, division, scale; epsilon, root',
  cost: ({ x, attributes }) => ({
    flops: 4 * elements(x) + 2 * elements(x.slice(0, attributes.int('axis', -1))),
  }),
  kernelClass: 'normalization',
})

/**
 * y = x / ‖x‖ₚ along `axis`, p = 1 or 2.
 *
 * The first addition of each line is none; for p = 2 a root takes its place.
 * @see https://onnx.ai/onnx/operators/onnx__LpNormalization.html
 */
const lpNormalization = rule(['LpNormalization'], {
  formula: 'FLOPs 3 · |x|: absolute value or square, addition, division; − lines with p = 1',
  cost: ({ x, attributes }) => {
    const lines = elements(x.toSpliced(attributes.int('axis', -1), 1))
    return { flops: 3 * elements(x) - (attributes.int('p', 2) === 1 ? lines : 0) }
  },
  kernelClass: 'normalization',
})

/**
 * y = (x − mean) / √variance over `axes`, by default all but the channels. Before opset 9, `normalize_variance` 0 leaves
 * it at x − mean.
 * @see https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html
 */
const meanVarianceNormalization = rule(['MeanVarianceNormalization'], {
  formula:
    'FLOPs 5 · |x| + sets: mean, subtraction, square, mean of the squares, division; root; with normalize_variance = 0 2 · |x|',
  cost: ({ x, attributes }) => {
    const axes = attributes.ints('axes') ?? [0, 2, 3]
    const kept = x.filter((_, axis) => !axes.includes(axis) && !axes.includes(axis - x.length))
    if (attributes.int('normalize_variance', 1) === 0) return { flops: 2 * elements(x) }
    return { flops: 5 * elements(x) + elements(kept) }
  },
  kernelClass: 'normalization',
})

/**
 * y = x / (bias + alpha / size · Σ x²) ^ beta, the sum over `size` neighbouring channels.
 *
 * Windows cut off at the first and last channels count whole.
 * @see https://onnx.ai/onnx/operators/onnx__LRN.html
 */
const lrn = rule(['LRN'], {
  formula: 'FLOPs (size + 4) · |x|: square, size − 1 additions, multiplication, addition, power, division',
  cost: ({ x, attributes }) => ({ flops: (attributes.int('size', 1) + 4) * elements(x) }),
  kernelClass: 'normalization',
})

export const normalization = [
  ...[batchNormalization, instanceNormalization, groupNormalization, layerNormalization, rmsNormalization],
  ...[lpNormalization, meanVarianceNormalization, lrn],
]
