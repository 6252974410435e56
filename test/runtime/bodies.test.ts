import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { noBinding } from '../../src/onnx/bind.js'
import { load } from '../../src/onnx/load.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import { constantNode, counting, float32Bytes, modelBytes, onnx, put, temporaryFolder, value } from '../onnx/files.js'

const folder = temporaryFolder()
const { DataType } = onnx.TensorProto
const { GRAPH, INT, FLOAT } = onnx.AttributeProto.AttributeType

type Graph = Parameters<typeof modelBytes>[0]

const floats = (dims: number[]) => ({
  dims,
  dataType: DataType.FLOAT,
  rawData: float32Bytes(counting(dims.reduce((product, dim) => product * dim, 1))),
})
const bool = (isTrue: boolean) => ({ dims: [], dataType: DataType.BOOL, int32Data: [Number(isTrue)] })
const int64 = (...values: number[]) => ({
  dims: values.length === 1 ? [] : [values.length],
  dataType: 7,
  int64Data: values,
})
const body = (name: string, g: Graph) => ({ name, type: GRAPH, g })
const node = (opType: string, inputs: string, outputs: string, attribute: object[] = []) => ({
  opType,
  input: inputs.split(' ').map((name) => (name === '-' ? '' : name)),
  output: outputs.split(' '),
  attribute,
})

async function analysisOf(bytes: Uint8Array) {
  return analyze(await inferShapes(load(put(folder, 'model.onnx', bytes)), noBinding))
}

/** x [1, 32] times w [32, n] of its own, and n additions: 32·n MACs, 32·n + n params. */
const branch = (columns: number): Graph => ({
  name: `branch of ${columns}`,
  output: [value('o', [1, columns])],
  initializer: [{ name: 'w', ...floats([32, columns]) }],
  node: [constantNode('c', floats([1, columns])), node('MatMul', 'x w', 'm'), node('Add', 'm c', 'o')],
})

const choice = (condition: object[], initializer: object[] = []) =>
  modelBytes({
    input: [value('x', [1, 32]), value('p', [], DataType.BOOL)],
    output: [value('y', [])],
    initializer,
    node: [
      ...condition,
      node('If', condition.length + initializer.length > 0 ? 'q' : 'p', 'y', [
        body('then_branch', branch(64)),
        body('else_branch', branch(96)),
      ]),
    ],
  })

describe('If', () => {
  it('costs its dearer branch where data decide, and says so; both have their params', async () => {
    const { totals, layers, warnings, coverage } = await analysisOf(choice([]))
    expect(totals.macs).toBe(32 * 96)
    expect(totals.flops).toBe(2 * 32 * 96 + 96)
    expect(totals.params).toBe(33 * 64 + 33 * 96)
    expect(layers[0]?.bodies?.map(({ name, times, countedTimes }) => [name, times, countedTimes])).toEqual([
      ['then_branch', 1, 0],
      ['else_branch', 1, 1],
    ])
    expect(layers[0]?.bodies?.map(({ layers }) => layers.map(({ macs }) => macs))).toEqual([
      [0, 32 * 64, 0],
      [0, 32 * 96, 0],
    ])
    expect(warnings.map(({ code }) => code)).toEqual(['open-branch'])
    expect(coverage).toMatchObject({ nodes: 6, uncounted: 0 })
  })

  it('costs the branch that a constant chooses', async () => {
    const chosen = await analysisOf(choice([], [{ name: 'q', ...bool(true) }]))
    expect(chosen.totals.macs).toBe(32 * 64)
    expect(chosen.warnings).toEqual([])
    // x, p and y, and inside the branch the product m and the sum o
    expect(chosen.totals.peakActivationBytes).toBe(4 * 32 + 1 + 4 * 64 + 2 * (4 * 64))
  })

  it('costs the branch that a size chooses, as exporters write it', async () => {
    const { totals } = await analysisOf(
      choice([
        node('Shape', 'x', 's'),
        constantNode('at', int64(1)),
        node('Gather', 's at', 'size'),
        constantNode('limit', int64(32)),
        node('Equal', 'size limit', 'q'),
      ]),
    )
    expect(totals.macs).toBe(32 * 64)
  })
})

