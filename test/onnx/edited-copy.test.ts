import { describe, expect, it } from 'vitest'
import { editedCopy, type FileEdit, noFileEdit } from '../../src/onnx/edited-copy.js'
import { load } from '../../src/onnx/load.js'
import { weightFloats } from '../../src/onnx/weight-floats.js'
import { encodeSmall } from '../runtime/small-model.js'
import { fieldHeader, onnx, put, temporaryFolder } from './files.js'

const folder = temporaryFolder()

const bytes = encodeSmall({
  inputs: { x: [1, 4, 8, 8] },
  outputs: 'z',
  weights: { w: [4, 4, 1, 1], large: [40, 40], unused: [3] },
  nodes: ['Conv x w -> y', 'Relu y -> r', 'Neg r -> z'],
})

const edited = (path: string, edit: Partial<FileEdit>): Buffer =>
  Buffer.concat([...editedCopy(path, { ...noFileEdit, ...edit })])

describe('an edited copy', () => {
  it('is the file itself, byte by byte, where nothing is edited', () => {
    const path = put(folder, 'same.onnx', bytes)
    expect(edited(path, {}).equals(Buffer.from(bytes))).toBe(true)
  })

  it('has nodes removed and renamed, and weights added and removed', () => {
    const path = put(folder, 'edit.onnx', bytes)
    const values = Float32Array.of(1.5, -2.25, 3e-20)
    const result = put(
      folder,
      'result.onnx',
      edited(path, {
        removedNodes: new Set([1]),
        inputs: new Map([[2, ['y']]]),
        outputs: new Map([[0, ['y', 'spare']]]),
        removedWeights: new Set(['unused']),
        added: [{ name: 'new', dims: [3], values }],
      }),
    )
    const model = load(result)
    expect(model.nodes.map(({ op, name, inputs, outputs }) => [op, name, inputs, outputs])).toEqual([
      ['Conv', 'n0', ['x', 'w'], ['y', 'spare']],
      ['Neg', 'n2', ['y'], ['z']],
    ])
    expect([...model.weights.keys()].sort()).toEqual(['large', 'new', 'w'])
    const added = model.weights.get('new')
    expect(added === undefined ? null : [added.dims, weightFloats(added)]).toEqual([[3], values])
    const [before, after] = [load(path), model].map((one) => one.weights.get('large'))
    expect(after === undefined ? null : weightFloats(after)).toEqual(before === undefined ? null : weightFloats(before))
  })

  it('keeps what onnx-proto does not know, in the graph and in a changed node', () => {
    const unknown = Buffer.concat([fieldHeader(30, 5), Buffer.from('newer')])
    const node = Buffer.concat([
      Buffer.from(onnx.NodeProto.encode({ opType: 'Relu', input: ['x'], output: ['y'] }).finish()),
      unknown,
    ])
    const graph = Buffer.concat([fieldHeader(1, node.length), node, unknown])
    const path = put(folder, 'newer.onnx', fieldHeader(7, graph.length), graph)
    const copy = edited(path, { outputs: new Map([[0, ['z']]]) }).toString('latin1')
    expect(copy.split(unknown.toString('latin1'))).toHaveLength(3)
  })
})
