import { elements } from '../../../onnx/element-types.js'
import { contribRule } from './contrib-rule.js'
import { costOf, roles } from './parts.js'

/** Real operations of Fourier transforms of n real numbers, whatever n factors into, as FFTW counts: 2.5 · n · log₂ n. */
const realTransformFlops = (count: number, length: number): number =>
  Math.round(2.5 * count * Math.log2(Math.max(1, length)))

/**
 * X […, n], Y […, n / 2 + 1, 2], over the last `signal_ndim` axes.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Rfft
 * @see http://www.fftw.org/speed/ for the count
 */
const rfft = contribRule(['Rfft'], {
  formula: 'FLOPs 2.5 · |X| · log₂ n, n elements a signal',
  cost: ({ x, attributes }) => ({
    flops: realTransformFlops(elements(x), elements(x.slice(-attributes.int('signal_ndim', 1)))),
  }),
  role: roles('operand'),
  kernelClass: 'other',
})

/**
 * X […, n / 2 + 1, 2], Y […, n].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Irfft
 */
const irfft = contribRule(['Irfft'], {
  formula: 'FLOPs 2.5 · |Y| · log₂ n, n elements a signal',
  cost: ({ y, attributes }) => ({
    flops: realTransformFlops(elements(y), elements(y.slice(-attributes.int('signal_ndim', 1)))),
  }),
  role: roles('operand'),
  kernelClass: 'other',
})

/**
 * A, B, C […, 2] of real and imaginary parts: four multiplications and two additions a pair, also with B's conjugate.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.ComplexMul
 */
const complexMul = contribRule(['ComplexMul', 'ComplexMulConj'], {
  formula: 'FLOPs 3 · |C|',
  cost: ({ y }) => ({ flops: 3 * elements(y) }),
  role: roles('operand', 'operand'),
  kernelClass: 'elementwise',
})

/**
 * X […, n, n]: an LU factorization, ⅔ · n³, and the inverse from it, 4/3 · n³, to the highest order.
 * @see https://www.netlib.org/lapack/lawnspdf/lawn41.pdf getrf and getri
 */
const inverse = contribRule(['Inverse'], {
  formula: 'FLOPs 2 · |X| · n',
  cost: ({ x }) => ({ flops: 2 * elements(x) * (x.at(-1) ?? 1) }),
  role: roles('operand'),
  kernelClass: 'other',
})

/**
 * A [M, N], B [K, N], C [M, K]: N differences, N squares, N − 1 additions a pair, and a root for `euclidean`.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.CDist
 */
const cDist = contribRule(['CDist'], {
  formula: 'FLOPs |C| · (3 · N − 1), |C| if euclidean; of other metrics not known',
  cost: ({ x, y, attributes }) => {
    const metric = attributes.string('metric', 'sqeuclidean')
    const root = { sqeuclidean: 0, euclidean: 1 }[metric]
    return root === undefined ? null : { flops: elements(y) * (3 * (x[1] ?? 0) - 1 + root) }
  },
  role: roles('operand', 'operand'),
  kernelClass: 'other',
})

/**
 * X [N, C, H, W], rois [R, 4], batch_indices, crop_size, Y [R, C, h, w]: four neighbours an element, or the nearest.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.CropAndResize
 */
const cropAndResize = contribRule(['CropAndResize'], {
  formula: 'FLOPs 8 · |Y| if bilinear, 0 if nearest',
  cost: ({ y, attributes }) => ({ flops: attributes.string('mode', 'bilinear') === 'nearest' ? 0 : 8 * elements(y) }),
  role: roles('operand'),
  kernelClass: 'data-movement',
})

/**
 * X [N, C, H, W], Grid [N, h, w, 2], Y [N, C, h, w].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GridSample
 */
const gridSample = contribRule(['GridSample'], {
  formula: 'FLOPs |Y| · 2 · 4 if bilinear, · 2 · 16 if bicubic, 0 if nearest',
  cost: (input) => costOf('GridSample', input),
  role: roles('operand'),
  kernelClass: 'data-movement',
})

/**
 * X [N, C, D…], M a mask: a window's maximum is k − 1 comparisons.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MaxpoolWithMask
 */
const maxPoolWithMask = contribRule(['MaxpoolWithMask'], {
  formula: 'FLOPs |Y| · (k… − 1)',
  cost: (input) => costOf('MaxPool', input),
  role: roles('operand'),
  kernelClass: 'pooling',
})

/**
 * Any number of tensors, each element tested once.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.IsAllFinite
 */
const isAllFinite = contribRule(['IsAllFinite'], {
  formula: 'FLOPs |input| of each',
  cost: ({ inputs }) => ({ flops: inputs.reduce((total, dims) => total + (dims ? elements(dims) : 0), 0) }),
  role: () => 'operand',
  kernelClass: 'reduction',
})

/**
 * input_ids [B, S]: the last n − 1 tokens are compared with each of S − n + 1 places before, in full.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.NGramRepeatBlock
 */
const nGramRepeatBlock = contribRule(['NGramRepeatBlock'], {
  formula: 'FLOPs B · (S − n + 1) · (n − 1) comparisons',
  cost: ({ x, attributes }) => {
    const n = attributes.int('ngram_size', 1)
    return { flops: (x[0] ?? 1) * Math.max(0, (x[1] ?? 0) - n + 1) * (n - 1) }
  },
  role: () => 'setting',
  kernelClass: 'other',
})

/**
 * ids [tokens…], one hash a head: n products and n − 1 exclusive ors a token, a remainder a head, an offset a head.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.NGramHashMapping
 */
const hashMapping = (op: string, offsets: number) =>
  contribRule([op], {
    formula: 'FLOPs (2 · n − 1) · |input_ids| + |hash_ids|, |hash_ids| with head_offsets',
    cost: ({ x, y, inputs, attributes }) => ({
      flops:
        elements(x) * (2 * attributes.int('max_ngram_size', 2) - 1) +
        elements(y) * (inputs[offsets] === undefined ? 1 : 2),
    }),
    role: () => 'setting',
    kernelClass: 'other',
  })

export const numeric = [
  ...[rfft, irfft, complexMul, inverse, cDist, cropAndResize, gridSample, maxPoolWithMask, isAllFinite],
  ...[nGramRepeatBlock, hashMapping('NGramHashMapping', 4), hashMapping('VarlenNGramHashMapping', 5)],
]
