import type { Attribute, Model, ModelNode, TensorType, Weight } from '../types.js'

/** A network made to show one limit of the machine. */
export interface MicroModel {
  readonly name: string
  readonly model: Model
}

const float32 = (...dims: readonly number[]): TensorType => ({ elementType: 'float32', dims })
const int = (value: number): Attribute => ({ type: 'int', value })
const ints = (...value: readonly number[]): Attribute => ({ type: 'ints', value })

function microModel(
  name: string,
  input: TensorType,
  weights: readonly Weight[],
  nodes: readonly Omit<ModelNode, 'domain' | 'name'>[],
): MicroModel {
  const named = nodes.map((node, index) => ({ ...node, domain: '', name: `${node.op}${index}` }))
  const model: Model = {
    name,
    origin: { kind: 'spec', spec: name },
    irVersion: 8,
    opsets: { '': 17 },
    inputs: [{ name: 'x', type: input }],
    outputs: [{ name: named.at(-1)?.outputs[0] ?? '', type: null }],
    nodes: named,
    weights: new Map(weights.map((weight) => [weight.name, weight])),
    functions: new Map(),
    declared: new Map(),
  }
  return { name, model }
}

const generated = (name: string, dims: readonly number[], bound: number): Weight => ({
  name,
  elementType: 'float32',
  dims,
  data: { kind: 'generated', fill: { lower: -bound, upper: bound } },
})

/** Ends a network in one number: a large output would be copied into JavaScript, and that copy timed. */
const reduced = (input: string): Omit<ModelNode, 'domain' | 'name'> => ({
  op: 'ReduceMax',
  inputs: [input],
  outputs: ['y'],
  attributes: { keepdims: int(0) },
})

/** [size, size] times [size, size]. */
export const matMul = (size: number): MicroModel =>
  microModel(
    `matmul ${size}`,
    float32(size, size),
    [generated('w', [size, size], 1 / size)],
    [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['p'], attributes: {} }, reduced('p')],
  )

/** A convolution that keeps its width. */
export const convolution = (channels: number, size: number, kernel: number): MicroModel =>
  microModel(
    `conv ${kernel}x${kernel} ${channels} at ${size}`,
    float32(1, channels, size, size),
    [generated('w', [channels, channels, kernel, kernel], 1 / (channels * kernel))],
    [
      {
        op: 'Conv',
        inputs: ['x', 'w'],
        outputs: ['p'],
        attributes: { pads: ints(...Array(4).fill((kernel - 1) / 2)), kernel_shape: ints(kernel, kernel) },
      },
      reduced('p'),
    ],
  )

const additions = 4

/** Additions of two arrays into a third, which together take `workingSetBytes`. */
export function additionChain(workingSetBytes: number): MicroModel {
  const elements = Math.round(workingSetBytes / 12)
  const nodes = Array.from({ length: additions }, (_, index) => ({
    op: 'Add',
    inputs: [index === 0 ? 'x' : `s${index - 1}`, 'x'],
    outputs: [`s${index}`],
    attributes: {},
  }))
  return microModel(`add ${workingSetBytes}`, float32(elements), [], [...nodes, reduced(`s${additions - 1}`)])
}

/** Kernels with next to nothing to do. */
export const tinyChain = (length: number): MicroModel =>
  microModel(
    `tiny ${length}`,
    float32(1, 16),
    [],
    Array.from({ length }, (_, index) => ({
      op: 'Neg',
      inputs: [index === 0 ? 'x' : `n${index - 1}`],
      outputs: [`n${index}`],
      attributes: {},
    })),
  )
