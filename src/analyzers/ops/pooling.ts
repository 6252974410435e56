import { elements } from '../../onnx/element-types.js'
import { type Attributes, rule } from './rule.js'

/** Elements of a window; those over the padding and those cut off by the border count as any other. */
const windowSize = (attributes: Attributes): number => elements(attributes.ints('kernel_shape') ?? [])

/** An int, before opset 2 a float. */
const normOf = (attributes: Attributes): number => attributes.int('p', attributes.float('p', 2))

/** The p-norm of `size` elements: |x|ᵖ each (for p = 1 and 2 one operation, else two), size − 1 additions, a root. */
function normFlops(size: number, p: number): number {
  if (p === 1) return 2 * size - 1
  return p === 2 ? 2 * size : 3 * size
}

/**
 * x [N, C, D…], y [N, C, D'…].
 * @see https://onnx.ai/onnx/operators/onnx__MaxPool.html
 */
const maxPool = rule(['MaxPool'], {
  formula: 'FLOPs |y| · (k… − 1): comparisons',
  cost: ({ y, attributes }) => ({ flops: elements(y) * (windowSize(attributes) - 1) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, D'…].
 * @see https://onnx.ai/onnx/operators/onnx__AveragePool.html
 */
const averagePool = rule(['AveragePool'], {
  formula: 'FLOPs |y| · k…: k… − 1 additions, one division',
  cost: ({ y, attributes }) => ({ flops: elements(y) * windowSize(attributes) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, D'…]: a window's p-norm, (Σ |x|ᵖ)^(1/p).
 * @see https://onnx.ai/onnx/operators/onnx__LpPool.html
 */
const lpPool = rule(['LpPool'], {
  formula:
    'FLOPs |y| · 2 · k…: |x| or x², k… − 1 additions, root; none with p = 1; with p > 2 |y| · 3 · k…: |x| and power',
  cost: ({ y, attributes }) => ({ flops: elements(y) * normFlops(windowSize(attributes), normOf(attributes)) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, 1…].
 * @see https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html
 */
const globalMaxPool = rule(['GlobalMaxPool'], {
  formula: 'FLOPs |x| − |y|: comparisons',
  cost: ({ x, y }) => ({ flops: elements(x) - elements(y) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, 1…]. The division takes the place of the addition that the first element lacks.
 * @see https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html
 */
const globalAveragePool = rule(['GlobalAveragePool'], {
  formula: 'FLOPs |x|: additions, one division a channel',
  cost: ({ x }) => ({ flops: elements(x) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, 1…]: a channel's p-norm.
 * @see https://onnx.ai/onnx/operators/onnx__GlobalLpPool.html
 */
const globalLpPool = rule(['GlobalLpPool'], {
  formula: 'FLOPs as LpPool with a window of D…',
  cost: ({ x, y, attributes }) => ({
    flops: elements(y) * normFlops(elements(x.slice(2)), normOf(attributes)),
  }),
  kernelClass: 'pooling',
})

export const pooling = [maxPool, averagePool, lpPool, globalMaxPool, globalAveragePool, globalLpPool]
