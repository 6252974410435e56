import { describe, expect, it } from 'vitest'
import { einsums } from '../../../src/analyzers/ops/einsum.js'
import type { Shape } from '../../../src/analyzers/ops/rule.js'
import { costOf, from, kernelClassOf, node, operatorsOf, rolesOf, ruleFor, ruleInput } from './input.js'

const [b, i, j, k, l] = [2, 3, 5, 7, 11]

/** Equation, operands, y, MACs, FLOPs beyond them. */
const table: [equation: string, inputs: (Shape | undefined)[], y: Shape, macs: number, flops: number][] = [
  ['ij,jk->ik', from([i, j], [j, k]), [i, k], 105, 0], // 3·7 dot products of 5
  ['ij , jk', from([i, j], [j, k]), [i, k], 105, 0], // i and k stand once
  ['ij,jk->ki', from([i, j], [j, k]), [k, i], 105, 0],
  ['bij,bjk->bik', from([b, i, j], [b, j, k]), [b, i, k], 210, 0],
  ['...ij,...jk->...ik', from([b, i, j], [b, j, k]), [b, i, k], 210, 0],
  ['...ij,jk->...ik', from([4, b, i, j], [j, k]), [4, b, i, k], 840, 0],
  // ellipses broadcast: [4, 1] and [1, 2] make [4, 2]
  ['...ij,...jk', from([4, 1, i, j], [1, 2, j, k]), [4, 2, i, k], 840, 0],
  ['i,i->', from([i], [i]), [], 3, 0],
  ['bi,bi->b', from([b, i], [b, i]), [b], 6, 0],
  // nothing is summed over: one multiplication for each element
  ['i,j->ij', from([i], [j]), [i, j], 0, 15],
  ['ij,ij->ij', from([i, j], [i, j]), [i, j], 0, 15],
  [',ij->ij', from([], [i, j]), [i, j], 0, 15],
  // one operand: transposed, its diagonal, summed to 3 of 15, to one of 15, the 5 of a diagonal
  ['ij->ji', from([i, j]), [j, i], 0, 0],
  ['ii->i', from([j, j]), [j], 0, 0],
  ['ij->i', from([i, j]), [i], 0, 12],
  ['ij->', from([i, j]), [], 0, 14],
  ['ii', from([j, j]), [], 0, 4],
  // an index of one operand alone: first 3·(5 − 1) additions, then 3·7 multiplications
  ['ij,k->ik', from([i, j], [k]), [i, k], 0, 33],
  // first 7·(11 − 1) additions, then 3·7 dot products of 5
  ['ij,jkl->ik', from([i, j], [j, k, l]), [i, k], 105, 350],
  // the diagonal of B, then 3 dot products of 5
  ['ij,jj->i', from([i, j], [j, j]), [i], 15, 0],
  // from the left: 3·5·7, then 3·7·11
  ['ij,jk,kl->il', from([i, j], [j, k], [k, l]), [i, l], 336, 0],
  // j is needed again: 3·5 multiplications, then 3·5·7 MACs
  ['ij,ij,jk->ik', from([i, j], [i, j], [j, k]), [i, k], 105, 15],
  // an outer product of 3·5·7 before k and i are summed over with the third: 3·5·7
  ['i,jk,ik->j', from([i], [j, k], [i, k]), [j], 105, 105],
]

describe('cost', () => {
  it.each(table)('%s of %j', (equation, inputs, y, macs, flops) => {
    expect(costOf(node('Einsum', inputs, y, { equation }))).toEqual({ macs, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsOf(einsums)).toEqual(['Einsum'])
  })

  it.each([
    ['ij,jk->ik', from([i, j])],
    ['ij,jk->ik', from([i, j], [j])],
    ['', from([i])],
  ])('cannot be told where %j does not fit %j', (equation, inputs) => {
    const { cost } = ruleFor('Einsum')
    expect(cost === 'free' || cost(ruleInput(node('Einsum', inputs, [i], { equation })))).toBeNull()
  })
})

it.each([
  ['matmul', 'ij,jk->ik', from([i, j], [j, k])],
  ['elementwise', 'i,j->ij', from([i], [j])],
  ['reduction', 'ij->i', from([i, j])],
])('kernel class %s: %s', (expected, equation, inputs) => {
  expect(kernelClassOf(node('Einsum', inputs, [i], { equation }))).toBe(expected)
})

it('trains any operand', () => {
  expect(rolesOf('Einsum', 3)).toEqual(['operand', 'operand', 'operand'])
})
