import { expect, test } from 'vitest'
import { reconcile } from '../../../src/analyzers/conventions/reconcile.js'
import type { Attribute } from '../../../src/types.js'
import { graph, node } from '../graph.js'

const x = [1, 8, 12, 12]
const half = [1, 8, 6, 6]
const double = [1, 8, 24, 24]

const int = (value: number): Attribute => ({ type: 'int', value })
const ints = (...value: number[]): Attribute => ({ type: 'ints', value })
const string = (value: string): Attribute => ({ type: 'string', value })

interface Case {
  readonly op: string
  readonly y?: readonly number[]
  readonly weights?: readonly (readonly number[])[]
  /** How often x is an input. */
  readonly times?: number
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** fvcore, thop 0.1.1, ptflops by module; onnx-tool by operator. Left out: not asked. */
  readonly reports: Readonly<Record<string, number>>
}

const one = (op: string, onnxTool: number): Case => ({ op, reports: { 'onnx-tool': onnxTool } })
const torch = (op: string, fvcore: number, thop: number, ptflops: number, onnxTool: number): Case => ({
  op,
  reports: { fvcore, thop, ptflops, 'onnx-tool': onnxTool },
})

/**
 * What the tools report of a model of one layer with an input of 1x8x12x12 (1152 elements), versions as in tools.test.ts.
 * The first three are of the PyTorch module that exports to the operator, eval mode; onnx-tool's is of the node itself.
 */
