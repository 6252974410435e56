import { describe, expect, it } from 'vitest'
import { contribActivation } from '../../../../src/analyzers/ops/contrib/activation.js'
import { costOf, costOfAll, float, node } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const x = [2, 3, 8]

/** 48 elements. */
const rows: ContribRow[] = [
  ['Gelu', {}, [x], [x], 0, 240],
  ['BiasGelu', {}, [x, [8]], [x], 0, 288],
  ['FastGelu', {}, [x], [x], 0, 384],
  ['FastGelu', {}, [x, [8]], [x], 0, 432],
  // alpha is 1.702 where it is left out, and 1 for SiLU
  ['QuickGelu', {}, [x], [x], 0, 288],
  ['QuickGelu', { alpha: float(1) }, [x], [x], 0, 240],
  // 48 additions; 24 halves of Gelu and a product
  ['BiasSplitGelu', {}, [x, [8]], [[2, 3, 4]], 0, 192],
  ['BiasAdd', {}, [x, [8], x], [x], 0, 96],
  ['BiasDropout', {}, [x, [8]], [x], 0, 48],
  ['BiasDropout', {}, [x, [8], x], [x], 0, 96],
  ['BitmaskBiasDropout', {}, [x, [8], x], [x], 0, 96],
  ['BiasSoftmax', { axis: 2, is_inner_broadcast: 1 }, [x, [2, 1, 8]], [x], 0, 288],
  ['GatedAdd', {}, [x, x, [2, 3, 1]], [x], 0, 96],
]

describe('cost', () => expectCosts(contribActivation, rows))

it.each<[string, Parameters<typeof nodeOf>[0][1], number, string[]]>([
  ['BiasGelu', {}, 2, ['Add', 'Gelu']],
  ['FastGelu', {}, 2, ['Add', 'Pow', 'Mul', 'Add', 'Mul', 'Tanh', 'Add', 'Mul', 'Mul']],
  ['QuickGelu', {}, 1, ['Mul', 'Sigmoid', 'Mul']],
  ['QuickGelu', { alpha: float(1) }, 1, ['Sigmoid', 'Mul']],
  ['BiasSoftmax', {}, 2, ['Add', 'Softmax']],
  ['BiasAdd', {}, 3, ['Add', 'Add']],
  ['GatedAdd', {}, 3, ['Mul', 'Add']],
])('%s %j of %d inputs is %j', (op, attributes, count, parts) => {
  const fused = nodeOf([op, attributes, [x, [8], x].slice(0, count), [x], 0, 0])
  expect(costOf(fused)).toEqual(costOfAll(parts.map((part) => node(part, [x], x))))
})
