import { describe, expect, it } from 'vitest'
import { contribNormalization } from '../../../../src/analyzers/ops/contrib/normalization.js'
import { costOf, costOfAll, node, rolesOf } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const x = [2, 3, 8]
const ids = [2, 3]
const image = [2, 4, 4, 6]
const embeddings = [ids, ids, [99, 8], [9, 8], [2, 8], [8], [8]]

/** x: 48 elements in six lines of eight. */
const rows: ContribRow[] = [
  // addition, six of LayerNormalization without shift, two a line
  ['SkipLayerNormalization', {}, [x, x, [8]], [x], 0, 348],
  ['SkipLayerNormalization', {}, [x, x, [8], [8]], [x], 0, 396],
  ['SkipLayerNormalization', {}, [x, x, [8], [8], [8]], [x, undefined, undefined, x], 0, 444],
  // addition, four of RMSNormalization, two a line
  ['SkipSimplifiedLayerNormalization', {}, [x, x, [8]], [x], 0, 252],
  ['SkipSimplifiedLayerNormalization', {}, [x, x, [8], [8]], [x], 0, 300],
  // 192 elements, seven each, and two for each of 2·3 groups
  ['GroupNorm', { groups: 3, activation: 0 }, [image, [6], [6]], [image], 0, 1_356],
  // SiLU: five more
  ['GroupNorm', { groups: 3, activation: 1 }, [image, [6], [6]], [image], 0, 2_316],
  ['SkipGroupNorm', { groups: 3, activation: 1 }, [image, [6], [6], image], [image], 0, 2_508],
  ['SkipGroupNorm', { groups: 3, activation: 0 }, [image, [6], [6], image, [6]], [image, image], 0, 1_740],
  // twelve lines of four: 4·48 + 2·12; SiLU and product 6·48
  ['GatedRMSNorm', {}, [x, [4], x], [x], 0, 504],
  // one addition, seven an element, two a line
  ['EmbedLayerNormalization', {}, [ids, undefined, [99, 8], [9, 8], undefined, [8], [8]], [x], 0, 396],
  ['EmbedLayerNormalization', {}, embeddings, [x], 0, 444],
  // as above; three embeddings of 48, gamma and beta of 8, one operation to dequantize each, two with zero points
  ['QEmbedLayerNormalization', {}, embeddings, [x], 0, 604],
  ['QEmbedLayerNormalization', {}, [...embeddings, undefined, ...Array(10).fill([])], [x], 0, 764],
  // 48 elements in six lines: two norms (4·48 + 12), 2·48 product and sum, 48 gated; nine a line
  [
    'EngramGate',
    {},
    [
      [1, 2, 3, 8],
      [1, 2, 3, 8],
      [1, 2, 8],
      [3, 8],
      [3, 8],
    ],
    [[1, 2, 3, 8]],
    0,
    606,
  ],
  [
    'EngramGate',
    {},
    [
      [1, 2, 3, 8],
      [1, 2, 3, 8],
      [1, 2, 8],
      [3, 8],
      [3, 8],
      [3, 8],
    ],
    [
      [1, 2, 3, 8],
      [1, 2, 3, 8],
    ],
    0,
    810,
  ],
]

describe('cost', () => expectCosts(contribNormalization, rows))

const add = node('Add', [x, x], x)
const layerNorm = node('LayerNormalization', [x, [8], [8]], x)

it('SkipLayerNormalization is Add and LayerNormalization, and another Add with a bias', () => {
  expect(costOf(nodeOf(['SkipLayerNormalization', {}, [x, x, [8], [8]], [x], 0, 0]))).toEqual(
    costOfAll([add, layerNorm]),
  )
  expect(costOf(nodeOf(['SkipLayerNormalization', {}, [x, x, [8], [8], [8]], [x], 0, 0]))).toEqual(
    costOfAll([add, add, layerNorm]),
  )
})

it('SkipSimplifiedLayerNormalization is Add and SimplifiedLayerNormalization', () => {
  const norm = node('SimplifiedLayerNormalization', [x, [8]], x)
  expect(costOf(nodeOf(['SkipSimplifiedLayerNormalization', {}, [x, x, [8]], [x], 0, 0]))).toEqual(
    costOfAll([add, norm]),
  )
})

it('GroupNorm is GroupNormalization, whose channels are the second axis, and SiLU', () => {
  const first = [2, 6, 4, 4]
  const parts = [node('GroupNormalization', [first, [6], [6]], first, { num_groups: 3 }), node('Swish', [first], first)]
  expect(costOf(nodeOf(['GroupNorm', { groups: 3, activation: 1 }, [image, [6], [6]], [image], 0, 0]))).toEqual(
    costOfAll(parts),
  )
})

it('GatedRMSNorm is RMSNormalization of short lines, SiLU and Mul', () => {
  const parts = [node('RMSNormalization', [[12, 4], [4]], [12, 4]), node('Swish', [x], x), node('Mul', [x, x], x)]
  expect(costOf(nodeOf(['GatedRMSNorm', {}, [x, [4], x], [x], 0, 0]))).toEqual(costOfAll(parts))
})

it('EmbedLayerNormalization is two Add and LayerNormalization', () => {
  const inputs = [ids, ids, [99, 8], [9, 8], [2, 8], [8], [8]]
  expect(costOf(nodeOf(['EmbedLayerNormalization', {}, inputs, [x], 0, 0]))).toEqual(costOfAll([add, add, layerNorm]))
})

it('takes embeddings for trained, ids for settings', () => {
  expect(rolesOf('EmbedLayerNormalization', 8, 'com.microsoft')).toEqual([
    ...['setting', 'setting', 'param', 'param', 'param', 'param', 'param', 'setting'],
  ])
  expect(rolesOf('QEmbedLayerNormalization', 9, 'com.microsoft').slice(6)).toEqual(['quantized', 'setting', 'setting'])
})
