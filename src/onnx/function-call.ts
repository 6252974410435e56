import type { Attribute, Body, LocalFunction, ModelNode } from '../types.js'

/**
 * The nodes of a function as one call runs them: attributes that refer to the call's have their values.
 * @see https://github.com/onnx/onnx/blob/main/docs/IR.md Model Local Functions
 */
export function nodesOfCall({ nodes, defaults }: LocalFunction, call: ModelNode): ModelNode[] {
  const given: Readonly<Record<string, Attribute>> = { ...defaults, ...call.attributes }
  return nodes.map((node) => bound(node, given))
}

function bound(node: ModelNode, given: Readonly<Record<string, Attribute>>): ModelNode {
  const attributes: Record<string, Attribute> = {}
  for (const [name, attribute] of Object.entries(node.attributes)) {
    const value = attribute.type === 'reference' ? referred(given[attribute.value], node) : attribute
    // one that neither the call nor the function gives is absent
    if (value !== undefined) attributes[name] = value.type === 'graph' ? inside(value.value, given) : value
  }
  return { ...node, attributes }
}

const inside = (body: Body, given: Readonly<Record<string, Attribute>>): Attribute => ({
  type: 'graph',
  value: { ...body, nodes: body.nodes.map((node) => bound(node, given)) },
})

/** A Constant's tensor is called as its output. */
const referred = (attribute: Attribute | undefined, { outputs }: ModelNode): Attribute | undefined =>
  attribute?.type === 'tensor' ? { type: 'tensor', value: { ...attribute.value, name: outputs[0] ?? '' } } : attribute
