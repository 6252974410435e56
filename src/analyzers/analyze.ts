import type { Analysis, Graph, LayerCost, ModelIdentity, OpTotals, Totals } from '../types.js'
import { layerCosts } from './cost.js'
import { coverageOf } from './coverage.js'
import { type Leaf, leavesOf } from './leaves.js'
import { peakActivationBytes } from './liveness.js'
import { warningsOf } from './warnings.js'

/** Everything that can be said about a graph without running it. */
export function analyze(graph: Graph): Analysis {
  const layers = layerCosts(graph)
  const leaves = leavesOf(layers, 1)
  const coverage = coverageOf(leaves)
  return {
    model: identity(graph),
    published: null,
    totals: { ...totalsOf(layers, peakActivationBytes(graph)), macsByType: macsByType(leaves) },
    layers,
    byOp: totalsByOp(leaves),
    coverage,
    warnings: warningsOf(graph, layers, coverage),
  }
}

function identity({ model, tensors }: Graph): ModelIdentity {
  return {
    name: model.name,
    spec: model.origin.kind === 'spec' ? model.origin.spec : null,
    path: model.origin.kind === 'file' ? model.origin.path : null,
    sha256: null,
    structureSha256: null,
    irVersion: model.irVersion,
    opset: model.opsets[''] ?? 0,
    inputs: model.inputs.map(({ name }) => ({
      name,
      elementType: tensors.get(name)?.elementType ?? 'unknown',
      shape: tensors.get(name)?.dims ?? null,
    })),
  }
}

const sum = <T>(items: readonly T[], value: (item: T) => number | null): number =>
  items.reduce((total, item) => total + (value(item) ?? 0), 0)

function totalsOf(layers: readonly LayerCost[], peak: number | null): Omit<Totals, 'macsByType'> {
  const flops = sum(layers, (layer) => layer.flops)
  const readBytes = sum(layers, (layer) => layer.readBytes)
  const writeBytes = sum(layers, (layer) => layer.writeBytes)
  const bytes = readBytes + writeBytes
  return {
    macs: sum(layers, (layer) => layer.macs),
    flops,
    params: sum(layers, (layer) => layer.params),
    buffers: sum(layers, (layer) => layer.buffers),
    paramBytes: sum(layers, (layer) => layer.paramBytes),
    readBytes,
    writeBytes,
    peakActivationBytes: peak,
    arithmeticIntensity: bytes === 0 ? null : flops / bytes,
  }
}

function macsByType(leaves: readonly Leaf[]): Totals['macsByType'] {
  const byType = new Map<string, number>()
  for (const { layer, times } of leaves) {
    const macs = (layer.macs ?? 0) * times
    if (layer.operandTypes !== null && macs > 0) {
      byType.set(layer.operandTypes, (byType.get(layer.operandTypes) ?? 0) + macs)
    }
  }
  return [...byType].map(([types, macs]) => ({ types, macs })).sort((a, b) => b.macs - a.macs)
}

const isCounted = (leaves: readonly Leaf[]): boolean => leaves.some(({ layer }) => layer.status !== 'uncounted')

/** Over repeated layers. */
const total = (leaves: readonly Leaf[], figure: 'macs' | 'flops' | 'readBytes' | 'writeBytes'): number =>
  leaves.reduce((sum, { layer, times }) => sum + (layer[figure] ?? 0) * times, 0)

const totalOrNull = (leaves: readonly Leaf[], figure: 'readBytes' | 'writeBytes'): number | null =>
  leaves.some(({ layer }) => layer[figure] === null) ? null : total(leaves, figure)

/** Totals by operator, most FLOPs first. */
function totalsByOp(leaves: readonly Leaf[]): OpTotals[] {
  const groups = new Map<string, Leaf[]>()
  for (const leaf of leaves) {
    const group = groups.get(leaf.layer.op)
    if (group === undefined) groups.set(leaf.layer.op, [leaf])
    else group.push(leaf)
  }
  const totals = [...groups].map(([op, group]) => ({
    op,
    count: group.length,
    uncounted: group.filter(({ layer }) => layer.status === 'uncounted').length,
    macs: isCounted(group) ? total(group, 'macs') : null,
    flops: isCounted(group) ? total(group, 'flops') : null,
    params: sum(group, ({ layer }) => layer.params),
    readBytes: totalOrNull(group, 'readBytes'),
    writeBytes: totalOrNull(group, 'writeBytes'),
  }))
  return totals.sort((a, b) => (b.flops ?? 0) - (a.flops ?? 0) || b.count - a.count || a.op.localeCompare(b.op))
}
