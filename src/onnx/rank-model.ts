import { decodeProto } from './decode.js'
import { onnx } from './proto.js'

/** What the shape of a tensor is called in `rankModel`. */
export const shapeOf = (tensor: string): string => `flopgap/shape-of/${tensor}`

/**
 * A model that asks for the shape of some of its tensors as well, by `shapeOf` names: the length of what Shape gives is
 * the rank of its input, and has no size where that is not known.
 */
export function rankModel(model: Uint8Array, tensors: readonly string[]): Uint8Array {
  const proto = decodeProto(model)
  const { graph } = proto
  const nodes = tensors.map((tensor) => ({ opType: 'Shape', input: [tensor], output: [shapeOf(tensor)] }))
  proto.graph = {
    ...graph,
    node: [...(graph?.node ?? []), ...nodes],
    output: tensors.map((name) => ({ name: shapeOf(name) })),
  }
  return onnx.ModelProto.encode(proto).finish()
}
