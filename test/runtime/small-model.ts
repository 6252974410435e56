import { onnx, put } from '../onnx/files.js'

type AttributeValue = number | string | readonly number[]

/** `Op input input -> output output`, with `_` for an input that is omitted, and the node's attributes. */
export type Line = string | readonly [line: string, attributes: Readonly<Record<string, AttributeValue>>]

export interface SmallModel {
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>
  /** Names, in one text. */
  readonly outputs: string
  readonly nodes: readonly Line[]
  /** Shapes of float32 weights; a plain number is a scalar of that value. */
  readonly weights?: Readonly<Record<string, readonly number[] | number>>
  /** Values of int64 vectors. */
  readonly integers?: Readonly<Record<string, readonly number[]>>
  /** Values of float32 vectors. */
  readonly floats?: Readonly<Record<string, readonly number[]>>
  readonly opset?: number
  readonly irVersion?: number
  /** Whether nodes have names, `n0`, `n1`, …; they do by default. */
  readonly named?: boolean
}

/** Writes a model of a few nodes and returns its path. */
export const writeSmall = (folder: string, name: string, model: SmallModel): string =>
  put(folder, `${name}.onnx`, encodeSmall(model))

export function encodeSmall(model: SmallModel): Uint8Array {
  const { opset = 17, irVersion = 8, named = true } = model
  return onnx.ModelProto.encode({
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'small',
      node: model.nodes.map((line, index) => nodeOf(line, named ? `n${index}` : '')),
      input: Object.entries(model.inputs).map(([name, dims]) => ({
        name,
        type: {
          tensorType: {
            elemType: onnx.TensorProto.DataType.FLOAT,
            shape: { dim: dims.map((dim) => (typeof dim === 'string' ? { dimParam: dim } : { dimValue: dim })) },
          },
        },
      })),
      output: model.outputs.split(' ').map((name) => ({ name })),
      initializer: [
        ...Object.entries(model.weights ?? {}).map(([name, dims]) =>
          typeof dims === 'number' ? scalar(name, dims) : weight(name, dims),
        ),
        ...Object.entries(model.floats ?? {}).map(([name, values]) => floats(name, [values.length], values)),
        ...Object.entries(model.integers ?? {}).map(([name, values]) => integers(name, values)),
      ],
    },
  }).finish()
}

/** A weight of small positive values that are not alike, good as scale and variance too. */
export const weight = (name: string, dims: readonly number[]) => {
  const count = dims.reduce((product, dim) => product * dim, 1)
  return floats(
    name,
    dims,
    Array.from({ length: count }, (_, index) => 0.01 + ((index * 7919) % 101) / 1000),
  )
}

const scalar = (name: string, value: number) => floats(name, [], [value])

const floats = (name: string, dims: readonly number[], values: readonly number[]) => ({
  name,
  dims: [...dims],
  dataType: onnx.TensorProto.DataType.FLOAT,
  rawData: new Uint8Array(Float32Array.from(values).buffer),
})

const integers = (name: string, values: readonly number[]) => ({
  name,
  dims: [values.length],
  dataType: onnx.TensorProto.DataType.INT64,
  rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
})

function nodeOf(line: Line, name: string) {
  const [text, attributes] = typeof line === 'string' ? [line, {}] : line
  const [, opType = '', inputs = '', outputs = ''] = /^(\S+)(.*) -> (.+)$/.exec(text) ?? []
  return {
    name,
    opType,
    input:
      inputs.trim() === ''
        ? []
        : inputs
            .trim()
            .split(' ')
            .map((input) => (input === '_' ? '' : input)),
    output: outputs.split(' '),
    attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  }
}

function attribute(name: string, value: AttributeValue) {
  const type = onnx.AttributeProto.AttributeType
  if (typeof value === 'string') return { name, type: type.STRING, s: Buffer.from(value) }
  if (typeof value !== 'number') return { name, type: type.INTS, ints: [...value] }
  return Number.isInteger(value) ? { name, type: type.INT, i: value } : { name, type: type.FLOAT, f: value }
}
