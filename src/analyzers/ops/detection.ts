import { elements } from '../../onnx/element-types.js'
import { interpolation } from './resize.js'
import { dataThenSettings, rule } from './rule.js'

/**
 * boxes [N, S, 4], scores [N, classes, S]: how often boxes are compared with those selected, and how many are, depends on
 * the values.
 * @see https://onnx.ai/onnx/operators/onnx__NonMaxSuppression.html
 */
const nonMaxSuppression = rule(['NonMaxSuppression'], {
  formula: 'FLOPs |scores|: comparison, the least that a selection takes; ordering and overlaps are not counted',
  cost: ({ w }) => ({ flops: elements(w) }),
  ofInputs: true,
  role: () => 'setting',
  kernelClass: 'other',
})

/**
 * x [N, C, H, W], rois [R, 4], y [R, C, h, w]: mean or maximum of s² samples, each interpolated between four neighbours.
 *
 * The mean's division takes the place of the addition that the first tap lacks. With sampling_ratio 0 regions decide how many
 * samples there are: one is the least.
 * @see https://onnx.ai/onnx/operators/onnx__RoiAlign.html
 */
const roiAlign = rule(['RoiAlign'], {
  formula:
    'FLOPs |y| · 8 · s² for s = sampling_ratio: four taps a sample, mean; − |y| with mode = max; with sampling_ratio = 0 at least that of s = 1; tap weights are not counted',
  cost: ({ y, attributes }) => {
    const samples = Math.max(1, attributes.int('sampling_ratio', 0)) ** 2
    const perElement = interpolation('linear', 2) * samples - (attributes.string('mode', 'avg') === 'max' ? 1 : 0)
    return { flops: perElement * elements(y) }
  },
  role: dataThenSettings,
  kernelClass: 'pooling',
})

/**
 * x [N, C, H, W], rois [R, 5], y [R, C, h, w]: the maximum of each bin of a region, whose size depends on the values.
 * @see https://onnx.ai/onnx/operators/onnx__MaxRoiPool.html
 */
const maxRoiPool = rule(['MaxRoiPool'], {
  formula: 'FLOPs R · C · H · W − |y|: comparisons, a bound: each region taken for the whole of x',
  cost: ({ x, y }) => ({ flops: Math.max(0, (y[0] ?? 1) * elements(x.slice(1)) - elements(y)) }),
  role: dataThenSettings,
  kernelClass: 'pooling',
})

/**
 * The bytes of a file to [H, W, channels].
 * @see https://onnx.ai/onnx/operators/onnx__ImageDecoder.html
 */
const imageDecoder = rule(['ImageDecoder'], {
  formula: 'not known: depends on the format and on the bytes',
  cost: () => null,
  role: () => 'setting',
  kernelClass: 'other',
})

export const detection = [nonMaxSuppression, roiAlign, maxRoiPool, imageDecoder]