/** h [1, 16] times w [16, 16] of the graph around. */
const step = (more: Partial<{ condition: object }> = {}): Graph => ({
  name: 'step',
  input: [value('i', [], DataType.INT64), value('go', [], DataType.BOOL), value('h', [1, 16])],
  output: [value('on', [], DataType.BOOL), value('next', [1, 16]), value('seen', [1, 16])],
  node: [
    more.condition ?? node('Identity', 'go', 'on'),
    node('MatMul', 'h w', 'next'),
    node('Identity', 'next', 'seen'),
  ],
})

const loop = (graph: Graph, { inputs = 'n - x', more = [] as object[] } = {}) =>
  modelBytes({
    input: [value('x', [1, 16]), value('m', [], DataType.INT64)],
    output: [value('last', []), value('all', [])],
    initializer: [
      { name: 'w', ...floats([16, 16]) },
      { name: 'n', ...int64(5) },
    ],
    node: [...more, node('Loop', inputs, 'last all', [body('body', graph)])],
  })

describe('Loop', () => {
  it('costs its body times its trip count; a weight that each trip uses is counted once', async () => {
    const { totals, layers, byOp, warnings } = await analysisOf(loop(step()))
    expect(totals.macs).toBe(5 * 16 * 16)
    expect(totals.params).toBe(16 * 16)
    expect(layers[0]?.bodies).toMatchObject([{ name: 'body', times: 5 }])
    // x, m, last and all five; inside i, go, h and next, of which on and seen are views
    expect(totals.peakActivationBytes).toBe(64 + 8 + 64 + 5 * 64 + (8 + 1 + 64 + 64))
    expect(byOp.find(({ op }) => op === 'MatMul')).toMatchObject({ count: 1, macs: 5 * 16 * 16 })
    expect(warnings).toEqual([])
  })

  it('costs one iteration where data give the trip count, and says so', async () => {
    const { totals, warnings } = await analysisOf(loop(step(), { inputs: 'm - x' }))
    expect(totals.macs).toBe(16 * 16)
    expect(warnings).toMatchObject([{ code: 'per-iteration' }])
  })

  it('costs one iteration where its condition may end it', async () => {
    const condition = node('Not', 'go', 'on')
    expect((await analysisOf(loop(step({ condition })))).totals.macs).toBe(16 * 16)
  })

  it('runs to its end where its condition is a constant', async () => {
    const condition = constantNode('on', bool(true))
    expect((await analysisOf(loop(step({ condition })))).totals.macs).toBe(5 * 16 * 16)
  })

  it('does not guess a size that grows', async () => {
    const growing: Graph = {
      ...step(),
      output: [value('on', [], DataType.BOOL), value('next', []), value('seen', [])],
      node: [
        node('Identity', 'go', 'on'),
        node('Concat', 'h h', 'next', [{ name: 'axis', type: INT, i: 0 }]),
        node('MatMul', 'next w', 'seen'),
      ],
    }
    const { layers, coverage } = await analysisOf(loop(growing))
    expect(layers[0]?.bodies?.[0]?.layers.map(({ macs, shapesFrom }) => [macs, shapesFrom])).toEqual([
      [0, 'inferred'],
      [0, 'unknown'],
      [null, 'unknown'],
    ])
    expect(coverage.uncountedOps).toEqual(['MatMul'])
  })

  it('multiplies with the loop around it', async () => {
    const inner = {
      ...step(),
      name: 'inner',
      input: (step().input ?? []).map((input) => ({ ...input, name: `${input.name}2` })),
    }
    const renamed: Graph = {
      ...inner,
      output: [value('on2', [], DataType.BOOL), value('next2', [1, 16]), value('seen2', [1, 16])],
      node: [node('Identity', 'go2', 'on2'), node('MatMul', 'h2 w', 'next2'), node('Identity', 'next2', 'seen2')],
    }
    const outer: Graph = {
      ...step(),
      node: [
        node('Identity', 'go', 'on'),
        node('Loop', 'n - h', 'next many', [body('body', renamed)]),
        node('Identity', 'next', 'seen'),
      ],
    }
    const { totals } = await analysisOf(loop(outer))
    expect(totals.macs).toBe(5 * 5 * 16 * 16)
    expect(totals.params).toBe(16 * 16)
  })
})

