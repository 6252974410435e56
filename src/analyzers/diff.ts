import type { Analysis, Graph, LayerCost, LayerDiff, LayerDiffStatus, ModelDiff, ModelNode, Warning } from '../types.js'
import { align, type LayerKeys, type Pair } from './diff/align.js'
import { layerChange, layerFigures, opChanges, totalsChange } from './diff/figure-changes.js'
import { interfaceChanges } from './diff/interface-changes.js'
import { type LayerValues, valueChanges, valuesOf } from './diff/layer-values.js'
import { correspond, type Partners, type Source, sources } from './diff/wiring.js'

/** A model with its shapes and what it costs. */
export interface Analyzed {
  readonly graph: Graph
  readonly analysis: Analysis
}

/**
 * What changed from one model to another: in structure, and in every figure of `analyze`.
 *
 * Values of trained weights are not compared. Bodies of If, Loop and Scan are not entered.
 */
export function diff(before: Analyzed, after: Analyzed): ModelDiff {
  const [a, b] = [describe(before), describe(after)]
  const pairs = align(
    a.layers.map(({ keys }) => keys),
    b.layers.map(({ keys }) => keys),
  )
  const partners: Partners = {
    after: new Map(pairs.map((pair) => [pair.before, pair.after])),
    before: new Map(pairs.map((pair) => [pair.after, pair.before])),
  }
  const layers = inGraphOrder(a, b, pairs, partners)
  const totals = totalsChange(before.analysis, after.analysis)
  const ends = interfaceChanges({ ...a, ...before }, { ...b, ...after }, partners)
  const isSame = layers.every(({ status }) => status === 'unchanged' || status === 'renamed')
  return {
    before: before.analysis.model,
    after: after.analysis.model,
    equal: isSame && ends.length === 0 && Object.values(totals).every(({ before, after }) => before === after),
    totals,
    interface: ends,
    counts: countsOf(layers),
    byOp: opChanges(before.analysis, after.analysis),
    layers,
    warnings: [...warningsOf(before.analysis), ...warningsOf(after.analysis)],
  }
}

interface DescribedLayer {
  readonly node: ModelNode
  readonly cost: LayerCost
  readonly values: LayerValues
  readonly keys: LayerKeys
}

interface Described {
  readonly layers: readonly DescribedLayer[]
  readonly sourceOf: (tensor: string) => Source | null
}

function describe({ graph, analysis }: Analyzed): Described {
  const layers = graph.model.nodes.flatMap((node, index) => {
    const cost = analysis.layers[index]
    if (cost === undefined) return []
    const values = valuesOf(graph, node)
    return [{ node, cost, values, keys: keysOf(cost, values) }]
  })
  return { layers, sourceOf: sources(graph.model) }
}

function keysOf(cost: LayerCost, { settings, outputs }: LayerValues): LayerKeys {
  // a constant is nothing but its type
  const op = JSON.stringify([cost.domain, cost.op, cost.op === 'Constant' ? outputs : null])
  const kind = `${op} ${cost.kernelClass}`
  // a depthwise convolution's groups are its channels, which are a size
  const isSize = (name: string) => cost.kernelClass === 'depthwise-conv' && name === 'group'
  return {
    name: `${op} ${cost.name}`,
    exact: JSON.stringify([kind, ...settings, outputs, cost.status, ...layerFigures.map((figure) => cost[figure])]),
    form: JSON.stringify([kind, ...[...settings].filter(([name]) => !isSize(name))]),
    kind,
    op,
  }
}

