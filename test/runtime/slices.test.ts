import { describe, expect, it } from 'vitest'
import { noBinding } from '../../src/onnx/bind.js'
import { slicesOf } from '../../src/onnx/slices.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import type { Model, ModelNode, Weight } from '../../src/types.js'

const node = (op: string, inputs: string, outputs: string, attributes: ModelNode['attributes'] = {}): ModelNode => ({
  ...{ name: '', op, domain: '', attributes },
  inputs: inputs.split(' '),
  outputs: outputs.split(' '),
})

const weight = (name: string, ...values: number[]): Weight => ({
  name,
  elementType: 'int64',
  dims: [values.length],
  data: { kind: 'inline', bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) },
})

/**
 * A chain in which x [8, 12] becomes [12, 8], [8, 12], … by a shape that is computed from the sizes of the tensor
 * before: Shape, Slice, Slice, Concat, Reshape. The shape of each is that of the first one, x, turned `turns` times.
 */
function turning(turns: number): Model {
  const nodes = Array.from({ length: turns }, (_, turn) => [
    // the sizes come from the chain's very beginning every third time, so that they cross slices
    node('Shape', turn % 3 === 0 && turn % 2 === 0 ? 'x0' : `x${turn}`, `s${turn}`),
    node('Slice', `s${turn} zero one`, `a${turn}`),
    node('Slice', `s${turn} one two`, `b${turn}`),
    node('Concat', `b${turn} a${turn}`, `t${turn}`, { axis: { type: 'int', value: 0 } }),
    node('Reshape', `x${turn} t${turn}`, `y${turn}`),
    node('Relu', `y${turn}`, `x${turn + 1}`),
  ]).flat()
  return {
    name: 'turning',
    origin: { kind: 'spec', spec: 'turning' },
    irVersion: 8,
    opsets: { '': 17 },
    functions: new Map(),
    declared: new Map(),
    inputs: [{ name: 'x0', type: { elementType: 'float32', dims: [8, 12] } }],
    outputs: [{ name: `x${turns}`, type: null }],
    nodes,
    weights: new Map([weight('zero', 0), weight('one', 1), weight('two', 2)].map((weight) => [weight.name, weight])),
  }
}

describe('a graph of many slices', () => {
  const turns = 1000

  it('has the shapes that it has in one piece', async () => {
    const { tensors } = await inferShapes(turning(turns), noBinding)
    for (let turn = 0; turn < turns; turn++) {
      expect(tensors.get(`y${turn}`)).toEqual({ elementType: 'float32', dims: turn % 2 === 0 ? [12, 8] : [8, 12] })
    }
  })

  it('may have its nodes in any order', async () => {
    const model = turning(turns)
    const { tensors } = await inferShapes({ ...model, nodes: model.nodes.toReversed() }, noBinding)
    expect(tensors.get(`x${turns}`)?.dims).toEqual([8, 12])
  })

  it('has every node in one slice, after what it leans on', () => {
    const { nodes, weights } = turning(turns)
    const slices = [...slicesOf(nodes, weights, () => true)]
    expect(slices.length).toBeGreaterThan(2)
    expect(slices.flatMap(({ own }) => own)).toEqual(nodes)
    for (const { nodes, own } of slices) {
      expect(nodes.slice(-own.length)).toEqual(own)
      expect(nodes.length).toBeLessThan(2 * own.length)
    }
  })
})
