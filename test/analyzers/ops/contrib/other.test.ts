import { describe, expect, it } from 'vitest'
import { contribMovement } from '../../../../src/analyzers/ops/contrib/movement.js'
import { numeric } from '../../../../src/analyzers/ops/contrib/numeric.js'
import { contribRecurrent } from '../../../../src/analyzers/ops/contrib/recurrent.js'
import { ruleFor, ruleInput } from '../input.js'
import { type ContribRow, expectCosts, nodeOf } from './rows.js'

const image = [2, 3, 8, 8]

const numericRows: ContribRow[] = [
  // four signals of 16: 2.5 · 64 · 4
  ['Rfft', { signal_ndim: 1 }, [[4, 16]], [[4, 9, 2]], 0, 640],
  // two of 4·8 = 32: 2.5 · 64 · 5
  ['Rfft', { signal_ndim: 2 }, [[2, 4, 8]], [[2, 4, 5, 2]], 0, 800],
  ['Irfft', { signal_ndim: 1 }, [[4, 9, 2]], [[4, 16]], 0, 640],
  // four pairs of six
  [
    'ComplexMul',
    {},
    [
      [4, 2],
      [4, 2],
    ],
    [[4, 2]],
    0,
    24,
  ],
  [
    'ComplexMulConj',
    {},
    [
      [4, 2],
      [4, 2],
    ],
    [[4, 2]],
    0,
    24,
  ],
  // two matrices, 2 · 5³ each
  ['Inverse', {}, [[2, 5, 5]], [[2, 5, 5]], 0, 500],
  // 12 pairs of five: 5 + 5 + 4 each, and a root
  [
    'CDist',
    { metric: 'sqeuclidean' },
    [
      [3, 5],
      [4, 5],
    ],
    [[3, 4]],
    0,
    168,
  ],
  [
    'CDist',
    { metric: 'euclidean' },
    [
      [3, 5],
      [4, 5],
    ],
    [[3, 4]],
    0,
    180,
  ],
  ['CropAndResize', {}, [image, [5, 4], [5], [2]], [[5, 3, 2, 2]], 0, 480],
  ['CropAndResize', { mode: 'nearest' }, [image, [5, 4], [5], [2]], [[5, 3, 2, 2]], 0, 0],
  ['GridSample', { mode: 'bilinear' }, [image, [2, 4, 4, 2]], [[2, 3, 4, 4]], 0, 768],
  ['GridSample', { mode: 'bicubic' }, [image, [2, 4, 4, 2]], [[2, 3, 4, 4]], 0, 3_072],
  ['GridSample', { mode: 'nearest' }, [image, [2, 4, 4, 2]], [[2, 3, 4, 4]], 0, 0],
  ['MaxpoolWithMask', { kernel_shape: [2, 2] }, [image, image], [[2, 3, 4, 4]], 0, 288],
  ['IsAllFinite', {}, [image, [5]], [[]], 0, 389],
  // two lines of ten tokens: eight places of two comparisons
  [
    'NGramRepeatBlock',
    { ngram_size: 3 },
    [
      [2, 10],
      [2, 99],
    ],
    [[2, 99]],
    0,
    32,
  ],
  // six tokens of three products and two exclusive ors; 6·4 remainders
  ['NGramHashMapping', { max_ngram_size: 3, n_head_per_ngram: 2 }, [[2, 3], [3], [4]], [[2, 3, 4]], 0, 54],
  // and as many offsets
  ['VarlenNGramHashMapping', { max_ngram_size: 3 }, [[6], [3], [4], [3], undefined, [4]], [[6, 4]], 0, 78],
]

/**
 * T 3, B 2, I 5, H 4, one direction: six steps of 16·(5 + 4) MACs. A step: 7·9 to quantize, 9 zero points, 16 + 16 made
 * floats, 16 added; cell 4·4; activations 12·4 + 4 + 4: 192. Scale and zero point of X and h, for both of the batch: 3·14.
 */
const lstm = (directions: number, bias: boolean, peepholes: boolean) => [
  [3, 2, 5],
  [directions, 5, 16],
  [directions, 4, 16],
  bias ? [directions, 32] : undefined,
  ...[undefined, undefined, undefined],
  peepholes ? [directions, 12] : undefined,
  [directions],
]

const recurrentRows: ContribRow[] = [
  ['DynamicQuantizeLSTM', {}, lstm(1, false, false), [[3, 1, 2, 4]], 864, 1_194],
  ['DynamicQuantizeLSTM', {}, lstm(1, true, false), [[3, 1, 2, 4]], 864, 1_386],
  // zero points of W and R: 5·16 + 4·16
  ['DynamicQuantizeLSTM', {}, [...lstm(1, false, false), [1], [1], [1]], [[3, 1, 2, 4]], 864, 1_338],
  // two directions; biases 32 and peepholes 24 a step
  ['DynamicQuantizeLSTM', { direction: 'bidirectional' }, lstm(2, true, true), [[3, 2, 2, 4]], 1_728, 3_060],
  // Relu throughout: 12 + 4 + 4 in place of 56
  ['DynamicQuantizeLSTM', { activations: ['Relu', 'Relu', 'Relu'] }, lstm(1, false, false), [[3, 1, 2, 4]], 864, 978],
]

describe('numeric', () => expectCosts(numeric, numericRows))
describe('recurrent', () => expectCosts(contribRecurrent, recurrentRows))
describe('movement', () => expectCosts(contribMovement, []))

it('moves for free', () => {
  expect(contribMovement.filter(({ cost }) => cost !== 'free')).toEqual([])
  expect(ruleFor('ExpandDims', 'com.microsoft').traffic).toBe('view')
  expect(ruleFor('GatherND', 'com.microsoft').traffic).toBe('gather')
  expect(ruleFor('MemcpyToHost').kernelClass).toBe('layout')
})

it('does not know other distances', () => {
  const { cost } = ruleFor('CDist', 'com.microsoft')
  const input = ruleInput(
    nodeOf([
      'CDist',
      { metric: 'cosine' },
      [
        [3, 5],
        [4, 5],
      ],
      [[3, 4]],
      0,
      0,
    ]),
  )
  expect(cost === 'free' ? 'free' : cost(input)).toBeNull()
})