/** The layers of the second model in its order; between two that both have, what was removed stands before what was added. */
function inGraphOrder(a: Described, b: Described, pairs: readonly Pair[], partners: Partners): LayerDiff[] {
  const layers: LayerDiff[] = []
  let [nextBefore, nextAfter] = [0, 0]
  const until = (endBefore: number, endAfter: number) => {
    for (; nextBefore < endBefore; nextBefore++) {
      const layer = a.layers[nextBefore]
      if (layer !== undefined && !partners.after.has(nextBefore)) layers.push(oneSided('removed', layer.cost))
    }
    for (; nextAfter < endAfter; nextAfter++) {
      const layer = b.layers[nextAfter]
      const partner = a.layers[partners.before.get(nextAfter) ?? -1]
      if (layer === undefined) continue
      layers.push(
        partner === undefined ? oneSided('added', layer.cost) : compared(partner, layer, true, { a, b, partners }),
      )
    }
  }
  for (const { before, after, moved } of pairs) {
    const [x, y] = [a.layers[before], b.layers[after]]
    if (moved || x === undefined || y === undefined) continue
    until(before, after)
    layers.push(compared(x, y, false, { a, b, partners }))
    ;[nextBefore, nextAfter] = [before + 1, after + 1]
  }
  until(a.layers.length, b.layers.length)
  return layers
}

function oneSided(status: 'added' | 'removed', cost: LayerCost): LayerDiff {
  const [before, after] = status === 'removed' ? [cost, null] : [null, cost]
  return { status, moved: false, before, after, change: layerChange(before, after), differences: [] }
}

interface Sides {
  readonly a: Described
  readonly b: Described
  readonly partners: Partners
}

function compared(a: DescribedLayer, b: DescribedLayer, moved: boolean, sides: Sides): LayerDiff {
  const differences = [...valueChanges(a.values, b.values), ...inputChanges(a, b, sides)]
  const isSame = differences.length === 0 && a.keys.exact === b.keys.exact
  const status = !isSame ? 'changed' : a.cost.name === b.cost.name ? 'unchanged' : 'renamed'
  return { status, moved, before: a.cost, after: b.cost, change: layerChange(a.cost, b.cost), differences }
}

const commutative = new Set(['Add', 'Mul', 'Max', 'Min', 'Sum', 'Mean', 'And', 'Or', 'Xor', 'Equal'])

/** Inputs that come from another layer than before, where both layers are in both models. */
function inputChanges(before: DescribedLayer, after: DescribedLayer, { a, b, partners }: Sides) {
  const inputs = { before: withoutOmitted(before.node.inputs), after: withoutOmitted(after.node.inputs) }
  const same = (i: number, j: number) =>
    correspond(a.sourceOf(inputs.before[i] ?? ''), b.sourceOf(inputs.after[j] ?? ''), partners)
  const count = Math.max(inputs.before.length, inputs.after.length)
  if (count === 2 && commutative.has(after.node.op) && same(0, 1) && same(1, 0)) return []
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => !same(index, index))
    .map((index) => ({
      kind: 'input' as const,
      name: `input ${index}`,
      before: sourceName(a, inputs.before[index]),
      after: sourceName(b, inputs.after[index]),
    }))
}

const withoutOmitted = (inputs: readonly string[]): readonly string[] =>
  inputs.slice(0, inputs.findLastIndex((name) => name !== '') + 1)

/** The layer that makes a tensor, or the tensor itself; null where there is none. */
function sourceName({ layers, sourceOf }: Described, tensor = ''): string | null {
  const source = sourceOf(tensor)
  return source?.kind === 'node' ? (layers[source.node]?.cost.name ?? tensor) : tensor || null
}

function countsOf(layers: readonly LayerDiff[]): ModelDiff['counts'] {
  const of = (wanted: LayerDiffStatus) => layers.filter(({ status }) => status === wanted).length
  return {
    unchanged: of('unchanged'),
    renamed: of('renamed'),
    changed: of('changed'),
    added: of('added'),
    removed: of('removed'),
    moved: layers.filter(({ moved }) => moved).length,
  }
}

const warningsOf = ({ model, warnings }: Analysis): Warning[] =>
  warnings.map((warning) => ({ ...warning, message: `${model.spec ?? model.name}: ${warning.message}` }))
