import { noBinding } from '../../src/onnx/bind.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import type { Attribute, Graph, Model, ModelNode, Weight } from '../../src/types.js'

type AttributeValue = number | string | readonly number[]

/** `Op input input -> output`, and the node's attributes. */
export type Line = readonly [line: string, attributes?: Readonly<Record<string, AttributeValue>>]

const attribute = (value: AttributeValue): Attribute => {
  if (typeof value === 'string') return { type: 'string', value }
  return typeof value === 'number' ? { type: 'int', value } : { type: 'ints', value }
}

const nodeOf = ([line, attributes = {}]: Line): ModelNode => {
  const [, op = '', inputs = '', outputs = ''] = /^(\S+)(.*) -> (.+)$/.exec(line) ?? []
  const names = inputs.trim().split(' ').filter(Boolean)
  return {
    name: '',
    op,
    domain: '',
    inputs: names.map((name) => (name === '_' ? '' : name)),
    outputs: outputs.split(' '),
    attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attribute(value)])),
  }
}

/** A tensor of ones; nothing that is seen cancels. */
const ones = (name: string, dims: readonly number[]): Weight => {
  const values = new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(1)
  return { name, elementType: 'float32', dims, data: { kind: 'inline', bytes: new Uint8Array(values.buffer) } }
}

const integers = (name: string, values: readonly number[]): Weight => ({
  name,
  elementType: 'int64',
  dims: [values.length],
  data: { kind: 'inline', bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) },
})

const floats = (name: string, values: readonly number[]): Weight => ({
  name,
  elementType: 'float32',
  dims: [values.length],
  data: { kind: 'inline', bytes: new Uint8Array(Float32Array.from(values).buffer) },
})

export interface Chain {
  /** Of the input `x`. */
  readonly x: readonly number[]
  /** Further inputs. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>
  readonly nodes: readonly Line[]
  /** Shapes of weights of ones. */
  readonly ones?: Readonly<Record<string, readonly number[]>>
  readonly integers?: Readonly<Record<string, readonly number[]>>
  readonly floats?: Readonly<Record<string, readonly number[]>>
  readonly opset?: number
}

/** A model whose output is its last node's. */
export function chainModel(chain: Chain): Model {
  const each = <T>(of: Readonly<Record<string, T>> = {}, make: (name: string, value: T) => Weight) =>
    Object.entries(of).map(([name, value]) => make(name, value))
  const weights = [...each(chain.ones, ones), ...each(chain.integers, integers), ...each(chain.floats, floats)]
  const nodes = chain.nodes.map(nodeOf)
  return {
    name: 'chain',
    origin: { kind: 'spec', spec: 'chain' },
    irVersion: 8,
    opsets: { '': chain.opset ?? 17 },
    inputs: Object.entries({ x: chain.x, ...chain.inputs }).map(([name, dims]) => ({
      name,
      type: { elementType: 'float32', dims },
    })),
    outputs: (nodes.at(-1)?.outputs ?? []).map((name) => ({ name, type: null })),
    nodes,
    weights: new Map(weights.map((weight) => [weight.name, weight])),
    functions: new Map(),
    declared: new Map(),
  }
}

/** Its graph, with the shapes that onnxruntime infers. */
export const chainGraph = (chain: Chain): Promise<Graph> => inferShapes(chainModel(chain), noBinding)
