import type { GraphEdit } from '../../types.js'
import type { Wiring } from './wiring.js'

/** Edits as one, and which of them it holds: one that touches what an earlier one changes is left for another time. */
export function mergeEdits(edits: readonly GraphEdit[]): {
  readonly edit: GraphEdit
  readonly taken: readonly boolean[]
} {
  const touched = new Set<number>()
  const names = new Set<string>()
  const merged = {
    removedNodes: [] as number[],
    inputs: new Map<number, readonly string[]>(),
    outputs: new Map<number, readonly string[]>(),
    added: [] as GraphEdit['added'][number][],
    fixedWeights: [] as string[],
  }
  const taken = edits.map((edit) => {
    const nodes = [...edit.removedNodes, ...edit.inputs.keys(), ...edit.outputs.keys()]
    if (nodes.some((node) => touched.has(node))) return false
    for (const node of nodes) touched.add(node)
    merged.removedNodes.push(...edit.removedNodes)
    for (const [node, inputs] of edit.inputs) merged.inputs.set(node, inputs)
    for (const [node, outputs] of edit.outputs) merged.outputs.set(node, outputs)
    merged.added.push(...edit.added)
    for (const name of edit.fixedWeights) if (!names.has(name)) merged.fixedWeights.push(name)
    for (const name of edit.fixedWeights) names.add(name)
    return true
  })
  return { edit: merged, taken }
}

/** What nothing reads or makes any more once a graph is edited. */
export interface LeftOver {
  readonly weights: ReadonlySet<string>
  /** Constant nodes. */
  readonly nodes: readonly number[]
  readonly tensors: ReadonlySet<string>
}

export function leftOver({ nodes, isKept, consumers }: Wiring, weights: Iterable<string>, edit: GraphEdit): LeftOver {
  const removed = new Set(edit.removedNodes)
  const left = [...nodes.entries()].filter(([index]) => !removed.has(index))
  const read = new Set(left.flatMap(([index, { inputs }]) => edit.inputs.get(index) ?? inputs))
  // what nobody read before is none of our business
  const isUnread = (name: string) => !read.has(name) && !isKept(name) && consumers(name).length > 0
  const constants = left.filter(([, { op, domain, outputs }]) => {
    return op === 'Constant' && domain === '' && outputs.every(isUnread)
  })
  const gone = new Set([...removed, ...constants.map(([index]) => index)])
  const made = new Set(
    left.flatMap(([index, { outputs }]) => (gone.has(index) ? [] : (edit.outputs.get(index) ?? outputs))),
  )
  return {
    weights: new Set([...weights].filter(isUnread)),
    nodes: constants.map(([index]) => index),
    tensors: new Set(nodes.flatMap(({ outputs }) => outputs).filter((name) => name !== '' && !made.has(name))),
  }
}
