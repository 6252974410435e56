import { elements } from '../../onnx/element-types.js'
import { type Attributes, rule } from './rule.js'

/** Elements of a window; those over the padding and those cut off by the border count as any other. */
const windowSize = (attributes: Attributes): number => elements(attributes.ints('kernel_shape') ?? [])

/** The p-norm of `size` elements: |x|ᵖ each (for p = 1 and 2 one operation, else two), size − 1 additions, a root. */
function normFlops(size: number, p: number): number {
  if (p === 1) return 2 * size - 1
  return p === 2 ? 2 * size : 3 * size
}

/**
 * x [N, C, D…], y [N, C, D'…]: a window's maximum is k − 1 comparisons.
 * @see https://onnx.ai/onnx/operators/onnx__MaxPool.html
 */
const maxPool = rule(['MaxPool'], {
  cost: ({ y, attributes }) => ({ flops: elements(y) * (windowSize(attributes) - 1) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, D'…]: a window's mean is k − 1 additions and one division.
 * @see https://onnx.ai/onnx/operators/onnx__AveragePool.html
 */
const averagePool = rule(['AveragePool'], {
  cost: ({ y, attributes }) => ({ flops: elements(y) * windowSize(attributes) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, D'…]: a window's p-norm, (Σ |x|ᵖ)^(1/p).
 * @see https://onnx.ai/onnx/operators/onnx__LpPool.html
 */
const lpPool = rule(['LpPool'], {
  cost: ({ y, attributes }) => ({ flops: elements(y) * normFlops(windowSize(attributes), attributes.int('p', 2)) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, 1…]: a channel's maximum is one comparison less than it has elements.
 * @see https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html
 */
const globalMaxPool = rule(['GlobalMaxPool'], {
  cost: ({ x, y }) => ({ flops: elements(x) - elements(y) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, 1…]: one operation an element, the division in the place of the addition that the first lacks.
 * @see https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html
 */
const globalAveragePool = rule(['GlobalAveragePool'], {
  cost: ({ x }) => ({ flops: elements(x) }),
  kernelClass: 'pooling',
})

/**
 * x [N, C, D…], y [N, C, 1…]: a channel's p-norm.
 * @see https://onnx.ai/onnx/operators/onnx__GlobalLpPool.html
 */
const globalLpPool = rule(['GlobalLpPool'], {
  cost: ({ x, y, attributes }) => ({
    flops: elements(y) * normFlops(elements(x.slice(2)), attributes.int('p', 2)),
  }),
  kernelClass: 'pooling',
})

export const pooling = [maxPool, averagePool, lpPool, globalMaxPool, globalAveragePool, globalLpPool]
