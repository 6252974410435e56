import type { ModelNode, Weight } from '../types.js'
import { namesRead } from './body.js'
import { foldable } from './foldable.js'

/** Nodes that are typed together. */
export interface Slice {
  /** In order, after the nodes that they lean on. */
  readonly nodes: readonly ModelNode[]
  /** Those of the slice itself. */
  readonly own: readonly ModelNode[]
}

/** onnxruntime's inference grows faster than linearly past a few thousand nodes; below, a session more costs more. */
const sliceNodes = 1000

/**
 * A graph's nodes in slices of about equal size.
 *
 * Each slice has, besides its own nodes, those before it whose values shape what is in it: sizes computed from shapes and
 * constants, and sequences.
 * @param isTyped whether a tensor of an earlier slice got a type
 */
export function* slicesOf(
  nodes: readonly ModelNode[],
  constants: ReadonlyMap<string, Weight>,
  isTyped: (tensor: string) => boolean,
): Generator<Slice> {
  const all = nodes.filter(({ op, domain }) => op !== 'Constant' || domain !== '')
  if (all.length <= 2 * sliceNodes) {
    yield { nodes: all, own: all }
    return
  }
  const working = inOrder(all)
  const sizes = foldable(working, constants)
  const producers = new Map(working.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const count = Math.ceil(working.length / sliceNodes)
  for (let slice = 0; slice < count; slice++) {
    const own = working.slice(slice * sliceNodes, (slice + 1) * sliceNodes)
    const needs = (name: string): ModelNode | undefined => {
      const producer = producers.get(name)
      return producer !== undefined && (sizes.has(producer) || !isTyped(name)) ? producer : undefined
    }
    yield { nodes: [...ancestors(own, needs), ...own], own }
  }
}

/** The nodes before `own` that it needs, in order of computation; at most as many as a slice has. */
function ancestors(own: readonly ModelNode[], needs: (name: string) => ModelNode | undefined): ModelNode[] {
  const seen = new Set(own)
  const found: ModelNode[] = []
  const visit = (node: ModelNode, depth: number): void => {
    for (const name of namesRead(node)) {
      const producer = needs(name)
      if (producer === undefined || seen.has(producer) || depth > sliceNodes || found.length >= sliceNodes) continue
      seen.add(producer)
      visit(producer, depth + 1)
      found.push(producer)
    }
  }
  for (const node of own) visit(node, 0)
  return found
}

/** The nodes so that each stands after those it reads from; as they are where that is so, or cannot be. */
function inOrder(nodes: readonly ModelNode[]): readonly ModelNode[] {
  const places = new Map(nodes.flatMap(({ outputs }, place) => outputs.map((name) => [name, place] as const)))
  const sources = nodes.map((node) => [...new Set(namesRead(node).flatMap((name) => places.get(name) ?? []))])
  if (sources.every((from, place) => from.every((source) => source < place))) return nodes
  const order = topologicalOrder(sources)
  return order.length === nodes.length ? order.map((place) => nodes[place] as ModelNode) : nodes
}

/** Places in an order in which each comes after its sources; fewer than there are where some go in circles. */
function topologicalOrder(sources: readonly (readonly number[])[]): number[] {
  const waiting = sources.map((from) => from.length)
  const readers: number[][] = sources.map(() => [])
  for (const [place, from] of sources.entries()) for (const source of from) readers[source]?.push(place)
  const ready = [...waiting.keys()].filter((place) => waiting[place] === 0)
  for (const place of ready) {
    for (const reader of readers[place] ?? []) {
      const left = (waiting[reader] ?? 0) - 1
      waiting[reader] = left
      if (left === 0) ready.push(reader)
    }
  }
  return ready
}
