import type { Model, TensorType, Weight } from '../types.js'
import { elements, isFloating } from './element-types.js'
import { encodeModel } from './encode.js'

/** A scalar scale, bound or size that shape inference may need stays a constant. */
const constantElements = 8

/** True for a tensor that shape inference can do without: an input of the same type stands in for it. */
export const isWeight = (elementType: string, dims: readonly number[]): boolean =>
  isFloating(elementType) && elements(dims) > constantElements

/**
 * The built model whose session tells every tensor's type: no weights, for they are inputs of the same type, inputs of
 * fixed types, and each node's outputs as outputs of the graph.
 */
export function shapeModel(model: Model, types: ReadonlyMap<string, TensorType>): Uint8Array {
  const standIns: Weight[] = []
  const constants = new Map<string, Weight>()
  for (const weight of model.weights.values()) {
    if (isWeight(weight.elementType, weight.dims)) standIns.push(weight)
    else constants.set(weight.name, weight)
  }
  const shapes = {
    ...model,
    inputs: [
      ...model.inputs.map(({ name, type }) => ({ name, type: types.get(name) ?? type })),
      ...standIns.map(({ name, elementType, dims }) => ({ name, type: { elementType, dims } })),
    ],
    outputs: model.nodes.flatMap(({ outputs }) => outputs.map((name) => ({ name, type: null }))),
    weights: constants,
  }
  return Buffer.concat([...encodeModel(shapes, ({ dims }) => [new Uint8Array(4 * elements(dims))])])
}
