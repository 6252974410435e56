/** ONNX files for benchmarks, written with protobuf's own classes: `src/onnx/encode.ts` writes neither bodies nor external data. */
import { type Onnx, onnx } from '../src/onnx/proto.js'

const { DataType } = onnx.TensorProto
const { AttributeType } = onnx.AttributeProto

export type Graph = Onnx.IGraphProto
export type Node = Onnx.INodeProto
export type Tensor = Onnx.ITensorProto
type AttributeValue = number | string | readonly number[] | Graph | { readonly tensor: Tensor }

export const modelBytes = (graph: Graph, opset = 17): Uint8Array =>
  onnx.ModelProto.encode({
    irVersion: 8,
    producerName: 'flopgap bench',
    opsetImport: [{ domain: '', version: opset }],
    graph: { name: 'bench', ...graph },
  }).finish()

/** A float32 tensor's declaration, or another element type's; without sizes only the name. */
export const value = (
  name: string,
  dims?: readonly number[],
  elemType: number = DataType.FLOAT,
): Onnx.IValueInfoProto =>
  dims === undefined
    ? { name }
    : { name, type: { tensorType: { elemType, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } } }

/** A node named after its first output; a decimal number in `floats` is a float attribute, other numbers are integers. */
export function node(
  opType: string,
  input: readonly string[],
  output: string | readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  floats: Readonly<Record<string, number>> = {},
): Node {
  const outputs = typeof output === 'string' ? [output] : [...output]
  return {
    name: outputs[0] ?? '',
    opType,
    input: [...input],
    output: outputs,
    attribute: [
      ...Object.entries(attributes).map(([name, of]) => attribute(name, of)),
      ...Object.entries(floats).map(([name, f]) => ({ name, type: AttributeType.FLOAT, f })),
    ],
  }
}

function attribute(name: string, of: AttributeValue): Onnx.IAttributeProto {
  if (typeof of === 'number') return { name, type: AttributeType.INT, i: of }
  if (typeof of === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(of) }
  if (Array.isArray(of)) return { name, type: AttributeType.INTS, ints: [...of] }
  if ('tensor' in of) return { name, type: AttributeType.TENSOR, t: of.tensor }
  return { name, type: AttributeType.GRAPH, g: of as Graph }
}

/** A float32 weight of small values that differ, so that no tool takes them for one number. */
export const weight = (name: string, dims: readonly number[]): Tensor => {
  const values = Float32Array.from({ length: elements(dims) }, (_, index) => ((index % 17) - 8) / 64)
  return { name, dims: [...dims], dataType: DataType.FLOAT, rawData: bytesOf(values) }
}

export const halfWeight = (name: string, dims: readonly number[]): Tensor => ({
  name,
  dims: [...dims],
  dataType: DataType.FLOAT16,
  rawData: bytesOf(new Uint16Array(elements(dims)).fill(0x2e66)),
})

export const int8Weight = (name: string, dims: readonly number[]): Tensor => ({
  name,
  dims: [...dims],
  dataType: DataType.INT8,
  rawData: bytesOf(Int8Array.from({ length: elements(dims) }, (_, index) => (index % 17) - 8)),
})

/** Zero points: one value that stands for zero. */
export const int8Zero = (name: string): Tensor => ({
  name,
  dims: [],
  dataType: DataType.INT8,
  rawData: Uint8Array.of(0),
})

export const scalar = (name: string, of: number): Tensor => ({
  name,
  dims: [],
  dataType: DataType.FLOAT,
  rawData: bytesOf(Float32Array.of(of)),
})

export const integers = (name: string, of: readonly number[], dims = [of.length]): Tensor => ({
  name,
  dims,
  dataType: DataType.INT64,
  rawData: bytesOf(BigInt64Array.from(of, BigInt)),
})

export const truth = (name: string, of: boolean): Tensor => ({
  name,
  dims: [],
  dataType: DataType.BOOL,
  rawData: Uint8Array.of(Number(of)),
})

/** A float32 weight whose values are at `offset` of the file `location` beside the model. */
export const externalWeight = (name: string, dims: readonly number[], location: string, offset: number): Tensor => ({
  name,
  dims: [...dims],
  dataType: DataType.FLOAT,
  dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
  externalData: Object.entries({ location, offset, length: 4 * elements(dims) }).map(([key, of]) => ({
    key,
    value: String(of),
  })),
})

export const float16: number = DataType.FLOAT16
export const int32: number = DataType.INT32
export const int64: number = DataType.INT64
export const bool: number = DataType.BOOL

export const elements = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1)

const bytesOf = ({ buffer }: { buffer: ArrayBufferLike }) => new Uint8Array(buffer)
