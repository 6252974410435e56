import { createHash } from 'node:crypto'
import { isFloating } from '../onnx/element-types.js'
import type { Analysis, Attribute, Model, Weight } from '../types.js'

/** An analysis that says which model it is of, by hash: what is kept or compared needs it, what is only shown does not. */
export const identify = (analysis: Analysis, model: Model, sha256: string | null): Analysis => ({
  ...analysis,
  model: { ...analysis.model, sha256, structureSha256: structureHash(model) },
})

/** Hash of nodes, attributes, types and shapes, with the constants that shape the graph but not the trained values. */
function structureHash({ opsets, inputs, outputs, nodes, weights }: Model): string {
  const parts = [
    opsets,
    inputs,
    outputs.map(({ name }) => name),
    nodes.map((node) => ({ ...node, attributes: Object.entries(node.attributes).map(withoutValues) })),
    [...weights.values()].map(structureOf),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

const withoutValues = ([name, attribute]: [string, Attribute]) =>
  attribute.type === 'tensor' ? [name, structureOf(attribute.value)] : [name, attribute]

/** A constant's type, and its values where they are a scalar or whole numbers held in the file's structure. */
function structureOf({ name, elementType, dims, data }: Weight) {
  const isStructure = data.kind === 'inline' && (!isFloating(elementType) || dims.length === 0)
  return [name, elementType, dims, isStructure ? Buffer.from(data.bytes).toString('base64') : null]
}
