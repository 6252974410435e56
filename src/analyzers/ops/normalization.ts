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
 * x [N, C, D…]: one multiplication and one addition an element. At inference mean, variance, scale and shift are
 * constants that fold into one factor and one term a channel.
 * @see https://onnx.ai/onnx/operators/onnx__BatchNormalization.html
 */
const batchNormalization = rule(['BatchNormalization'], {
  cost: ({ x }) => ({ flops: 2 * elements(x) }),
  role: (index) => (index < 3 ? 'param' : 'buffer'),
  kernelClass: 'normalization',
})

/**
 * x [N, C, D…], standardized an instance and channel: N · C sets.
 * @see https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html
 */
const instanceNormalization = rule(['InstanceNormalization'], {
  cost: ({ x }) => standardized(x, elements(x.slice(0, 2)), 2),
  kernelClass: 'normalization',
})

/**
 * x [N, C, D…], standardized an instance and group of channels: N · num_groups sets.
 * @see https://onnx.ai/onnx/operators/onnx__GroupNormalization.html
 */
const groupNormalization = rule(['GroupNormalization'], {
  cost: ({ x, attributes }) => standardized(x, (x[0] ?? 1) * attributes.int('num_groups', 1), 2),
  kernelClass: 'normalization',
})

/**
 * x [d…] standardized over its axes from `axis` on: a set for each index into the axes before. The shift is optional.
 * @see https://onnx.ai/onnx/operators/onnx__LayerNormalization.html
 */
const layerNormalization = rule(['LayerNormalization'], {
  cost: ({ x, b, attributes }) =>
    standardized(x, elements(x.slice(0, attributes.int('axis', -1))), b === undefined ? 1 : 2),
  kernelClass: 'normalization',
})

/**
 * y = scale · x / √(mean(x²) + epsilon) over the axes from `axis` on.
 *
 * Four an element: square, mean, division, scale. Two a set: epsilon and the root.
 * @see https://onnx.ai/onnx/operators/onnx__RMSNormalization.html
 */
const rmsNormalization = rule(['RMSNormalization'], {
  cost: ({ x, attributes }) => ({
    flops: 4 * elements(x) + 2 * elements(x.slice(0, attributes.int('axis', -1))),
  }),
  kernelClass: 'normalization',
})

/**
 * y = x / ‖x‖ₚ along `axis`, p = 1 or 2.
 *
 * Three an element: absolute value or square, addition, division. The first addition of each line is not one; for
 * p = 2 a root takes its place.
 * @see https://onnx.ai/onnx/operators/onnx__LpNormalization.html
 */
const lpNormalization = rule(['LpNormalization'], {
  cost: ({ x, attributes }) => {
    const lines = elements(x.toSpliced(attributes.int('axis', -1), 1))
    return { flops: 3 * elements(x) - (attributes.int('p', 2) === 1 ? lines : 0) }
  },
  kernelClass: 'normalization',
})

/**
 * y = (x − mean) / √variance over `axes`, by default all but the channels.
 *
 * Five an element: mean, subtraction, square, mean of the squares, division. One root for each index into the other
 * axes.
 * @see https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html
 */
const meanVarianceNormalization = rule(['MeanVarianceNormalization'], {
  cost: ({ x, attributes }) => {
    const axes = attributes.ints('axes') ?? [0, 2, 3]
    const kept = x.filter((_, axis) => !axes.includes(axis) && !axes.includes(axis - x.length))
    return { flops: 5 * elements(x) + elements(kept) }
  },
  kernelClass: 'normalization',
})

/**
 * y = x / (bias + alpha / size · Σ x²) ^ beta, the sum over `size` neighbouring channels.
 *
 * size + 4 an element: square, size − 1 additions, multiplication, addition, power, division. Windows cut off at the
 * first and last channels count whole.
 * @see https://onnx.ai/onnx/operators/onnx__LRN.html
 */
const lrn = rule(['LRN'], {
  cost: ({ x, attributes }) => ({ flops: (attributes.int('size', 1) + 4) * elements(x) }),
  kernelClass: 'normalization',
})

export const normalization = [
  ...[batchNormalization, instanceNormalization, groupNormalization, layerNormalization, rmsNormalization],
  ...[lpNormalization, meanVarianceNormalization, lrn],
]
