import { int8Weight, int8Zero, int32, node, scalar, weight } from '../onnx-file.js'
import { type Case, caseOf } from './case.js'
import { plainMacs, plainParams } from './convolution-cases.js'

const same = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }

const products: readonly Case[] = [
  caseOf(
    'MatMul of batches, broadcast',
    { macs: 3 * 20 * 8, params: 0, because: 'y 1x3x4x5, each a dot product of 8' },
    { inputs: { a: [1, 1, 4, 8], b: [3, 8, 5] }, nodes: [node('MatMul', ['a', 'b'], 'y')], output: [1, 3, 4, 5] },
  ),
  caseOf(
    'MatMul of activations, as in attention',
    { macs: 2 * 16 * 8, params: 0, because: 'y 1x2x4x4, each a dot product of 8' },
    { inputs: { a: [1, 2, 4, 8], b: [1, 2, 8, 4] }, nodes: [node('MatMul', ['a', 'b'], 'y')], output: [1, 2, 4, 4] },
  ),
  caseOf(
    'MatMul with a vector',
    { macs: 40, params: 8, because: 'y 1x5, each a dot product of 8' },
    { inputs: { x: [1, 5, 8] }, nodes: [node('MatMul', ['x', 'w'], 'y')], weights: [weight('w', [8])], output: [1, 5] },
  ),
  caseOf(
    'Gemm with transA',
    { macs: 7 * 5, params: 7 * 5, because: 'A is 7x1, transposed 1x7; y 1x5, each a dot product of 7' },
    {
      inputs: { x: [7, 1] },
      nodes: [node('Gemm', ['x', 'w'], 'y', { transA: 1 })],
      weights: [weight('w', [7, 5])],
      output: [1, 5],
    },
  ),
  caseOf(
    'Gemm with transB',
    { macs: 40, params: 45, others: 5, because: 'y 1x5, each a dot product of 8; 40 weights and 5 biases' },
    {
      inputs: { x: [1, 8] },
      nodes: [node('Gemm', ['x', 'w', 'b'], 'y', { transB: 1 })],
      weights: [weight('w', [5, 8]), weight('b', [5])],
      output: [1, 5],
    },
  ),
  caseOf(
    'Einsum',
    { macs: 2 * 4 * 6 * 8, params: 0, because: 'y 1x2x4x6, each a dot product of 8' },
    {
      inputs: { q: [1, 2, 4, 8], k: [1, 2, 6, 8] },
      nodes: [node('Einsum', ['q', 'k'], 'y', { equation: 'bhid,bhjd->bhij' })],
      output: [1, 2, 4, 6],
    },
  ),
]

/** What onnx-tool takes a tanh for, in MACs; none takes an elementary function for more. */
const mostOfFunction = 38

const recurrent: readonly Case[] = [
  caseOf(
    'LSTM',
    {
      macs: 5 * 12 * (4 + 3),
      params: 12 * 4 + 12 * 3 + 24,
      others: 5 * (24 + 12 + 15 * mostOfFunction + 12),
      because: '5 steps of 4 gates of 3: 12 dot products of 4 + 3; weights 48 + 36, biases 24',
    },
    {
      inputs: { x: [5, 1, 4] },
      nodes: [node('LSTM', ['x', 'w', 'r', 'b'], 'y', { hidden_size: 3 })],
      weights: [weight('w', [1, 12, 4]), weight('r', [1, 12, 3]), weight('b', [1, 24])],
      output: [5, 1, 1, 3],
    },
  ),
  caseOf(
    'GRU, bidirectional',
    {
      macs: 5 * 2 * 9 * (4 + 3),
      params: 2 * (36 + 27),
      others: 5 * 2 * (9 + 9 * mostOfFunction + 15),
      because: '5 steps, 2 directions, 3 gates of 3: 9 dot products of 4 + 3',
    },
    {
      inputs: { x: [5, 1, 4] },
      nodes: [node('GRU', ['x', 'w', 'r'], 'y', { hidden_size: 3, direction: 'bidirectional' })],
      weights: [weight('w', [2, 9, 4]), weight('r', [2, 9, 3])],
      output: [5, 2, 1, 3],
    },
  ),
]

const settings = [scalar('s', 0.02), int8Zero('z')]
const stepsOf = (elements: number) => 4 * elements

const quantised: readonly Case[] = [
  caseOf(
    'conv between QuantizeLinear and DequantizeLinear',
    {
      macs: plainMacs,
      params: plainParams,
      others: 2 * stepsOf(192) + stepsOf(108),
      because: 'as in float32: int8 weights are trained, scales are not',
    },
    {
      inputs: { x: [1, 3, 8, 8] },
      nodes: [
        node('QuantizeLinear', ['x', 's', 'z'], 'xq'),
        node('DequantizeLinear', ['xq', 's', 'z'], 'xd'),
        node('DequantizeLinear', ['w', 's', 'z'], 'wd'),
        node('Conv', ['xd', 'wd'], 'y', same),
      ],
      weights: [int8Weight('w', [4, 3, 3, 3]), ...settings],
      output: [1, 4, 8, 8],
    },
  ),
  caseOf(
    'QLinearConv',
    {
      macs: plainMacs,
      params: plainParams,
      others: stepsOf(192) + 2 * stepsOf(256),
      because: 'as in float32: int8 weights are trained, scales are not',
    },
    {
      inputs: { x: [1, 3, 8, 8] },
      nodes: [
        node('QuantizeLinear', ['x', 's', 'z'], 'xq'),
        node('QLinearConv', ['xq', 's', 'z', 'w', 's', 'z', 's', 'z'], 'yq', same),
        node('DequantizeLinear', ['yq', 's', 'z'], 'y'),
      ],
      weights: [int8Weight('w', [4, 3, 3, 3]), ...settings],
      output: [1, 4, 8, 8],
    },
  ),
  caseOf(
    'MatMulInteger',
    { macs: 4 * 5 * 8, params: 40, others: stepsOf(32), because: 'y 1x4x5, each a dot product of 8' },
    {
      inputs: { x: [1, 4, 8] },
      nodes: [node('QuantizeLinear', ['x', 's', 'z'], 'xq'), node('MatMulInteger', ['xq', 'w', 'z', 'z'], 'y')],
      weights: [int8Weight('w', [8, 5]), ...settings],
      output: [1, 4, 5],
      outputType: int32,
    },
  ),
]

export const matrixCases: readonly Case[] = [...products, ...recurrent, ...quantised]
