import { expect, test } from 'vitest'
import { reconcile } from '../../../src/analyzers/conventions/reconcile.js'
import { build } from '../../../src/models/spec.js'
import { noBinding } from '../../../src/onnx/bind.js'
import { inferShapes } from '../../../src/runtime/shapes.js'
import type { Attribute, Graph, ModelNode } from '../../../src/types.js'
import { graph, node } from '../graph.js'

const conv = (inputs: string, output: string, stride: number, group = 1): ModelNode => {
  const attributes: Record<string, Attribute> = {
    strides: { type: 'ints', value: [stride, stride] },
    group: { type: 'int', value: group },
  }
  return { ...node('Conv', inputs, output), attributes }
}

interface Block {
  /** Strides of the first 1 x 1 and of the 3 x 3. */
  readonly strides: readonly [number, number]
  readonly group?: number
  /** What the shortcut adds: a projection of the input, or something else of that size. */
  readonly shortcut?: string
  readonly extra?: readonly ModelNode[]
  readonly outputs?: string
}

/** 32 channels of 8 x 8 to 16 and 64 of 4 x 4, as a file has it whose BatchNorms are folded. */
function block({ strides: [first, second], group = 1, shortcut = 'p', extra = [], outputs = 'y' }: Block): Graph {
  const between = first === 2 ? [1, 16, 4, 4] : [1, 16, 8, 8]
  return graph({
    inputs: { x: [1, 32, 8, 8], other: [1, 32, 8, 8] },
    outputs,
    nodes: [
      conv('x wa', 'a', first),
      node('Relu', 'a', 'ra'),
      conv('ra wb', 'b', second, group),
      node('Relu', 'b', 'rb'),
      conv('rb wc', 'c', 1),
      conv('x wp', 'p', 2),
      conv('other wp', 'q', 2),
      node('Add', `c ${shortcut}`, 's'),
      node('Relu', 's', 'y'),
      ...extra,
    ],
    weights: { wa: [16, 32, 1, 1], wb: [16, 16 / group, 3, 3], wc: [64, 16, 1, 1], wp: [64, 32, 1, 1] },
    shapes: {
      ...{ a: between, ra: between, b: [1, 16, 4, 4], rb: [1, 16, 4, 4], c: [1, 64, 4, 4], p: [1, 64, 4, 4] },
      ...{ q: [1, 64, 4, 4], s: [1, 64, 4, 4], y: [1, 64, 4, 4], z: between },
    },
  })
}

const strideReasons = (of: Graph) =>
  reconcile(of).flatMap(({ name, byReason }) =>
    byReason.flatMap(({ reason, amount }) => (reason.startsWith('stride') ? [[name, reason, amount]] : [])),
  )

// 16 · 32 multiply-accumulates at 64 positions, or at 16
const moved = 16 * 32 * (64 - 16)

test('a bottleneck counts as its paper has it, with BatchNorm or without', () => {
  expect(strideReasons(block({ strides: [1, 2] }))).toEqual([
    ['he-2015', 'stride-in-1x1', -moved],
    ['senet', 'stride-in-1x1', -moved],
  ])
  expect(strideReasons(block({ strides: [2, 1] }))).toEqual([['torchvision', 'stride-in-3x3', moved]])
})

test('the shortcut may be either side of the addition', () => {
  const swapped = block({ strides: [1, 2] })
  const nodes = swapped.model.nodes.map((each) => (each.op === 'Add' ? node('Add', 'p c', 's') : each))
  expect(strideReasons({ ...swapped, model: { ...swapped.model, nodes } })).toHaveLength(2)
})

test('nothing else is one: grouped, without a stride, without a projection of its input, or read elsewhere', () => {
  const none: readonly Block[] = [
    { strides: [1, 2], group: 4 },
    { strides: [1, 2], shortcut: 'q' },
    { strides: [1, 2], extra: [node('Relu', 'ra', 'z')], outputs: 'y z' },
  ]
  for (const each of none) expect([each, strideReasons(block(each))]).toEqual([each, []])
})

test.each([
  ['resnet-50', 3],
  ['resnet-152', 3],
  ['se-resnet-50:version=1.5', 3],
  ['se-resnet-50:version=1.5,placement=pre', 3],
  ['se-resnet-50:version=1.5,placement=post', 3],
  ['se-resnet-50:version=1.5,placement=identity', 3],
  ['se-resnet-50:version=1.5,placement=3x3', 3],
] as const)('%s has %i strided bottlenecks', async (spec, blocks) => {
  const counts = reconcile(await inferShapes(build(spec), noBinding))
  const reason = counts.find(({ name }) => name === 'he-2015')?.byReason.find(({ reason }) => /^stride/.test(reason))
  expect(reason).toMatchObject({ reason: 'stride-in-1x1', nodes: blocks, amount: -231211008 })
})

test.each([
  ...['mobilenet-v2', 'resnext-50', 'se-resnext-50', 'senet-154', 'shufflenet-v1', 'shufflenet-v2', 'densenet-121'],
  ...['xception', 'inception-v3', 'googlenet', 'yolo-v2', 'se-bn-inception', 'condensenet-74', 'ssdlite-mobilenet-v2'],
])('%s has no bottleneck whose stride was moved', async (spec) => {
  expect(strideReasons(await inferShapes(build(spec), noBinding))).toEqual([])
})
