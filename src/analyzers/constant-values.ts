import { constantsIn, constantValues as valuesOf } from '../onnx/constant.js'
import type { Graph } from '../types.js'

/** Reads the values of a small constant tensor by its name; null where it is none, or its values are not in memory. */
export function constantValues({ model }: Graph): (name: string) => readonly number[] | null {
  const constants = constantsIn(model)
  return (name) => {
    const constant = constants.get(name)
    return constant === undefined ? null : valuesOf(constant)
  }
}
