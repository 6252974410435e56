import { describe, expect, it } from 'vitest'
import { resize } from '../../../src/analyzers/ops/resize.js'
import { costOf, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf } from './input.js'

const small = [1, 3, 4, 5]
const large = [1, 3, 8, 10] // 240 elements

const table: Row[] = [
  ['Resize', {}, [small, undefined, [4]], large, 0], // nearest is the default
  ['Resize', { mode: 'nearest' }, [small, undefined, [4]], large, 0],
  ['Resize', { mode: 'linear' }, [small, undefined, [4]], large, 1_920], // 240·2² taps·2
  ['Resize', { mode: 'linear' }, [large, undefined, [4]], small, 480], // 60·4·2
  ['Resize', { mode: 'linear' }, [small], [1, 3, 8, 5], 480], // one axis: 120·2·2
  ['Resize', { mode: 'linear' }, from([1, 2, 3, 4, 5]), [1, 2, 6, 8, 10], 15_360], // three: 960·8·2
  ['Resize', { mode: 'linear' }, [small], small, 0], // none
  ['Resize', { mode: 'cubic' }, [small], large, 7_680], // 240·4² taps·2
  ['Resize', { mode: 'cubic' }, [small], [1, 3, 4, 10], 960], // 120·4·2
  ['Upsample', {}, [small, [4]], large, 0],
  ['Upsample', { mode: 'linear' }, [small, [4]], large, 1_920],
  ['Upsample', { mode: 'bilinear' }, [small, [4]], large, 1_920],
  ['GridSample', {}, [small, [1, 8, 10, 2]], large, 1_920],
  ['GridSample', { mode: 'bilinear' }, [small, [1, 8, 10, 2]], large, 1_920],
  ['GridSample', { mode: 'nearest' }, [small, [1, 8, 10, 2]], large, 0],
  ['GridSample', { mode: 'bicubic' }, [small, [1, 8, 10, 2]], large, 7_680],
  ['GridSample', { mode: 'cubic' }, [small, [1, 8, 10, 2]], large, 7_680],
  ['GridSample', {}, [small, [1, 4, 5, 2]], small, 480], // resamples also at the same size: 60·4·2
  ['GridSample', {}, from([1, 2, 3, 4, 5], [1, 6, 8, 10, 3]), [1, 2, 6, 8, 10], 15_360],
]

/** A grid of 2·4·5 points of two coordinates, each a dot product of length 3; of 4·5·6 points, of length 4. */
const grids: [...Row, macs: number][] = [
  ['AffineGrid', {}, from([2, 2, 3], [4]), [2, 4, 5, 2], 0, 240],
  ['AffineGrid', {}, from([1, 3, 4], [5]), [1, 4, 5, 6, 3], 0, 1_440],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it.each(grids)('%s %j %j', (op, attributes, inputs, y, flops, macs) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn([...table, ...grids])).toEqual(operatorsOf(resize))
  })
})

it.each(operatorsIn(table))('%s moves data as its other inputs say', (op) => {
  expect(kernelClassOf(node(op, [small], large))).toBe('data-movement')
  expect(rolesOf(op, 4)).toEqual(['operand', 'setting', 'setting', 'setting'])
})

it('AffineGrid is a matrix product, its size a setting', () => {
  expect(kernelClassOf(node('AffineGrid', from([2, 2, 3], [4]), [2, 4, 5, 2]))).toBe('matmul')
  expect(rolesOf('AffineGrid', 2)).toEqual(['operand', 'setting'])
})