describe('Scan', () => {
  it('costs its body times the length of what it scans', async () => {
    const { totals, layers } = await analysisOf(
      modelBytes({
        input: [value('h0', [16]), value('xs', [7, 16])],
        output: [value('h', []), value('ys', [])],
        initializer: [{ name: 'w', ...floats([16, 16]) }],
        node: [
          node('Scan', 'h0 xs', 'h ys', [
            { name: 'num_scan_inputs', type: INT, i: 1 },
            body('body', {
              name: 'body',
              input: [value('s', [16]), value('e', [16])],
              output: [value('n', [16]), value('o', [16])],
              node: [node('MatMul', 's w', 'm'), node('Add', 'm e', 'n'), node('Identity', 'n', 'o')],
            }),
          ]),
        ],
      }),
    )
    expect(totals.macs).toBe(7 * 16 * 16)
    expect(totals.flops).toBe(7 * (2 * 16 * 16 + 16))
    expect(layers[0]?.bodies).toMatchObject([{ times: 7 }])
  })
})

describe('a function that the model brings along', () => {
  const file = onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 17 },
      { domain: 'test', version: 1 },
    ],
    graph: {
      name: 'graph',
      input: [value('x', [4, 30])],
      output: [value('y', [4, 40])],
      initializer: [
        { name: 'w1', ...floats([30, 30]) },
        { name: 'w2', ...floats([30, 40]) },
      ],
      node: [
        { ...node('Project', 'x w1', 'h', [{ name: 'slope', type: FLOAT, f: 0.25 }]), domain: 'test' },
        { ...node('Project', 'h w1', 'i', [{ name: 'slope', type: FLOAT, f: 0.25 }]), domain: 'test' },
        { ...node('Project', 'i w2', 'y'), domain: 'test' },
      ],
    },
    functions: [
      {
        name: 'Project',
        domain: 'test',
        input: ['a', 'k'],
        output: ['b'],
        attribute: ['slope'],
        opsetImport: [{ domain: '', version: 17 }],
        node: [
          node('MatMul', 'a k', 'm'),
          node('LeakyRelu', 'm', 'b', [{ name: 'alpha', type: FLOAT, refAttrName: 'slope' }]),
        ],
      },
    ],
  }).finish()

  it('costs each call what its nodes cost on that call’s tensors', async () => {
    const { totals, layers, coverage } = await analysisOf(file)
    expect(layers.map(({ op, macs, outputShape }) => [op, macs, outputShape])).toEqual([
      ['Project', 4 * 30 * 30, [4, 30]],
      ['Project', 4 * 30 * 30, [4, 30]],
      ['Project', 4 * 30 * 40, [4, 40]],
    ])
    // LeakyRelu: a comparison and a multiplication each
    expect(totals.flops).toBe(2 * totals.macs + 2 * (4 * 30 + 4 * 30 + 4 * 40))
    // w1 is shared by two calls
    expect(totals.params).toBe(30 * 30 + 30 * 40)
    expect(coverage).toMatchObject({ nodes: 6, uncounted: 0 })
  })
})

