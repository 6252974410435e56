import { describe, expect, it } from 'vitest'
import { executedGraph } from '../../src/runtime/executed.js'
import type { TracedKernel } from '../../src/runtime/trace.js'
import type { Model, ModelNode, TensorType } from '../../src/types.js'

const float32 = (...dims: readonly number[]): TensorType => ({ elementType: 'float32', dims })

const kernel = (name: string, op: string, nodeIndex: number, more: Partial<TracedKernel> = {}): TracedKernel => ({
  name,
  op,
  nodeIndex,
  provider: 'CPUExecutionProvider',
  inputTypes: [],
  outputTypes: [],
  ms: 1,
  timeSource: 'kernel',
  ...more,
})

const node = (name: string, op: string, inputs: string, outputs: string, more: Partial<ModelNode> = {}): ModelNode => ({
  name,
  op,
  domain: '',
  inputs: inputs.split(' '),
  outputs: outputs.split(' '),
  attributes: {},
  ...more,
})

const model = (nodes: readonly ModelNode[], weights: Readonly<Record<string, readonly number[]>> = {}): Model => ({
  name: 'optimized',
  origin: { kind: 'spec', spec: 'optimized' },
  irVersion: 8,
  opsets: { '': 17 },
  inputs: [],
  outputs: [],
  nodes,
  weights: new Map(
    Object.entries(weights).map(([name, dims]) => [
      name,
      { name, elementType: 'float32', dims, data: { kind: 'elided' } },
    ]),
  ),
  functions: new Map(),
  declared: new Map(),
})

const trace = (...kernels: readonly TracedKernel[]) => ({ kernels, runs: 7, runMs: 3 })

/** By kernel, what it reads and writes. */
const paired = (kernels: readonly TracedKernel[], nodes: readonly ModelNode[]) =>
  executedGraph(trace(...kernels), model(nodes), []).kernels.map(
    ({ name, inputs, outputs }) => `${name}: ${inputs.join(' ')} → ${outputs.join(' ')}`,
  )

describe('kernels get the tensors of the optimised graph', () => {
  it('by position where both are in step', () => {
    const kernels = [kernel('Relu_4', 'Relu', 4), kernel('a', 'Conv', 9), kernel('Conv_2', 'Conv', 2)]
    const nodes = [node('', 'Relu', 'x', 'r'), node('a', 'Conv', 'r', 'c1'), node('', 'Conv', 'c1', 'c2')]
    expect(paired(kernels, nodes)).toEqual(['Relu_4: x → r', 'a: r → c1', 'Conv_2: c1 → c2'])
  })

  it('by name where they are not', () => {
    const kernels = [kernel('b', 'Conv', 0), kernel('a', 'Relu', 1)]
    const nodes = [node('a', 'Relu', 'x', 'r'), node('b', 'Conv', 'x', 'c')]
    expect(paired(kernels, nodes)).toEqual(['b: x → c', 'a: x → r'])
  })

  it('by name where the operators are in step and the names are not', () => {
    const kernels = [kernel('b', 'Conv', 0), kernel('a', 'Conv', 1)]
    const nodes = [node('a', 'Conv', 'x', 'c1'), node('b', 'Conv', 'x', 'c2')]
    expect(paired(kernels, nodes)).toEqual(['b: x → c2', 'a: x → c1'])
  })

  it('by operator and index where they have no name', () => {
    // execution order is not index order, and the file lists by index
    const kernels = [kernel('Conv_8', 'Conv', 8), kernel('Conv_3', 'Conv', 3), kernel('named', 'Relu', 5)]
    const nodes = [node('', 'Conv', 'x', 'three'), node('named', 'Relu', 'three', 'r'), node('', 'Conv', 'x', 'eight')]
    expect(paired(kernels, nodes)).toEqual(['Conv_8: x → eight', 'Conv_3: x → three', 'named: three → r'])
  })

  it('or none, where the graph has no such node', () => {
    const { kernels } = executedGraph(trace(kernel('memcpy', 'MemcpyToHost', 9)), model([]), [])
    expect(kernels).toEqual([
      {
        name: 'memcpy',
        op: 'MemcpyToHost',
        domain: '',
        provider: 'CPUExecutionProvider',
        inputs: [],
        outputs: [],
        attributes: {},
        inputTypes: [],
        outputTypes: [],
        profiledMs: 1,
        timeSource: 'kernel',
      },
    ])
  })
})

describe('an executed graph', () => {
  const conv = kernel('c', 'Conv', 0, {
    inputTypes: [float32(1, 4, 8, 8)],
    outputTypes: [float32(1, 8, 8, 8)],
    ms: 2.5,
    provider: 'WebGpuExecutionProvider',
  })
  const fused = node('c', 'Conv', 'x w b', 'y', {
    domain: 'com.microsoft.nchwc',
    attributes: {
      group: { type: 'int', value: 4 },
      strides: { type: 'ints', value: [2, 2] },
      activation: { type: 'string', value: 'Relu' },
      alpha: { type: 'float', value: 0.5 },
      names: { type: 'strings', value: ['a', 'b'] },
    },
  })

  it('has domain, time and settings of each kernel, those that are numbers or a name', () => {
    const graph = executedGraph(trace(conv), model([fused], { w: [8, 1, 3, 3], b: [8] }), [])
    expect(graph).toMatchObject({ profiledRuns: 7, profiledRunMs: 3 })
    const kernel = { domain: 'com.microsoft.nchwc', profiledMs: 2.5, provider: 'WebGpuExecutionProvider' }
    expect(graph.kernels).toMatchObject([kernel])
    expect(graph.kernels[0]?.attributes).toEqual({ group: 4, strides: [2, 2], activation: 'Relu', alpha: 0.5 })
  })

  it('has the types of weights too, which the profile leaves out once they are packed', () => {
    const input = { name: 'x', ...float32(1, 4, 8, 8) }
    const { kernels } = executedGraph(trace(conv), model([fused], { w: [8, 1, 3, 3], b: [8] }), [input])
    expect(kernels[0]?.inputTypes).toEqual([float32(1, 4, 8, 8), float32(8, 1, 3, 3), float32(8)])
    expect(kernels[0]?.outputTypes).toEqual([float32(1, 8, 8, 8)])
  })

  it('takes the types of a kernel from the one before it', () => {
    const relu = kernel('r', 'Relu', 1, { outputTypes: [float32(1, 8, 8, 8)] })
    const nodes = [fused, node('r', 'Relu', 'y', 'z')]
    const input = { name: 'x', ...float32(1, 4, 8, 8) }
    const { kernels } = executedGraph(trace(conv, relu), model(nodes, { w: [8, 1, 3, 3], b: [8] }), [input])
    expect(kernels[1]?.inputTypes).toEqual([float32(1, 8, 8, 8)])
  })

  it('stays with the profile where a type is missing', () => {
    const { kernels } = executedGraph(trace(conv), model([fused]), [])
    expect(kernels[0]?.inputTypes).toEqual([float32(1, 4, 8, 8)])
  })
})
