import { describe, expect, it } from 'vitest'
import { contribMatrix } from '../../../../src/analyzers/ops/contrib/matrix.js'
import { costOf, costOfAll, float, node, rolesOf } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const [a, b, y] = [
  [4, 3],
  [3, 5],
  [4, 5],
]

/** 4·5 dot products of length 3. */
const rows: ContribRow[] = [
  ['FusedGemm', { activation: 'Relu' }, [a, b, [5]], [y], 60, 40],
  ['FusedGemm', { activation: 'LeakyRelu', transB: 1 }, [a, [5, 3]], [y], 60, 40],
  // bias 20, alpha 20, beta 5 and Relu 20
  ['FusedGemm', { activation: 'Relu', alpha: float(0.5), beta: float(2) }, [a, b, [5]], [y], 60, 65],
  // bias 20 and Gelu 100; the scales of A and B, with alpha, 20, that of Y 20
  ['GemmFloat8', { activation: 'GELU', transB: 1 }, [a, [5, 3], [5], [1], [1], [1]], [y], 60, 160],
  ['GemmFloat8', { activation: 'GELU', alpha: float(0.5) }, [a, b, [5], [1], [1], [1]], [y], 60, 160],
  ['GemmFloat8', { activation: 'NONE', transB: 1 }, [a, [5, 3]], [y], 60, 0],
  ['FusedMatMul', {}, [a, b], [y], 60, 0],
  // a scale that was a Mul of its own
  ['FusedMatMul', { alpha: float(0.125) }, [a, b], [y], 60, 20],
  [
    'FusedMatMul',
    { transA: 1, transB: 1 },
    [
      [3, 4],
      [5, 3],
    ],
    [y],
    60,
    0,
  ],
  // A [M, batch, K] read as [batch, M, K]
  [
    'FusedMatMul',
    { transBatchA: 1 },
    [
      [4, 2, 3],
      [2, 3, 5],
    ],
    [[2, 4, 5]],
    120,
    0,
  ],
  // A [K, batch, M]
  [
    'FusedMatMul',
    { transA: 1, transBatchA: 1 },
    [
      [3, 2, 4],
      [2, 3, 5],
    ],
    [[2, 4, 5]],
    120,
    0,
  ],
  [
    'TransposeMatMul',
    { transA: 1 },
    [
      [2, 3, 4],
      [2, 3, 5],
    ],
    [[2, 4, 5]],
    120,
    0,
  ],
  ['FusedMatMulActivation', { activation: 'Relu' }, [a, b], [y], 60, 20],
  // bias 1 and the eight of Gelu's tanh form
  ['GemmFastGelu', {}, [a, b, [5]], [y], 60, 180],
  ['GemmFastGelu', {}, [a, b], [y], 60, 160],
  ['MatMulInteger16', {}, [a, b], [y], 60, 0],
]

describe('cost', () => expectCosts(contribMatrix, rows))

it.each([{}, { alpha: float(0.5) }, { beta: float(0.5) }])('FusedGemm %j is Gemm and its activation', (scaling) => {
  const parts = [node('Gemm', [a, b, [5]], y, scaling), node('Sigmoid', [y], y)]
  const attributes = { ...scaling, activation: 'Sigmoid' }
  expect(costOf(nodeOf(['FusedGemm', attributes, [a, b, [5]], [y], 0, 0]))).toEqual(costOfAll(parts))
})

it('FusedMatMul is MatMul and Mul', () => {
  const parts = [node('MatMul', [a, b], y), node('Mul', [y, []], y)]
  expect(costOf(nodeOf(['FusedMatMul', { alpha: float(0.5) }, [a, b], [y], 0, 0]))).toEqual(costOfAll(parts))
})

it('GemmFastGelu is MatMul, Add and Gelu', () => {
  const parts = [node('MatMul', [a, b], y), node('Add', [y, [5]], y), node('Gelu', [y], y, { approximate: 'tanh' })]
  expect(costOf(nodeOf(['GemmFastGelu', {}, [a, b, [5]], [y], 0, 0]))).toEqual(costOfAll(parts))
})

it('takes integer matrices for quantized weights', () => {
  expect(rolesOf('MatMulInteger16', 2, 'com.microsoft')).toEqual(['quantized', 'quantized'])
  expect(rolesOf('GemmFloat8', 6, 'com.microsoft').slice(2)).toEqual(['param', 'setting', 'setting', 'setting'])
})
