import type { Body, ModelNode, Weight } from '../types.js'
import { int64 } from './wire.js'

/**
 * The tensor that a Constant node stands for, under its output's name; undefined for other nodes.
 * @see https://onnx.ai/onnx/operators/onnx__Constant.html
 */
export function constantOf({ op, domain, outputs, attributes }: ModelNode): Weight | undefined {
  const name = outputs[0]
  if (op !== 'Constant' || domain !== '' || name === undefined) return undefined
  for (const attribute of Object.values(attributes)) {
    switch (attribute.type) {
      case 'tensor':
        return attribute.value
      case 'float':
        return { name, elementType: 'float32', dims: [], data: inline(Float32Array.of(attribute.value)) }
      case 'floats':
        return listed(name, 'float32', attribute.value, Float32Array.from(attribute.value))
      case 'int':
        return { name, elementType: 'int64', dims: [], data: inline(BigInt64Array.of(int64(attribute.value))) }
      case 'ints':
        return listed(name, 'int64', attribute.value, BigInt64Array.from(attribute.value, int64))
    }
  }
  return undefined
}

const listed = (name: string, elementType: string, values: readonly number[], array: NodeJS.TypedArray): Weight => ({
  name,
  elementType,
  dims: [values.length],
  data: inline(array),
})

const inline = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray) => ({
  kind: 'inline' as const,
  bytes: new Uint8Array(buffer, byteOffset, byteLength),
})

/** Constant tensors of a graph by name: initializers, and the values of Constant nodes. */
export function constantsIn({ weights, nodes }: Pick<Body, 'weights' | 'nodes'>): Map<string, Weight> {
  const constants = new Map(weights)
  for (const node of nodes) {
    const constant = constantOf(node)
    if (constant !== undefined) constants.set(constant.name, constant)
  }
  return constants
}

/** The values of a small constant as numbers; null where they are not in memory or not numbers. */
export function constantValues({ elementType, data, sparse }: Weight): readonly number[] | null {
  if (data.kind !== 'inline' || sparse !== undefined) return null
  // a view would have to be aligned
  const { buffer } = Uint8Array.from(data.bytes)
  switch (elementType) {
    case 'int64':
      return Array.from(new BigInt64Array(buffer), Number)
    case 'int32':
      return Array.from(new Int32Array(buffer))
    case 'float32':
      return Array.from(new Float32Array(buffer))
    case 'bool':
    case 'uint8':
      return Array.from(new Uint8Array(buffer))
    default:
      return null
  }
}
