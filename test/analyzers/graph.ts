import type { Graph, LayerCost, Model, ModelNode, TensorType, Weight } from '../../src/types.js'

type Shapes = Readonly<Record<string, readonly number[]>>

const float32 = (dims: readonly number[]): TensorType => ({ elementType: 'float32', dims })

/** A node in one line: operator, names of inputs and of outputs, each in one text. */
export const node = (op: string, inputs: string, outputs: string): ModelNode => ({
  name: '',
  op,
  domain: '',
  inputs: inputs === '' ? [] : inputs.split(' '),
  outputs: outputs.split(' '),
  attributes: {},
})

/** A graph of float32 tensors by hand; a tensor that no shape is given for has no known type. */
export function graph(parts: {
  readonly inputs: Shapes
  readonly outputs: string
  readonly nodes: readonly ModelNode[]
  readonly shapes: Shapes
  readonly weights?: Shapes
}): Graph {
  const weights = Object.entries(parts.weights ?? {}).map(
    ([name, dims]): Weight => ({ name, elementType: 'float32', dims, data: { kind: 'elided' } }),
  )
  const model: Model = {
    name: 'by hand',
    origin: { kind: 'spec', spec: 'by hand' },
    irVersion: 8,
    opsets: { '': 17 },
    inputs: Object.entries(parts.inputs).map(([name, dims]) => ({ name, type: float32(dims) })),
    outputs: parts.outputs.split(' ').map((name) => ({ name, type: null })),
    nodes: parts.nodes,
    weights: new Map(weights.map((weight) => [weight.name, weight])),
    functions: new Map(),
    declared: new Map(),
  }
  const shapes = { ...parts.inputs, ...parts.shapes, ...parts.weights }
  const tensors = new Map(Object.entries(shapes).map(([name, dims]) => [name, float32(dims)]))
  return { model, tensors, refused: [], shapesFrom: new Map(), bodies: new Map() }
}

/** A layer that costs what is given and nothing else. */
export const layer = (name: string, cost: Partial<LayerCost> = {}): LayerCost => ({
  name,
  op: 'Conv',
  domain: '',
  outputs: [name],
  outputShape: [1],
  status: 'counted',
  macs: 0,
  flops: 0,
  params: 0,
  buffers: 0,
  paramBytes: 0,
  readBytes: 0,
  writeBytes: 0,
  kernelClass: 'dense-conv',
  operandTypes: null,
  shapesFrom: 'inferred',
  ...cost,
})
