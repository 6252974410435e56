import { describe, expect, it } from 'vitest'
import { nhwc } from '../../../../src/analyzers/ops/contrib/nhwc.js'
import { costOf, node, ruleFor } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const domain = 'com.ms.internal.nhwc'
const x = [2, 8, 8, 3]

/** x has 384 elements, 64 a channel of a sample. */
const rows: ContribRow[] = [
  // y of 2·6·6·4 = 288, filters of 27; bias and Relu
  ['Conv', { activation: 'Relu' }, [x, [4, 3, 3, 3], [4]], [[2, 6, 6, 4]], 7_776, 576],
  // each input times a filter of 4·2·2; y of 2·16·16·4 = 2048
  ['ConvTranspose', {}, [x, [3, 4, 2, 2], [4]], [[2, 16, 16, 4]], 6_144, 2_048],
  ['MaxPool', { kernel_shape: [2, 2] }, [x], [[2, 4, 4, 3]], 0, 288],
  ['AveragePool', { kernel_shape: [2, 2], activation: 'Relu' }, [x], [[2, 4, 4, 3]], 0, 480],
  // p = 2: 2·k an output
  ['LpPool', { kernel_shape: [2, 2] }, [x], [[2, 4, 4, 3]], 0, 768],
  ['GlobalMaxPool', {}, [x], [[2, 1, 1, 3]], 0, 378],
  ['GlobalAveragePool', {}, [x], [[2, 1, 1, 3]], 0, 384],
  // six channels of 64: 64 squares, 63 additions and a root each
  ['GlobalLpPool', {}, [x], [[2, 1, 1, 3]], 0, 768],
  ['BatchNormalization', {}, [x, [3], [3], [3], [3]], [x], 0, 768],
  // seven an element and two for each of six sets
  ['InstanceNormalization', {}, [x, [3], [3]], [x], 0, 2_700],
  // 5 + 4 an element
  ['LRN', { size: 5 }, [x], [x], 0, 3_456],
  ['Resize', { mode: 'linear' }, [x, undefined, [4]], [[2, 16, 16, 3]], 0, 12_288],
  ['GridSample', { mode: 'linear' }, [x, [2, 4, 4, 2]], [[2, 4, 4, 3]], 0, 768],
  // 288 outputs: 27 MACs, five to requantize and one for the bias each; 384 + 108 zero points
  ['QLinearConv', {}, [x, [], [], [4, 3, 3, 3], [], [], [], [], [4]], [[2, 6, 6, 4]], 7_776, 2_220],
  // each input times a filter of 16; 384 + 48 zero points; 2048 outputs of five and one
  ['QLinearConvTranspose', {}, [x, [], [], [3, 4, 2, 2], [], [], [], [], [4]], [[2, 16, 16, 4]], 6_144, 12_720],
  // 96 outputs of windows of four; 384 inputs dequantized, the outputs quantized: 384 + 2·384 + 5·96
  ['QLinearAveragePool', { kernel_shape: [2, 2] }, [x, [], [], [], []], [[2, 4, 4, 3]], 0, 1_632],
]

describe('cost', () => expectCosts(nhwc, rows, domain))

it.each([
  ['InstanceNormalization', [[2, 3, 8, 8], [3], [3]], [2, 3, 8, 8], [x, [3], [3]], x],
  ['GlobalLpPool', [[2, 3, 8, 8]], [2, 3, 1, 1], [x], [2, 1, 1, 3]],
  ['GlobalAveragePool', [[2, 3, 8, 8]], [2, 3, 1, 1], [x], [2, 1, 1, 3]],
])('%s costs the same whichever axis the channels are', (op, first, y, last, z) => {
  expect(costOf({ op, domain, inputs: last, y: z })).toEqual(costOf(node(op, first, y)))
})

it('moves blocks for free', () => {
  expect(ruleFor('DepthToSpace', domain).cost).toBe('free')
  expect(costOf(nodeOf(['Conv', {}, [x, [4, 3, 1, 1]], [[2, 8, 8, 4]], 0, 0], domain)).flops).toBe(0)
})
