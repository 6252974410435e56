import { elements } from '../../onnx/element-types.js'
import { dataThenSettings, type OpRule, rule } from './rule.js'

/**
 * A rule for operators that reduce x to y: so many operations for each element of x, and so many more (or fewer) for
 * each element of y. An empty x reduces for nothing.
 */
const reduce = (ops: readonly string[], perInput: number, perOutput: number, formula: string): OpRule =>
  rule(ops, {
    formula,
    cost: ({ x, y }) => ({ flops: Math.max(0, perInput * elements(x) + perOutput * elements(y)) }),
    role: dataThenSettings,
    kernelClass: 'reduction',
  })

/** @see https://onnx.ai/onnx/operators/onnx__ReduceSum.html */
const fold = reduce(
  ['ReduceSum', 'ReduceProd', 'ReduceMax', 'ReduceMin', 'ArgMax', 'ArgMin'],
  1,
  -1,
  'FLOPs |x| − |y|: n − 1 additions, multiplications or comparisons of n elements',
)

/**
 * Σ x / n or ln Σ x.
 * @see https://onnx.ai/onnx/operators/onnx__ReduceMean.html
 */
const foldThenMap = reduce(
  ['ReduceMean', 'ReduceLogSum'],
  1,
  0,
  'FLOPs |x|: n − 1 additions, division or logarithm of the sum',
)

/**
 * Σ |x| or Σ x².
 * @see https://onnx.ai/onnx/operators/onnx__ReduceL1.html
 */
const mapThenFold = reduce(
  ['ReduceL1', 'ReduceSumSquare'],
  2,
  -1,
  'FLOPs 2 · |x| − |y|: absolute value or square, n − 1 additions',
)

/**
 * √Σ x² or ln Σ eˣ.
 * @see https://onnx.ai/onnx/operators/onnx__ReduceL2.html
 */
const mapFoldMap = reduce(
  ['ReduceL2', 'ReduceLogSumExp'],
  2,
  0,
  'FLOPs 2 · |x|: square or exponential, n − 1 additions, root or logarithm of the sum',
)

/**
 * Running sum or product. The first of each line needs none, but how many lines there are depends on the axis, which is
 * an input's value.
 * @see https://onnx.ai/onnx/operators/onnx__CumSum.html
 */
const scan = reduce(['CumSum', 'CumProd'], 1, 0, 'FLOPs |x|: addition or multiplication')

/**
 * The k largest along an axis: one comparison an element is the least that a selection takes. Ordering them is not counted: it
 * depends on the algorithm and on the values.
 * @see https://onnx.ai/onnx/operators/onnx__TopK.html
 */
const topK = reduce(['TopK'], 1, 0, 'FLOPs |x|: comparison, the least that a selection takes; ordering is not counted')

/**
 * The elements that occur, sorted or not. How many, and so what it takes to find them, depends on the values.
 * @see https://onnx.ai/onnx/operators/onnx__Unique.html
 */
const unique = rule(['Unique'], {
  formula: 'FLOPs |x|: comparison, the least that it takes; sorting is not counted',
  cost: ({ x }) => ({ flops: elements(x) }),
  ofInputs: true,
  role: dataThenSettings,
  kernelClass: 'reduction',
})

export const reduction = [fold, foldThenMap, mapThenFold, mapFoldMap, scan, topK, unique]
