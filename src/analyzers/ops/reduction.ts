import { elements } from '../../onnx/element-types.js'
import { dataThenSettings, type OpRule, rule } from './rule.js'

/**
 * A rule for operators that reduce x to y: so many operations for each element of x, and so many more (or fewer) for
 * each element of y. An empty x reduces for nothing.
 */
const reduce = (ops: readonly string[], perInput: number, perOutput: number): OpRule =>
  rule(ops, {
    cost: ({ x, y }) => ({ flops: Math.max(0, perInput * elements(x) + perOutput * elements(y)) }),
    role: dataThenSettings,
    kernelClass: 'reduction',
  })

/**
 * n elements become one by n − 1 additions, multiplications or comparisons.
 * @see https://onnx.ai/onnx/operators/onnx__ReduceSum.html
 */
const fold = reduce(['ReduceSum', 'ReduceProd', 'ReduceMax', 'ReduceMin', 'ArgMax', 'ArgMin'], 1, -1)

/**
 * Σ x / n or ln Σ x: n − 1 additions and one operation on the sum.
 * @see https://onnx.ai/onnx/operators/onnx__ReduceMean.html
 */
const foldThenMap = reduce(['ReduceMean', 'ReduceLogSum'], 1, 0)

/**
 * Σ |x| or Σ x²: one operation on each element, then n − 1 additions.
 * @see https://onnx.ai/onnx/operators/onnx__ReduceL1.html
 */
const mapThenFold = reduce(['ReduceL1', 'ReduceSumSquare'], 2, -1)

/**
 * √Σ x² or ln Σ eˣ: one operation on each element, n − 1 additions, one operation on the sum.
 * @see https://onnx.ai/onnx/operators/onnx__ReduceL2.html
 */
const mapFoldMap = reduce(['ReduceL2', 'ReduceLogSumExp'], 2, 0)

/**
 * Running sum or product: one operation an element. The first of each line needs none, but how many lines there are
 * depends on the axis, which is an input's value.
 * @see https://onnx.ai/onnx/operators/onnx__CumSum.html
 */
const scan = reduce(['CumSum', 'CumProd'], 1, 0)

/**
 * The k largest along an axis: one comparison an element, the least that a selection takes. Ordering them is not
 * counted: it depends on the algorithm and on the values.
 * @see https://onnx.ai/onnx/operators/onnx__TopK.html
 */
const topK = reduce(['TopK'], 1, 0)

export const reduction = [fold, foldThenMap, mapThenFold, mapFoldMap, scan, topK]
