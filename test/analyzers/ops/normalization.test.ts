import { describe, expect, it } from 'vitest'
import { normalization } from '../../../src/analyzers/ops/normalization.js'
import { costOf, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf } from './input.js'

const image = [2, 6, 4, 5] // 240 elements; 2 instances, 6 channels, 20 pixels
const tokens = [2, 3, 8] // 48 elements; 6 tokens of 8

const table: Row[] = [
  // one multiplication and one addition an element
  ['BatchNormalization', {}, [image, [6], [6], [6], [6]], image, 480],
  ['BatchNormalization', {}, from([1, 64, 112, 112], [64], [64], [64], [64]), [1, 64, 112, 112], 1_605_632],
  // in training as by channel: 7·240 + 2·6, and 2·3 for each of 6 running means and variances
  ['BatchNormalization', { training_mode: 1 }, [image, [6], [6], [6], [6]], image, 1_728],
  // seven an element; epsilon and root for each of 2·6 = 12 channels of 20: 1680 + 24
  ['InstanceNormalization', {}, [image, [6], [6]], image, 1_704],
  // the same for 2·3 = 6 groups of 40: 1680 + 12
  ['GroupNormalization', { num_groups: 3 }, [image, [6], [6]], image, 1_692],
  // 6 tokens: 7·48 + 2·6; without a shift 6·48 + 2·6
  ['LayerNormalization', {}, [tokens, [8], [8]], tokens, 348],
  ['LayerNormalization', {}, [tokens, [8]], tokens, 300],
  ['LayerNormalization', { axis: -1 }, [tokens, [8], [8]], tokens, 348],
  // 2 sets of 24: 7·48 + 2·2, the axis counted from either end
  ['LayerNormalization', { axis: 1 }, [tokens, [3, 8], [3, 8]], tokens, 340],
  ['LayerNormalization', { axis: -2 }, [tokens, [3, 8], [3, 8]], tokens, 340],
  // square, mean, division, scale: 4·48 + 2·6; over the last two axes 4·48 + 2·2
  ['RMSNormalization', {}, [tokens, [8]], tokens, 204],
  ['RMSNormalization', { axis: 1 }, [tokens, [3, 8]], tokens, 196],
  ['SimplifiedLayerNormalization', {}, [tokens, [8]], tokens, 204],
  // p = 2: 48 squares, 6·7 additions, 6 roots, 48 divisions
  ['LpNormalization', {}, [tokens], tokens, 144],
  // p = 1: 48 absolute values, 6·7 additions, 48 divisions; along axis 1, 2·8 lines of 3: 48 + 16·2 + 48
  ['LpNormalization', { p: 1 }, [tokens], tokens, 138],
  ['LpNormalization', { p: 1, axis: 1 }, [tokens], tokens, 128],
  // five an element and a root a channel: 1200 + 6; by instance and channel 1200 + 12
  ['MeanVarianceNormalization', {}, [image], image, 1_206],
  ['MeanVarianceNormalization', { axes: [2, 3] }, [image], image, 1_212],
  ['MeanVarianceNormalization', { axes: [-1, -2] }, [image], image, 1_212],
  ['MeanVarianceNormalization', { normalize_variance: 0 }, [image], image, 480], // mean, subtraction
  // AlexNet's: square, 4 additions, mul, add, pow, div = 9 for each of 96·55·55 = 290400
  ['LRN', { size: 5 }, from([1, 96, 55, 55]), [1, 96, 55, 55], 2_613_600],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(normalization))
  })
})

describe('roles', () => {
  it('BatchNormalization trains scale and shift and keeps mean and variance', () => {
    expect(rolesOf('BatchNormalization', 5).slice(1)).toEqual(['param', 'param', 'buffer', 'buffer'])
  })

  it.each(['InstanceNormalization', 'GroupNormalization', 'LayerNormalization'])('%s trains scale and shift', (op) => {
    expect(rolesOf(op, 3).slice(1)).toEqual(['param', 'param'])
  })
})

it.each(operatorsOf(normalization))('kernel class of %s', (op) => {
  expect(kernelClassOf(node(op, [image], image))).toBe('normalization')
})