describe('an operator that this onnxruntime lacks', () => {
  const custom = { ...node('Odd', 'x', 'h'), domain: 'custom' }
  const graph = {
    input: [value('x', [1, 16])],
    output: [value('y', [])],
    initializer: [{ name: 'w', ...floats([16, 8]) }],
    node: [node('Relu', 'x', 'r'), { ...custom, input: ['r'] }, node('MatMul', 'h w', 'y')],
  }

  it('is uncounted, and so is what depends on it', async () => {
    const { coverage, layers } = await analysisOf(modelBytes(graph))
    expect(layers.map(({ status, shapesFrom }) => [status, shapesFrom])).toEqual([
      ['counted', 'inferred'],
      ['uncounted', 'unknown'],
      ['uncounted', 'unknown'],
    ])
    expect(coverage.uncountedOps).toEqual(['custom.Odd', 'MatMul'])
  })

  it('has the shape that the file declares', async () => {
    const { layers, totals } = await analysisOf(modelBytes({ ...graph, valueInfo: [value('h', [2, 16])] }))
    expect(layers.map(({ status, shapesFrom }) => [status, shapesFrom])).toEqual([
      ['counted', 'inferred'],
      ['uncounted', 'declared'],
      ['counted', 'declared'],
    ])
    expect(totals.macs).toBe(2 * 16 * 8)
  })
})

it('types bfloat16, which has no kernels on the CPU', async () => {
  const { totals, layers } = await analysisOf(
    modelBytes({
      input: [value('x', [2, 3], DataType.BFLOAT16)],
      output: [value('y', [], DataType.BFLOAT16)],
      initializer: [{ name: 'w', dims: [3, 50], dataType: DataType.BFLOAT16, rawData: new Uint8Array(300) }],
      node: [node('MatMul', 'x w', 'm'), node('Relu', 'm', 'y')],
    }),
  )
  expect(totals).toMatchObject({ macs: 2 * 3 * 50, params: 150, paramBytes: 300 })
  expect(totals.macsByType).toEqual([{ types: 'bfloat16 x bfloat16', macs: 300 }])
  expect(layers[1]).toMatchObject({ readBytes: 200, writeBytes: 200, outputShape: [2, 50] })
})

it('does not take a tensor of unknown rank for a scalar', async () => {
  const { layers } = await analysisOf(
    modelBytes({
      input: [value('x', [2, 3]), value('s', [2], DataType.INT64)],
      output: [value('y', [])],
      node: [
        node('Cast', 's', 't', [{ name: 'to', type: INT, i: 7 }]),
        node('Reshape', 'x t', 'z'),
        node('Relu', 'z', 'y'),
      ],
    }),
  )
  expect(layers.map(({ outputShape }) => outputShape)).toEqual([[2], null, null])
})

it('analyzes what does not depend on an input that is no tensor', async () => {
  const list = { name: 'list', type: { sequenceType: { elemType: { tensorType: { elemType: DataType.FLOAT } } } } }
  const { layers, coverage, warnings } = await analysisOf(
    modelBytes({
      input: [value('x', [2, 3]), list, value('at', [], DataType.INT64)],
      output: [value('y', []), value('z', [])],
      node: [node('Sigmoid', 'x', 'y'), node('SequenceAt', 'list at', 'e'), node('Sigmoid', 'e', 'z')],
    }),
  )
  expect(layers.map(({ status, flops }) => [status, flops])).toEqual([
    ['counted', 4 * 6],
    ['free', 0],
    ['uncounted', null],
  ])
  expect(coverage).toMatchObject({ uncounted: 1, unsized: 2 })
  expect(warnings.map(({ code }) => code)).toEqual(['uncounted', 'unknown-size'])
})

it('counts an LSTM whose batch comes first, which onnxruntime cannot run, by the shapes that the file declares', async () => {
  const { layers } = await analysisOf(
    modelBytes({
      input: [value('x', [2, 5, 4])],
      output: [value('y', [2, 5, 1, 8])],
      initializer: [
        { name: 'w', ...floats([1, 32, 4]) },
        { name: 'r', ...floats([1, 32, 8]) },
      ],
      node: [
        node('LSTM', 'x w r', 'y', [
          { name: 'hidden_size', type: INT, i: 8 },
          { name: 'layout', type: INT, i: 1 },
        ]),
      ],
    }),
  )
  // 2 sequences of 5 steps, four gates of 8 by 4 inputs and 8 states
  expect(layers[0]).toMatchObject({ macs: 2 * 5 * 4 * 8 * (4 + 8), shapesFrom: 'declared' })
})
