import type { Graph, ModelNode, Weight } from '../types.js'

/** Reads the values of a small constant tensor by its name; null where it is none, or its values are not in memory. */
export function constantValues({ model }: Graph): (name: string) => readonly number[] | null {
  const written = new Map<string, readonly number[] | null>()
  for (const node of model.nodes) {
    if (node.op === 'Constant' && node.domain === '') written.set(node.outputs[0] ?? '', valuesOfNode(node))
  }
  return (name) => {
    const weight = model.weights.get(name)
    return weight === undefined ? (written.get(name) ?? null) : valuesOf(weight)
  }
}

/** @see https://onnx.ai/onnx/operators/onnx__Constant.html */
function valuesOfNode({ attributes }: ModelNode): readonly number[] | null {
  const { value, value_int, value_ints, value_float, value_floats } = attributes
  if (value?.type === 'tensor') return valuesOf(value.value)
  for (const one of [value_int, value_float]) if (one?.type === 'int' || one?.type === 'float') return [one.value]
  for (const many of [value_ints, value_floats]) {
    if (many?.type === 'ints' || many?.type === 'floats') return many.value
  }
  return null
}

/** As little-endian elements of the types that sizes, bounds and scales have. */
function valuesOf({ elementType, data }: Weight): readonly number[] | null {
  if (data.kind !== 'inline') return null
  const { bytes } = data
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const each = (size: number, read: (offset: number) => number) =>
    Array.from({ length: bytes.byteLength / size }, (_, index) => read(index * size))
  if (elementType === 'int64') return each(8, (offset) => Number(view.getBigInt64(offset, true)))
  if (elementType === 'int32') return each(4, (offset) => view.getInt32(offset, true))
  return elementType === 'float32' ? each(4, (offset) => view.getFloat32(offset, true)) : null
}
