import { createHash } from 'node:crypto'
import { isFloating } from '../onnx/element-types.js'
import type { Analysis, Attribute, Body, Model, ModelNode, Weight } from '../types.js'

/** An analysis that says which model it is of, by hash: what is kept or compared needs it, what is only shown does not. */
export const identify = (analysis: Analysis, model: Model, sha256: string | null): Analysis => ({
  ...analysis,
  model: { ...analysis.model, sha256, structureSha256: structureHash(model) },
})

/** Hash of nodes, attributes, types and shapes, with the constants that shape the graph but not the trained values. */
export function structureHash({ opsets, functions, ...graph }: Model): string {
  const brought = [...functions].map(([name, { inputs, outputs, nodes, defaults }]) => [
    ...[name, inputs, outputs, nodes.map(structureOfNode)],
    Object.entries(defaults).map(structureOfAttribute),
  ])
  return hash([opsets, ...structureOfBody(graph), ...brought])
}

/** As that of a model, of a graph inside a node. */
export const structureHashOf = (body: Body): string => hash(structureOfBody(body))

const hash = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

const structureOfBody = ({ inputs, outputs, nodes, weights }: Body): unknown[] => [
  inputs,
  outputs.map(({ name }) => name),
  nodes.map(structureOfNode),
  [...weights.values()].map(structureOf),
]

const structureOfNode = (node: ModelNode) => ({
  ...node,
  attributes: Object.entries(node.attributes).map(structureOfAttribute),
})

function structureOfAttribute([name, attribute]: [string, Attribute]): unknown[] {
  switch (attribute.type) {
    case 'tensor':
      return [name, structureOf(attribute.value)]
    case 'graph':
      return [name, structureOfBody(attribute.value)]
    case 'other':
      return [name, Buffer.from(attribute.bytes).toString('base64')]
    default:
      return [name, attribute]
  }
}

/** A constant's type, and its values where they are a scalar or whole numbers held in the file's structure. */
function structureOf({ name, elementType, dims, data }: Weight) {
  const isStructure = data.kind === 'inline' && (!isFloating(elementType) || dims.length === 0)
  return [name, elementType, dims, isStructure ? Buffer.from(data.bytes).toString('base64') : null]
}
