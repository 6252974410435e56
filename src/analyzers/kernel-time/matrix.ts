import type { Describe } from './features.js'
import { rowsOf } from './plain-convolution.js'

const products = ['Gemm', 'FusedGemm', 'MatMul', 'FusedMatMul']

/** [M, K] times [K, N]; what stands before M counts as rows too, or as products of their own where both sides have it. */
export const matrix: Describe = ({ op, inputs, outputs }, { beyondCache }) => {
  const [a, b] = inputs
  const [y] = outputs
  if (!products.includes(op) || a === undefined || b === undefined || y === undefined) return null
  const columns = y.dims.at(-1) ?? 1
  const depth = a.dims.at(-1) ?? 1
  const elements = y.dims.reduce((total, size) => total * size, 1)
  const batch = b.dims.length > 2 ? b.dims.slice(0, -2).reduce((total, size) => total * size, 1) : 1
  const rows = columns === 0 ? 0 : elements / columns / batch
  return {
    kind: batch === 1 ? 'matrix product' : 'batch of matrix products',
    features: {
      products: batch,
      ...rowsOf(rows, batch * depth * columns),
      inputBytes: a.bytes,
      weightBytes: b.bytes,
      outputBytes: y.bytes,
      inputBeyondCache: beyondCache(a),
      weightsBeyondCache: beyondCache(b),
    },
  }
}
