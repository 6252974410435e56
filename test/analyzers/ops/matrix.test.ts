import { describe, expect, it } from 'vitest'
import { matrix } from '../../../src/analyzers/ops/matrix.js'
import { costOf, float, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row } from './input.js'

/** Hand-computed: operator, attributes, inputs, y, FLOPs beyond MACs, MACs. */
const table: [...Row, macs: number][] = [
  // a classifier: 1000 dot products of length 2048, with a bias
  ['Gemm', { transB: 1 }, from([1, 2048], [1000, 2048], [1000]), [1, 1000], 1000, 2_048_000],
  // 4·5 dot products of length 3, whichever way A and B lie
  ['Gemm', {}, from([4, 3], [3, 5]), [4, 5], 0, 60],
  ['Gemm', { transA: 1 }, from([3, 4], [3, 5]), [4, 5], 0, 60],
  ['Gemm', { transB: 1 }, from([4, 3], [5, 3]), [4, 5], 0, 60],
  ['Gemm', { transA: 1, transB: 1 }, from([3, 4], [5, 3], [4, 1]), [4, 5], 20, 60],
  // alpha scales 20 sums, beta 5 elements of C, which is added 20 times
  ['Gemm', { alpha: float(1), beta: float(1) }, from([4, 3], [3, 5], [5]), [4, 5], 20, 60],
  ['Gemm', { alpha: float(0.5) }, from([4, 3], [3, 5]), [4, 5], 20, 60],
  ['Gemm', { alpha: float(0.5), beta: float(2) }, from([4, 3], [3, 5], [5]), [4, 5], 45, 60],
  ['Gemm', { beta: float(2) }, from([4, 3], [3, 5]), [4, 5], 0, 60],
  ['MatMul', {}, from([4, 3], [3, 5]), [4, 5], 0, 60],
  // attention: 2·8 heads, 64·64 scores of 32 products
  ['MatMul', {}, from([2, 8, 64, 32], [2, 8, 32, 64]), [2, 8, 64, 64], 0, 2_097_152],
  // one matrix for a batch of 7 sequences of 10
  ['MatMul', {}, from([7, 10, 16], [16, 3]), [7, 10, 3], 0, 3_360],
  // batches [2, 1] and [3] make [2, 3]: 6 products of 4·5·6
  ['MatMul', {}, from([2, 1, 4, 5], [3, 5, 6]), [2, 3, 4, 6], 0, 720],
  // vectors: 1-D by 1-D is one dot product, 1-D by 2-D a row of N, 2-D by 1-D a column of M
  ['MatMul', {}, from([9], [9]), [], 0, 9],
  ['MatMul', {}, from([9], [9, 4]), [4], 0, 36],
  ['MatMul', {}, from([6, 9], [9]), [6], 0, 54],
  // a vector with each of two matrices
  ['MatMul', {}, from([9], [2, 9, 4]), [2, 4], 0, 72],
  ['MatMul', {}, from([2, 6, 9], [9]), [2, 6], 0, 108],
  // 3x3, twice: 2 + 1 divisions, 4 + 1 multiplications and subtractions, 2 multiplications of pivots
  ['Det', {}, from([2, 3, 3]), [2], 30, 0],
  // 3 + 2 + 1, 2·(9 + 4 + 1), 3
  ['Det', {}, from([4, 4]), [], 37, 0],
  ['Det', {}, from([1, 1]), [], 0, 0],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops, macs) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(matrix))
  })
})

it.each([
  ['Gemm', 'matmul'],
  ['MatMul', 'matmul'],
  ['Det', 'other'],
])('kernel class of %s', (op, expected) => {
  expect(kernelClassOf(node(op, from([4, 4], [4, 4]), [4, 4]))).toBe(expected)
})
