import type { ElementType } from '../types.js'

/**
 * ONNX's element types: number in TensorProto.DataType, the name onnxruntime uses, bits per element as stored.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto TensorProto.DataType
 */
const rows = [
  [1, 'float32', 32],
  [2, 'uint8', 8],
  [3, 'int8', 8],
  [4, 'uint16', 16],
  [5, 'int16', 16],
  [6, 'int32', 32],
  [7, 'int64', 64],
  [8, 'string', null],
  [9, 'bool', 8],
  [10, 'float16', 16],
  [11, 'float64', 64],
  [12, 'uint32', 32],
  [13, 'uint64', 64],
  [14, 'complex64', 64],
  [15, 'complex128', 128],
  [16, 'bfloat16', 16],
  [17, 'float8e4m3fn', 8],
  [18, 'float8e4m3fnuz', 8],
  [19, 'float8e5m2', 8],
  [20, 'float8e5m2fnuz', 8],
  [21, 'uint4', 4],
  [22, 'int4', 4],
  [23, 'float4e2m1', 4],
  [24, 'float8e8m0', 8],
  [25, 'uint2', 2],
  [26, 'int2', 2],
] as const

const nameByNumber = new Map<number, string>(rows.map(([number, name]) => [number, name]))
const numberByName = new Map<string, number>(rows.map(([number, name]) => [name, number]))
const bitsByName = new Map<string, number | null>(rows.map(([, name, bits]) => [name, bits]))

/** The name of a TensorProto.DataType; `type-<n>` for one that is newer than this table. */
export const elementTypeName = (number: number): ElementType => nameByNumber.get(number) ?? `type-${number}`

/** The TensorProto.DataType of a name; 0 (undefined) where there is none. */
export const elementTypeNumber = (name: ElementType): number => numberByName.get(name) ?? 0

/** Bytes that `count` elements take, packed; null for strings and unknown types. */
export function byteSize(elementType: ElementType, count: number): number | null {
  const bits = bitsByName.get(elementType) ?? null
  return bits === null ? null : Math.ceil((count * bits) / 8)
}

/** True for the types that weights are trained in, false for indices, shapes, text and quantised weights. */
export const isFloating = (elementType: ElementType): boolean => /^(b?float|complex)/.test(elementType)

/** Number of elements of a shape; a scalar has one. */
export const elements = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1)
