import { bool, externalWeight, type Graph, int64, integers, node, truth, value, weight } from '../onnx-file.js'
import { type Case, caseOf } from './case.js'
import { plainMacs, plainParams } from './convolution-cases.js'

const same = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }
const image = [1, 3, 8, 8]
const w = weight('w', [4, 3, 3, 3])
const square = weight('w', [8, 8])

/** File beside the model that holds the weights of 'external data'. */
export const externalFile = 'external-data.bin'

const weights: readonly Case[] = [
  caseOf(
    'weights of a Constant node',
    { macs: plainMacs, params: plainParams, because: 'wherever they stand, they are trained' },
    {
      inputs: { x: image },
      nodes: [node('Constant', [], 'w', { value: { tensor: w } }), node('Conv', ['x', 'w'], 'y', same)],
      output: [1, 4, 8, 8],
    },
  ),
  caseOf(
    'weights through Transpose',
    { macs: 160, params: 40, because: 'y 1x4x5, each a dot product of 8; a transposed weight is a weight' },
    {
      inputs: { x: [1, 4, 8] },
      nodes: [node('Transpose', ['w'], 'wt', { perm: [1, 0] }), node('MatMul', ['x', 'wt'], 'y')],
      weights: [weight('w', [5, 8])],
      output: [1, 4, 5],
    },
  ),
  caseOf(
    'weights shared by two layers',
    {
      macs: 2 * 4 * 36 * 36,
      params: 144,
      because: 'two convolutions of 4x6x6 dot products of 36, one set of 144 weights',
    },
    {
      inputs: { x: [1, 4, 6, 6] },
      nodes: [node('Conv', ['x', 'w'], 'h', same), node('Conv', ['h', 'w'], 'y', same)],
      weights: [weight('w', [4, 4, 3, 3])],
      output: [1, 4, 6, 6],
    },
  ),
  caseOf(
    'weights shared through Identity',
    { macs: 2 * 4 * 36 * 36, params: 144, because: 'as before: an Identity makes no second set' },
    {
      inputs: { x: [1, 4, 6, 6] },
      nodes: [node('Identity', ['w'], 'v'), node('Conv', ['x', 'w'], 'h', same), node('Conv', ['h', 'v'], 'y', same)],
      weights: [weight('w', [4, 4, 3, 3])],
      output: [1, 4, 6, 6],
    },
  ),
  caseOf(
    'weights listed as inputs',
    {
      macs: plainMacs,
      params: plainParams,
      because: 'as before IR version 4: an input with an initializer is a weight',
    },
    {
      inputs: { x: image, w: [4, 3, 3, 3] },
      nodes: [node('Conv', ['x', 'w'], 'y', same)],
      weights: [w],
      output: [1, 4, 8, 8],
    },
  ),
  caseOf(
    'external data',
    { macs: plainMacs, params: plainParams, because: 'weights in a file of their own', external: 4 * plainParams },
    {
      inputs: { x: image },
      nodes: [node('Conv', ['x', 'w'], 'y', same)],
      weights: [externalWeight('w', [4, 3, 3, 3], externalFile, 0)],
      output: [1, 4, 8, 8],
    },
  ),
]

const shapes: readonly Case[] = [
  caseOf(
    'integers that carry a shape',
    { macs: 120, params: 30, because: 'y 1x4x5, each a dot product of 6; the shape to reshape to is not trained' },
    {
      inputs: { x: [1, 2, 12] },
      nodes: [node('Reshape', ['x', 'shape'], 'r'), node('MatMul', ['r', 'w'], 'y')],
      weights: [integers('shape', [1, 4, 6]), weight('w', [6, 5])],
      output: [1, 4, 5],
    },
  ),
  caseOf(
    'a shape computed by Shape, Slice and Concat',
    { macs: 1440, params: 1440, because: 'y 1x10, each a dot product of 144' },
    {
      inputs: { x: [1, 4, 6, 6] },
      nodes: [
        node('Shape', ['x'], 's'),
        node('Slice', ['s', 'zero', 'one'], 'n'),
        node('Concat', ['n', 'rest'], 'shape', { axis: 0 }),
        node('Reshape', ['x', 'shape'], 'r'),
        node('MatMul', ['r', 'w'], 'y'),
      ],
      weights: [integers('zero', [0]), integers('one', [1]), integers('rest', [-1]), weight('w', [144, 10])],
      output: [1, 10],
    },
  ),
]

const branch = (name: string): Graph => ({
  name,
  node: [node('MatMul', ['x', `${name}.w`], `${name}.y`)],
  initializer: [weight(`${name}.w`, [8, 5])],
  output: [value(`${name}.y`, [1, 5])],
})

const loopBody: Graph = {
  name: 'body',
  input: [value('i', [], int64), value('go', [], bool), value('h', [1, 8])],
  node: [node('Identity', ['go'], 'go.next'), node('MatMul', ['h', 'w'], 'h.next')],
  output: [value('go.next', [], bool), value('h.next', [1, 8])],
}

const scanBody: Graph = {
  name: 'body',
  input: [value('h', [1, 8]), value('step', [1, 8])],
  node: [
    node('Add', ['h', 'step'], 'sum'),
    node('MatMul', ['sum', 'w'], 'h.next'),
    node('Identity', ['h.next'], 'out'),
  ],
  output: [value('h.next', [1, 8]), value('out', [1, 8])],
}

const control: readonly Case[] = [
  caseOf(
    'If',
    { macs: 40, params: 80, because: 'either branch multiplies 8 by 8x5; both have weights of their own' },
    {
      inputs: {},
      input: [value('x', [1, 8]), value('c', [], bool)],
      nodes: [node('If', ['c'], 'y', { then_branch: branch('then'), else_branch: branch('else') })],
      output: [1, 5],
    },
  ),
  caseOf(
    'Loop',
    { macs: 4 * 64, params: 64, because: '4 rounds of 8 by 8x8, one set of weights' },
    {
      inputs: { x: [1, 8] },
      nodes: [node('Loop', ['rounds', 'go', 'x'], 'y', { body: loopBody })],
      weights: [integers('rounds', [4], []), truth('go', true), square],
      output: [1, 8],
    },
  ),
  caseOf(
    'Scan',
    { macs: 5 * 64, params: 64, others: 5 * 8, because: '5 steps of 8 by 8x8, one set of weights' },
    {
      inputs: { h0: [1, 8], x: [5, 1, 8] },
      nodes: [
        node('Scan', ['h0', 'x'], ['last', 'all'], { num_scan_inputs: 1, body: scanBody }),
        node('Identity', ['last'], 'y'),
      ],
      weights: [square],
      output: [1, 8],
    },
  ),
]

export const graphCases: readonly Case[] = [...weights, ...shapes, ...control]
