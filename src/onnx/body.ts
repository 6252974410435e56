import type { Body, ModelNode } from '../types.js'

/** Names of the tensors a node reads, those that the graphs inside it take from around it among them. */
export const namesRead = (node: ModelNode): readonly string[] => {
  const bodies = bodiesOf(node)
  const own = node.inputs.includes('') ? node.inputs.filter(Boolean) : node.inputs
  return bodies.length === 0 ? own : [...own, ...bodies.flatMap(([, body]) => namesFromAround(body))]
}

/** Names of the tensors that a body takes from the graph around it. */
export function namesFromAround({ inputs, nodes, weights, outputs }: Body): string[] {
  const own = new Set([...inputs.map(({ name }) => name), ...weights.keys(), ...nodes.flatMap((node) => node.outputs)])
  const read = [...nodes.flatMap(namesRead), ...outputs.map(({ name }) => name)]
  return [...new Set(read)].filter((name) => !own.has(name))
}

/** The graphs inside a node, by the attribute that holds them. */
export const bodiesOf = ({ attributes }: ModelNode): (readonly [name: string, body: Body])[] => {
  const bodies: (readonly [string, Body])[] = []
  for (const name in attributes) {
    const attribute = attributes[name]
    if (attribute?.type === 'graph') bodies.push([name, attribute.value])
  }
  return bodies
}
