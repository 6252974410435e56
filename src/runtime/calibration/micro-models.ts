import type { Attribute, Model, ModelNode, Precision, TensorType, Weight } from '../../types.js'

type Line = Omit<ModelNode, 'domain' | 'name'>

const int = (value: number): Attribute => ({ type: 'int', value })
const ints = (...value: readonly number[]): Attribute => ({ type: 'ints', value })

const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: ModelNode['attributes'] = {},
): Line => ({
  op,
  inputs,
  outputs: [output],
  attributes,
})

/** A network made to show one limit of the machine, of an input x. */
function microModel(name: string, x: TensorType, weights: readonly Weight[], lines: readonly Line[]): Model {
  const nodes = lines.map((line, index) => ({ ...line, domain: '', name: `${line.op}${index}` }))
  return {
    name,
    origin: { kind: 'spec', spec: name },
    irVersion: 8,
    opsets: { '': 17 },
    inputs: [{ name: 'x', type: x }],
    outputs: [{ name: nodes.at(-1)?.outputs[0] ?? '', type: null }],
    nodes,
    weights: new Map(weights.map((weight) => [weight.name, weight])),
    functions: new Map(),
    declared: new Map(),
  }
}

const float = (...dims: readonly number[]): TensorType => ({ elementType: 'float32', dims })

const generated = (name: string, dims: readonly number[], bound: number): Weight => ({
  name,
  elementType: 'float32',
  dims,
  data: { kind: 'generated', fill: { lower: -bound, upper: bound } },
})

const constant = (name: string, elementType: string, dims: readonly number[], values: ArrayBufferView): Weight => ({
  name,
  elementType,
  dims,
  data: { kind: 'inline', bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) },
})

/** Ends a network in one number: a large output would be copied into JavaScript, and that copy timed. */
const reduced = (input: string): Line => node('ReduceMax', [input], 'y', { keepdims: int(0) })

/** Arithmetic kernels one after another, in float32 or float16: between casts, so that what goes in and out is alike. */
function arithmetic(
  name: string,
  precision: Precision,
  dims: readonly number[],
  weight: Weight,
  kernels: number,
  kernel: (x: string, w: string, y: string) => Line,
): Model {
  const chain = (x: string, w: string) =>
    Array.from({ length: kernels }, (_, index) => kernel(index === 0 ? x : `p${index}`, w, `p${index + 1}`))
  const last = `p${kernels}`
  if (precision === 'float32') {
    return microModel(name, float(...dims), [weight], [...chain('x', weight.name), reduced(last)])
  }
  const half = { to: int(10) }
  const lines = [node('Cast', ['x'], 'xh', half), node('Cast', [weight.name], 'wh', half), ...chain('xh', 'wh')]
  return microModel(
    name,
    float(...dims),
    [weight],
    [...lines, node('Cast', [last], 'pf', { to: int(1) }), reduced('pf')],
  )
}

/** [size, size] times [size, size], `kernels` times in a row; int8 once only, since its product is of another type. */
export function matMul(size: number, precision: Precision, kernels = 1): Model {
  const name = `matmul ${size}`
  if (precision === 'int8') return integerMatMul(name, size)
  const weight = generated('w', [size, size], 1 / size)
  return arithmetic(name, precision, [size, size], weight, kernels, (x, w, y) => node('MatMul', [x, w], y))
}

function integerMatMul(name: string, size: number): Model {
  const weight = constant(
    'w',
    'int8',
    [size, size],
    Int8Array.from({ length: size ** 2 }, (_, index) => (index % 7) - 3),
  )
  const lines = [node('MatMulInteger', ['x', 'w'], 'p'), node('Cast', ['p'], 'pf', { to: int(1) }), reduced('pf')]
  return microModel(name, { elementType: 'uint8', dims: [size, size] }, [weight], lines)
}

/** A convolution that keeps its width, `kernels` times in a row; int8 once only. */
export function convolution(channels: number, size: number, kernel: number, precision: Precision, kernels = 1): Model {
  const name = `conv ${kernel}x${kernel} ${channels} at ${size}`
  const attributes = { pads: ints(...Array(4).fill((kernel - 1) / 2)), kernel_shape: ints(kernel, kernel) }
  const dims = [channels, channels, kernel, kernel]
  if (precision === 'int8') return integerConvolution(name, size, dims, attributes)
  const weight = generated('w', dims, 1 / (channels * kernel))
  return arithmetic(name, precision, [1, channels, size, size], weight, kernels, (x, w, y) =>
    node('Conv', [x, w], y, attributes),
  )
}

function integerConvolution(
  name: string,
  size: number,
  dims: readonly number[],
  attributes: ModelNode['attributes'],
): Model {
  const length = dims.reduce((total, dim) => total * dim, 1)
  const weights = [
    constant(
      'w',
      'int8',
      dims,
      Int8Array.from({ length }, (_, index) => (index % 7) - 3),
    ),
    constant('s', 'float32', [], Float32Array.of(0.05)),
    constant('z', 'uint8', [], Uint8Array.of(128)),
    constant('zw', 'int8', [], Int8Array.of(0)),
  ]
  const inputs = ['x', 's', 'z', 'w', 's', 'zw', 's', 'z']
  const lines = [
    node('QLinearConv', inputs, 'p', attributes),
    node('DequantizeLinear', ['p', 's', 'z'], 'pf'),
    reduced('pf'),
  ]
  return microModel(name, { elementType: 'uint8', dims: [1, dims[1] ?? 1, size, size] }, weights, lines)
}

/**
 * Additions of two arrays into a third, which together take `workingSetBytes`; each adds what the last and the one two
 * before it gave, so that three arrays are in use although each addition writes over what it reads last.
 */
export function additionChain(workingSetBytes: number, length: number): Model {
  const elements = Math.round(workingSetBytes / 12)
  const sum = (index: number) => (index < 0 ? 'x' : `s${index}`)
  const lines = Array.from({ length }, (_, index) => node('Add', [sum(index - 1), sum(index - 3)], sum(index)))
  return microModel(`add ${workingSetBytes}`, float(elements), [], [...lines, reduced(sum(length - 1))])
}

/** Kernels with next to nothing to do. */
export const tinyChain = (length: number): Model =>
  microModel(
    `tiny ${length}`,
    float(1, 16),
    [],
    Array.from({ length }, (_, index) => node('Neg', [index === 0 ? 'x' : `n${index - 1}`], `n${index}`)),
  )

/** A kernel whose output of `bytes` goes to JavaScript. */
export const largeOutput = (bytes: number): Model =>
  microModel(`output ${bytes}`, float(bytes / 4), [], [node('Neg', ['x'], 'y')])