const cases: readonly Case[] = [
  {
    op: 'Conv', // Conv2d(8, 16, 3, padding=1)
    y: [1, 16, 12, 12],
    weights: [[16, 8, 3, 3], [16]],
    reports: { fvcore: 165888, torch: 331776, thop: 165888, ptflops: 168192, 'onnx-tool': 168192 },
  },
  {
    op: 'Conv', // Conv2d(8, 8, 3, padding=1, groups=8, bias=False)
    y: x,
    weights: [[8, 1, 3, 3]],
    attributes: { group: int(8) },
    reports: { fvcore: 10368, thop: 10368, ptflops: 10368, 'onnx-tool': 10368 },
  },
  {
    op: 'ConvTranspose', // ConvTranspose2d(8, 4, 2, stride=2)
    y: [1, 4, 24, 24],
    weights: [[8, 4, 2, 2], [4]],
    reports: { fvcore: 18432, thop: 73728, ptflops: 20736, 'onnx-tool': 39168 },
  },
  {
    op: 'ConvTranspose', // the same without a bias
    y: [1, 4, 24, 24],
    weights: [[8, 4, 2, 2]],
    reports: { fvcore: 18432, thop: 73728, ptflops: 18432, 'onnx-tool': 36864 },
  },
  { op: 'MatMul', times: 2, reports: { fvcore: 13824, thop: 0, ptflops: 13824, 'onnx-tool': 13824 } },
  { op: 'MatMul', y: [1, 8, 12, 10], weights: [[12, 10]], reports: { fvcore: 11520, thop: 11520, 'onnx-tool': 11520 } },
  {
    op: 'BatchNormalization',
    weights: [[8], [8], [8], [8]],
    reports: { fvcore: 2304, torch: 0, thop: 4608, ptflops: 2304, 'onnx-tool': 35712 },
  },
  {
    op: 'LayerNormalization',
    weights: [[12], [12]],
    reports: { fvcore: 5760, thop: 4608, ptflops: 1152, 'onnx-tool': 10848 },
  },
  {
    op: 'GroupNormalization',
    weights: [[8], [8]],
    attributes: { num_groups: int(2) },
    reports: { fvcore: 5760, thop: 0, ptflops: 2304 },
  },
  {
    op: 'InstanceNormalization',
    weights: [[8], [8]],
    reports: { fvcore: 5760, thop: 4608, ptflops: 2304, 'onnx-tool': 8064 },
  },
  { op: 'LRN', attributes: { size: int(5) }, reports: { 'onnx-tool': 48384 } },
  one('LpNormalization', 38016),
  torch('Relu', 0, 0, 2304, 1152),
  torch('Clip', 0, 0, 1152, 2304),
  torch('LeakyRelu', 0, 0, 1152, 2304),
  torch('PRelu', 0, 1152, 2304, 2304),
  torch('Elu', 0, 0, 2304, 40320),
  torch('Sigmoid', 0, 0, 0, 36864),
  torch('Tanh', 0, 0, 0, 87552),
  torch('HardSwish', 0, 0, 0, 5760),
  torch('HardSigmoid', 0, 0, 0, 4608),
  torch('Softplus', 0, 0, 0, 87552),
  torch('Gelu', 0, 0, 2304, 39168),
  { op: 'Swish', reports: { fvcore: 0, thop: 0, ptflops: 1152 } },
  {
    op: 'Softmax',
    attributes: { axis: int(1) },
    reports: { fvcore: 0, thop: 3312, ptflops: 1152, 'onnx-tool': 41472 },
  },
  one('LogSoftmax', 92160),
  one('Hardmax', 1152),
  {
    op: 'MaxPool',
    y: half,
    attributes: { kernel_shape: ints(3, 3) },
    reports: { fvcore: 0, thop: 0, ptflops: 2304, 'onnx-tool': 2592 },
  },
  {
    op: 'AveragePool',
    y: half,
    attributes: { kernel_shape: ints(2, 2) },
    reports: { fvcore: 0, thop: 288, ptflops: 2304, 'onnx-tool': 1152 },
  },
  {
    op: 'GlobalAveragePool',
    y: [1, 8, 1, 1],
    reports: { fvcore: 1152, thop: 1160, ptflops: 2304, 'onnx-tool': 1184 },
  },
  { op: 'GlobalMaxPool', y: [1, 8, 1, 1], reports: { fvcore: 0, thop: 0, ptflops: 2304 } },
  {
    op: 'Resize',
    y: double,
    attributes: { mode: string('nearest') },
    reports: { fvcore: 4608, thop: 4608, ptflops: 9216, 'onnx-tool': 0 },
  },
  {
    op: 'Resize',
    y: double,
    attributes: { mode: string('linear') },
    reports: { fvcore: 18432, thop: 50688, ptflops: 9216, 'onnx-tool': 18432 },
  },
  {
    op: 'Resize',
    y: double,
    attributes: { mode: string('cubic') },
    reports: { fvcore: 0, thop: 1193472, ptflops: 9216, 'onnx-tool': 36864 },
  },
  { op: 'Add', times: 2, reports: { fvcore: 0, thop: 0, ptflops: 0, 'onnx-tool': 1152 } },
  { op: 'Mul', times: 2, reports: { fvcore: 0, thop: 0, ptflops: 0, 'onnx-tool': 1152 } },
  { op: 'Sum', times: 3, reports: { 'onnx-tool': 2304 } },
  { op: 'Max', times: 3, reports: { 'onnx-tool': 1152 } },
  { op: 'Div', times: 2, reports: { 'onnx-tool': 4608 } },
  { op: 'Pow', times: 2, reports: { 'onnx-tool': 36864 } },
  { op: 'Less', times: 2, reports: { 'onnx-tool': 1152 } },
  ...['Neg', 'Abs', 'Ceil', 'Sign', 'Floor', 'Round'].map((op) => one(op, 1152)),
  ...[one('Exp', 36864), one('Log', 49536), one('Sqrt', 27648), one('Sin', 44928), one('Cos', 44928)],
  ...[one('Atan', 73728), one('Reciprocal', 4608), one('Erf', 0), one('CumSum', 1152)],
  { op: 'ReduceMean', y: [1, 8, 1, 1], reports: { fvcore: 0, thop: 0, ptflops: 0, 'onnx-tool': 1152 } },
  { op: 'ReduceSum', y: [1, 1, 12, 12], reports: { 'onnx-tool': 1152 } },
  { op: 'ReduceL2', y: [1, 1, 12, 12], reports: { 'onnx-tool': 28800 } },
  { op: 'ArgMax', y: [1, 1, 12, 12], reports: { 'onnx-tool': 0 } },
]

test.each(cases)('$op', ({ op, y = x, weights = [], times = 1, attributes = {}, reports }) => {
  const names = weights.map((_, index) => `w${index}`)
  const inputs = [...Array<string>(times).fill('x'), ...names].join(' ')
  const counts = reconcile(
    graph({
      inputs: { x },
      outputs: 'y',
      nodes: [{ ...node(op, inputs, 'y'), attributes }],
      shapes: { y },
      weights: Object.fromEntries(weights.map((dims, index) => [`w${index}`, dims])),
    }),
  )
  const found = Object.fromEntries(counts.map(({ name, total }) => [name, total]))
  expect(found).toMatchObject(reports)
})
