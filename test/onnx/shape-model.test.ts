import { InferenceSession } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { bindInputs, noBinding } from '../../src/onnx/bind.js'
import { constantOf } from '../../src/onnx/constant.js'
import { load } from '../../src/onnx/load.js'
import { shapeModel } from '../../src/onnx/shape-model.js'
import { constantNode, counting, float32Bytes, modelBytes, onnx, put, temporaryFolder, value } from './files.js'

const folder = temporaryFolder()
const { DataType } = onnx.TensorProto
const { GRAPH } = onnx.AttributeProto.AttributeType

const floats = (dims: number[]) => ({
  dims,
  dataType: DataType.FLOAT,
  rawData: float32Bytes(counting(dims.reduce((product, dim) => product * dim, 1))),
})

type Graph = Parameters<typeof modelBytes>[0]

/** The shapes of all outputs of a session of the shape model, and the length of that model. */
const shapesOf = (graph: Graph, dims: Record<string, number> = {}, file: Parameters<typeof modelBytes>[1] = {}) =>
  shapesIn(modelBytes(graph, file), dims)

async function shapesIn(file: Uint8Array, dims: Record<string, number> = {}) {
  const model = load(put(folder, 'model.onnx', file))
  const constants = new Map(
    [...model.weights.values(), ...model.nodes.flatMap((node) => constantOf(node) ?? [])].map((weight) => [
      weight.name,
      weight,
    ]),
  )
  const nodes = model.nodes.filter(({ op }) => op !== 'Constant')
  const wanted = nodes.flatMap(({ outputs }) => outputs)
  const types = new Map([...bindInputs(model, { ...noBinding, dims }), ...constants])
  const bytes = shapeModel(model, { nodes, wanted, constants, types })
  const session = await InferenceSession.create(bytes, { graphOptimizationLevel: 'basic', logSeverityLevel: 4 })
  const shapes = Object.fromEntries(
    session.outputMetadata.map((output) => [output.name, output.isTensor ? output.shape : null]),
  )
  await session.release()
  return { shapes, length: bytes.length }
}

it('types every tensor from a few bytes, weights left out', async () => {
  const { shapes, length } = await shapesOf(
    {
      input: [value('x', ['batch', 64])],
      output: [value('y', ['batch', 32])],
      initializer: [{ name: 'w', ...floats([64, 128]) }],
      node: [
        constantNode('k', floats([128, 32])),
        { opType: 'MatMul', input: ['x', 'w'], output: ['h'] },
        { opType: 'MatMul', input: ['h', 'k'], output: ['y'] },
      ],
    },
    { batch: 5 },
  )
  expect(shapes).toEqual({ h: [5, 128], y: [5, 32] })
  expect(length).toBeLessThan(1000)
})

it('keeps integer constants, which carry shapes', async () => {
  const { shapes } = await shapesOf({
    input: [value('x', [2, 12])],
    output: [value('y', [])],
    initializer: [{ name: 'shape', dims: [3], dataType: DataType.INT64, int64Data: [2, -1, 3] }],
    node: [{ opType: 'Reshape', input: ['x', 'shape'], output: ['y'] }],
  })
  expect(shapes).toEqual({ y: [2, 4, 3] })
})

it('takes the place of weights that the file also lists as inputs', async () => {
  const { shapes } = await shapesOf(
    {
      input: [value('x', [1, 16]), value('w', [16, 8])],
      output: [value('y', [1, 8])],
      initializer: [{ name: 'w', ...floats([16, 8]) }],
      node: [{ opType: 'MatMul', input: ['x', 'w'], output: ['y'] }],
    },
    {},
    { opset: 9, irVersion: 3 },
  )
  expect(shapes).toEqual({ y: [1, 8] })
})

it('ends a slice at the largest number there is, which is how exporters say "to the end"', async () => {
  const bytes = Buffer.concat([
    onnx.AttributeProto.encode({ name: 'ends', type: onnx.AttributeProto.AttributeType.INTS }).finish(),
    // field 8, varint: 2^63 - 1
    Buffer.from('40ffffffffffffffff7f', 'hex'),
  ])
  const { shapes } = await shapesOf(
    {
      input: [value('x', [1, 10])],
      output: [value('y', [])],
      node: [
        {
          opType: 'Slice',
          input: ['x'],
          output: ['y'],
          attribute: [
            { name: 'axes', type: onnx.AttributeProto.AttributeType.INTS, ints: [1] },
            { name: 'starts', type: onnx.AttributeProto.AttributeType.INTS, ints: [3] },
            onnx.AttributeProto.decode(bytes),
          ],
        },
      ],
    },
    {},
    { opset: 9, irVersion: 4 },
  )
  expect(shapes).toEqual({ y: [1, 7] })
})

/** A branch with an initializer and a Constant, both too large to keep, under names that the other branch has too. */
const branch = (columns: number) => ({
  name: `branch of ${columns}`,
  output: [value('o', [1, columns])],
  initializer: [{ name: 'w', ...floats([32, columns]) }],
  node: [
    constantNode('c', floats([1, columns])),
    { opType: 'MatMul', input: ['x', 'w'], output: ['m'] },
    { opType: 'Add', input: ['m', 'c'], output: ['o'] },
  ],
})

const choice = (output: string, then: Graph, otherwise: Graph) => ({
  opType: 'If',
  input: ['p'],
  output: [output],
  attribute: [
    { name: 'then_branch', type: GRAPH, g: then },
    { name: 'else_branch', type: GRAPH, g: otherwise },
  ],
})

it('sees through the branches of If, whose weights have equal names and other shapes', async () => {
  const { shapes, length } = await shapesOf({
    input: [value('x', [1, 32]), value('p', [], DataType.BOOL)],
    output: [value('y', [])],
    node: [
      choice('a', branch(64), branch(64)),
      choice('b', branch(96), branch(96)),
      { opType: 'Relu', input: ['b'], output: ['y'] },
    ],
  })
  expect(shapes).toEqual({ a: [1, 64], b: [1, 96], y: [1, 96] })
  expect(length).toBeLessThan(4000)
})

it('sees through an If inside an If', async () => {
  const inner = (columns: number): Graph => ({
    name: 'inner',
    output: [value('i', [1, columns])],
    node: [choice('i', branch(columns), branch(columns))],
  })
  const { shapes } = await shapesOf({
    input: [value('x', [1, 32]), value('p', [], DataType.BOOL)],
    output: [value('y', [])],
    node: [choice('y', inner(48), branch(48))],
  })
  expect(shapes).toEqual({ y: [1, 48] })
})

it('keeps the constants of functions that the model brings along', async () => {
  const bytes = onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 17 },
      { domain: 'test', version: 1 },
    ],
    graph: {
      name: 'graph',
      input: [value('x', [4, 30])],
      output: [value('y', [4, 50])],
      node: [{ opType: 'Project', domain: 'test', input: ['x'], output: ['y'] }],
    },
    functions: [
      {
        name: 'Project',
        domain: 'test',
        input: ['a'],
        output: ['b'],
        opsetImport: [{ domain: '', version: 17 }],
        node: [constantNode('k', floats([30, 50])), { opType: 'MatMul', input: ['a', 'k'], output: ['b'] }],
      },
    ],
  }).finish()
  expect(await shapesIn(bytes)).toMatchObject({ shapes: { y: [4, 50] } })
})
