import { float16, halfWeight, node, value, weight } from '../onnx-file.js'
import { type Case, caseOf } from './case.js'

const image = [1, 3, 8, 8]
const same = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }
const conv = (attributes: Parameters<typeof node>[3], ...weights: string[]) =>
  node('Conv', ['x', ...weights], 'y', attributes)

/** 4 filters of 3 · 3 · 3 over an output of 8 x 8. */
export const plainMacs = 4 * 8 * 8 * 3 * 3 * 3
export const plainParams = 4 * 3 * 3 * 3

/** What onnx-tool takes a normalised element for, in MACs, its square root and division included. */
const mostOfNormalization = 31

export const convolutionCases: readonly Case[] = [
  caseOf(
    'conv',
    {
      macs: plainMacs,
      params: plainParams + 4,
      others: 256,
      because: 'y 4x8x8, each a dot product of 27; 108 weights and 4 biases',
    },
    {
      inputs: { x: image },
      nodes: [conv(same, 'w', 'b')],
      weights: [weight('w', [4, 3, 3, 3]), weight('b', [4])],
      output: [1, 4, 8, 8],
    },
  ),
  caseOf(
    'conv without kernel_shape',
    { macs: plainMacs, params: plainParams, because: 'kernel_shape is optional: the weight tells it' },
    {
      inputs: { x: image },
      nodes: [conv({ pads: same.pads }, 'w')],
      weights: [weight('w', [4, 3, 3, 3])],
      output: [1, 4, 8, 8],
    },
  ),
  caseOf(
    'conv auto_pad SAME_UPPER',
    { macs: 4 * 16 * 27, params: 108, because: 'y is ceil(7 / 2) = 4 wide: 4x4x4 dot products of 27' },
    {
      inputs: { x: [1, 3, 7, 7] },
      nodes: [conv({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }, 'w')],
      weights: [weight('w', [4, 3, 3, 3])],
      output: [1, 4, 4, 4],
    },
  ),
  caseOf(
    'conv grouped, dilated, strided',
    {
      macs: 6 * 25 * 18,
      params: 108,
      because: 'y is (9 + 4 - 5) / 2 + 1 = 5 wide: 6x5x5 dot products of 4/2 · 9 = 18',
    },
    {
      inputs: { x: [1, 4, 9, 9] },
      nodes: [conv({ kernel_shape: [3, 3], group: 2, dilations: [2, 2], strides: [2, 2], pads: [2, 2, 2, 2] }, 'w')],
      weights: [weight('w', [6, 2, 3, 3])],
      output: [1, 6, 5, 5],
    },
  ),
  caseOf(
    'conv depthwise',
    { macs: 8 * 36 * 9, params: 72, because: 'y 8x6x6, each a dot product of 9' },
    {
      inputs: { x: [1, 8, 6, 6] },
      nodes: [conv({ ...same, group: 8 }, 'w')],
      weights: [weight('w', [8, 1, 3, 3])],
      output: [1, 8, 6, 6],
    },
  ),
  caseOf(
    'conv 1x7',
    { macs: 4 * 64 * 21, params: 84, because: 'y 4x8x8, each a dot product of 3 · 7' },
    {
      inputs: { x: image },
      nodes: [conv({ kernel_shape: [1, 7], pads: [0, 3, 0, 3] }, 'w')],
      weights: [weight('w', [4, 3, 1, 7])],
      output: [1, 4, 8, 8],
    },
  ),
  caseOf(
    'conv 1-D',
    { macs: 8 * 16 * 15, params: 120, because: 'y 8x16, each a dot product of 3 · 5' },
    {
      inputs: { x: [1, 3, 16] },
      nodes: [conv({ kernel_shape: [5], pads: [2, 2] }, 'w')],
      weights: [weight('w', [8, 3, 5])],
      output: [1, 8, 16],
    },
  ),
  caseOf(
    'conv 3-D',
    { macs: 4 * 144 * 54, params: 216, because: 'y 4x4x6x6, each a dot product of 2 · 27' },
    {
      inputs: { x: [1, 2, 4, 6, 6] },
      nodes: [conv({ kernel_shape: [3, 3, 3], pads: [1, 1, 1, 1, 1, 1] }, 'w')],
      weights: [weight('w', [4, 2, 3, 3, 3])],
      output: [1, 4, 4, 6, 6],
    },
  ),
  caseOf(
    'conv transposed',
    { macs: 100 * 54, params: 216, because: 'each of the 4x5x5 inputs is multiplied with 6 · 9 weights' },
    {
      inputs: { x: [1, 4, 5, 5] },
      nodes: [node('ConvTranspose', ['x', 'w'], 'y', { ...same, strides: [2, 2], output_padding: [1, 1] })],
      weights: [weight('w', [4, 6, 3, 3])],
      output: [1, 6, 10, 10],
    },
  ),
  caseOf(
    'conv transposed, grouped',
    { macs: 100 * 27, params: 108, because: 'each of the 4x5x5 inputs is multiplied with 6/2 · 9 weights' },
    {
      inputs: { x: [1, 4, 5, 5] },
      nodes: [node('ConvTranspose', ['x', 'w'], 'y', { ...same, strides: [2, 2], output_padding: [1, 1], group: 2 })],
      weights: [weight('w', [4, 3, 3, 3])],
      output: [1, 6, 10, 10],
    },
  ),
  caseOf(
    'conv with filters from an input',
    { macs: plainMacs, params: 0, because: 'the filters are computed, not trained' },
    { inputs: { x: image, w: [4, 3, 3, 3] }, nodes: [conv(same, 'w')], output: [1, 4, 8, 8] },
  ),
  caseOf(
    'pooling with ceil_mode before conv',
    {
      macs: 4 * 16 * 3,
      params: 12,
      others: 3 * 16 * 9,
      because: 'pooled to ceil((8 - 3) / 2) + 1 = 4 wide, not 3: 4x4x4 dot products of 3',
    },
    {
      inputs: { x: image },
      nodes: [
        node('MaxPool', ['x'], 'p', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
        node('Conv', ['p', 'w'], 'y', { kernel_shape: [1, 1] }),
      ],
      weights: [weight('w', [4, 3, 1, 1])],
      output: [1, 4, 4, 4],
    },
  ),
  caseOf(
    'conv and BatchNormalization',
    {
      macs: plainMacs,
      params: plainParams + 8,
      others: mostOfNormalization * 256,
      because: 'scale and shift are trained, running mean and variance are not',
    },
    {
      inputs: { x: image },
      nodes: [
        node('Conv', ['x', 'w'], 'c', same),
        node('BatchNormalization', ['c', 'scale', 'shift', 'mean', 'var'], 'y'),
      ],
      weights: [weight('w', [4, 3, 3, 3]), ...['scale', 'shift', 'mean', 'var'].map((name) => weight(name, [4]))],
      output: [1, 4, 8, 8],
    },
  ),
  caseOf(
    'conv in float16',
    { macs: plainMacs, params: plainParams, because: 'as in float32' },
    {
      inputs: {},
      input: [value('x', image, float16)],
      nodes: [conv(same, 'w')],
      weights: [halfWeight('w', [4, 3, 3, 3])],
      output: [1, 4, 8, 8],
      outputType: float16,
    },
  ),
]
