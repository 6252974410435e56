import type { TensorType } from '../types.js'

/** All sizes of a tensor; null where its type or one of them is not known. */
export function fixedShape(type: TensorType | undefined): readonly number[] | null {
  if (type === undefined || type.dims.some((dim) => typeof dim === 'string')) return null
  return type.dims as readonly number[]
}
