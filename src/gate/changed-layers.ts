import { align, type LayerKeys, type Pair } from '../analyzers/diff/align.js'
import type { ChangedLayer, GateFacts, GateLayer, StaticMetric } from '../types.js'

type LayerFigure = 'macs' | 'flops' | 'params' | 'bytes'

const layerFigures: readonly string[] = ['macs', 'flops', 'params', 'bytes'] satisfies LayerFigure[]

type Change = Pick<ChangedLayer, 'layer' | 'op' | 'change'> & {
  readonly before: GateLayer | null
  readonly after: GateLayer | null
}

/**
 * Which layers change each figure from one model to another, most first. A peak and a file's size belong to no layer.
 *
 * Layers are aligned as `flopgap diff` aligns them, by what the baseline keeps of each.
 */
export function changedLayers(before: GateFacts, after: GateFacts): (metric: StaticMetric) => readonly ChangedLayer[] {
  const layers = changes(before.layers, after.layers)
  return (metric) => {
    if (metric === 'kernels') return byCount(before.kernels ?? {}, after.kernels ?? {})
    if (metric === 'findings') return changedFindings(before, after)
    if (metric === 'uncounted') return mostFirst(layers.map((change) => withDifference(change, isUncounted)))
    if (!layerFigures.includes(metric)) return []
    return mostFirst(layers.map((change) => withDifference(change, (layer) => layer[metric as LayerFigure] ?? 0)))
  }
}

const isUncounted = ({ macs }: GateLayer): number => (macs === null ? 1 : 0)

const withDifference = (
  { layer, op, change, before, after }: Change,
  of: (layer: GateLayer) => number,
): ChangedLayer => ({
  ...{ layer, op, change },
  difference: (after === null ? 0 : of(after)) - (before === null ? 0 : of(before)),
})

const mostFirst = (layers: readonly ChangedLayer[]): ChangedLayer[] =>
  layers
    .filter(({ difference }) => difference !== 0)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || b.difference - a.difference)

function changes(before: readonly GateLayer[], after: readonly GateLayer[]): Change[] {
  const pairs = align(before.map(keysOf), after.map(keysOf))
  const partnerOf = new Map(pairs.map((pair: Pair) => [pair.after, pair.before]))
  const kept = new Set(partnerOf.values())
  return [
    ...after.map((layer, index): Change => {
      const partner = before[partnerOf.get(index) ?? -1] ?? null
      const change = partner === null ? 'added' : 'changed'
      return { layer: layer.name, op: layer.op, change, before: partner, after: layer }
    }),
    ...before.flatMap((layer, index): Change[] =>
      kept.has(index) ? [] : [{ layer: layer.name, op: layer.op, change: 'removed', before: layer, after: null }],
    ),
  ]
}

const keysOf = ({ name, op, macs, flops, params, bytes }: GateLayer): LayerKeys => ({
  name: `${op} ${name}`,
  exact: JSON.stringify([op, macs, flops, params, bytes]),
  form: op,
  kind: op,
  op,
})

/** Operators that there are more or fewer kernels of. */
function byCount(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): ChangedLayer[] {
  const ops = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return mostFirst(
    ops.map((op) => {
      const [old = 0, now = 0] = [before[op], after[op]]
      return { layer: op, op, change: old === 0 ? 'added' : now === 0 ? 'removed' : 'changed', difference: now - old }
    }),
  )
}

function changedFindings(before: GateFacts, after: GateFacts): ChangedLayer[] {
  const [old, now] = [before, after].map(({ findings }) => new Set(findings.map((finding) => JSON.stringify(finding))))
  const only = (facts: GateFacts, others: ReadonlySet<string> = new Set()) =>
    facts.findings.filter((finding) => !others.has(JSON.stringify(finding)))
  return [
    ...only(after, old).map(({ rule, node }) => ({ layer: node, op: rule, change: 'added' as const, difference: 1 })),
    ...only(before, now).map(({ rule, node }) => ({
      layer: node,
      op: rule,
      change: 'removed' as const,
      difference: -1,
    })),
  ]
}
