import type { Model } from '../../types.js'

/** Where a tensor comes from: an output of a node, an input of the graph, or a constant. */
export type Source =
  | { readonly kind: 'node'; readonly node: number; readonly output: number }
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'constant' }

/** The source of any tensor of a model; null for an input that is left out. */
export function sources({ inputs, nodes, weights }: Model): (tensor: string) => Source | null {
  const byName = new Map<string, Source>()
  for (const [index, { name }] of inputs.entries()) byName.set(name, { kind: 'input', index })
  for (const name of weights.keys()) byName.set(name, { kind: 'constant' })
  for (const [node, { outputs }] of nodes.entries()) {
    for (const [output, name] of outputs.entries()) byName.set(name, { kind: 'node', node, output })
  }
  return (tensor) => (tensor === '' ? null : (byName.get(tensor) ?? null))
}

/** By the index of a node, that of its partner in the other model; undefined where it has none. */
export interface Partners {
  readonly after: ReadonlyMap<number, number>
  readonly before: ReadonlyMap<number, number>
}

/**
 * Whether two sources are the same, or differ by what was added or removed between: a layer put in front of another is
 * one change and not two.
 */
export function correspond(before: Source | null, after: Source | null, partners: Partners): boolean {
  if (isUnpaired(before, partners.after) || isUnpaired(after, partners.before)) return true
  if (before === null || after === null) return before === after
  if (before.kind === 'node' && after.kind === 'node') {
    return partners.after.get(before.node) === after.node && before.output === after.output
  }
  if (before.kind === 'input' && after.kind === 'input') return before.index === after.index
  return before.kind === after.kind
}

const isUnpaired = (source: Source | null, partners: ReadonlyMap<number, number>): boolean =>
  source?.kind === 'node' && !partners.has(source.node)
