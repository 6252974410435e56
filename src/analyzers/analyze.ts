import { namesRead } from '../onnx/body.js'
import { isFloating } from '../onnx/element-types.js'
import { limitWarnings } from '../onnx/protobuf-limit.js'
import type {
  Analysis,
  BodyCost,
  Coverage,
  Graph,
  LayerCost,
  ModelIdentity,
  OpTotals,
  Totals,
  Warning,
} from '../types.js'
import { layerCosts } from './cost.js'
import { peakActivationBytes } from './liveness.js'
import { ruleOf } from './ops/index.js'

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
      shape: tensors.get(name)?.dims ?? [],
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

/** A layer without others inside it, and how often it is counted. */
interface Leaf {
  readonly layer: LayerCost
  readonly times: number
}

/** All layers that do not consist of others. */
const leavesOf = (layers: readonly LayerCost[], times: number): Leaf[] =>
  layers.flatMap((layer) =>
    layer.bodies === undefined
      ? [{ layer, times }]
      : layer.bodies.flatMap((body) => leavesOf(body.layers, times * body.countedTimes)),
  )

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

const known = (leaves: readonly Leaf[]): boolean => leaves.every(({ layer }) => layer.status !== 'uncounted')

/** Over repeated layers. */
const total = (leaves: readonly Leaf[], figure: 'macs' | 'flops' | 'readBytes' | 'writeBytes'): number =>
  leaves.reduce((sum, { layer, times }) => sum + (layer[figure] ?? 0) * times, 0)

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
    macs: known(group) ? total(group, 'macs') : null,
    flops: known(group) ? total(group, 'flops') : null,
    params: sum(group, ({ layer }) => layer.params),
    readBytes: total(group, 'readBytes'),
    writeBytes: total(group, 'writeBytes'),
  }))
  return totals.sort((a, b) => (b.flops ?? 0) - (a.flops ?? 0) || b.count - a.count || a.op.localeCompare(b.op))
}

function coverageOf(leaves: readonly Leaf[]): Coverage {
  const of = (status: LayerCost['status']) =>
    leaves.map(({ layer }) => layer).filter((layer) => layer.status === status)
  const uncounted = of('uncounted')
  return {
    nodes: leaves.length,
    counted: of('counted').length,
    free: of('free').length,
    uncounted: uncounted.length,
    uncountedOps: [...new Set(uncounted.map(qualified))],
    uncountedBy: uncountedBy(uncounted, leaves.length),
  }
}

function warningsOf({ model }: Graph, layers: readonly LayerCost[], coverage: Coverage): Warning[] {
  const warnings: Warning[] = [...limitWarnings(model), ...layers.flatMap(bodyWarnings)]
  if (coverage.uncounted > 0) {
    warnings.push({
      code: 'uncounted',
      message: uncountedMessage(coverage),
      hint: 'Totals leave them out. --strict makes that a failure.',
    })
  }
  const used = new Set(model.nodes.flatMap(namesRead))
  for (const { name } of model.outputs) used.add(name)
  const unused = [...model.weights.values()].filter(
    ({ name, elementType }) => isFloating(elementType) && !used.has(name),
  )
  if (unused.length > 0) {
    warnings.push({
      code: 'unused-weights',
      message: `${unused.length} weights are used by no node, ${unused[0]?.name} first`,
      hint: 'They are not counted as params.',
    })
  }
  return warnings
}

const qualified = ({ op, domain }: LayerCost): string => (domain === '' ? op : `${domain}.${op}`)

function uncountedBy(layers: readonly LayerCost[], nodes: number): Coverage['uncountedBy'] {
  const groups = new Map<string, { op: string; reason: 'no-rule' | 'unknown-shape'; nodes: number }>()
  for (const layer of layers) {
    const op = qualified(layer)
    const reason = ruleOf(layer.domain, layer.op) === undefined ? 'no-rule' : 'unknown-shape'
    const group = groups.get(op) ?? { op, reason, nodes: 0 }
    groups.set(op, { ...group, nodes: group.nodes + 1 })
  }
  return [...groups.values()]
    .map((group) => ({ ...group, share: group.nodes / nodes }))
    .sort((a, b) => b.nodes - a.nodes || a.op.localeCompare(b.op))
}

/** `3 of 60 nodes (5.0 %) are not counted: custom.Odd 2 (no rule), MatMul 1 (unknown shape)`. */
function uncountedMessage({ uncounted, nodes, uncountedBy }: Coverage): string {
  const share = ((uncounted / nodes) * 100).toFixed(1)
  const named = uncountedBy.map(({ op, nodes, reason }) => `${op} ${nodes} (${reason.replace('-', ' ')})`)
  const verb = uncounted === 1 ? 'is' : 'are'
  return `${uncounted} of ${nodes} nodes (${share} %) ${verb} not counted: ${named.join(', ')}`
}

/** What is not known of how often the graphs inside a node run. */
function bodyWarnings({ name, op, bodies = [] }: LayerCost): Warning[] {
  const inner = bodies.flatMap(({ layers }) => layers.flatMap(bodyWarnings))
  const quoted = JSON.stringify(name)
  const flops = (body: BodyCost) => body.layers.reduce((sum, layer) => sum + (layer.flops ?? 0), 0)
  if (bodies.some(({ times }) => times === null)) {
    const warning = {
      code: 'per-iteration',
      message: `${op} ${quoted} runs its body as often as data say: it is counted once`,
      hint: 'Its figures are those of one iteration.',
    }
    return [warning, ...inner]
  }
  const isOpen = bodies.length === 2 && bodies.every(({ times }) => times === 1)
  if (!isOpen) return inner
  const costs = bodies.map((body) => `${body.name} ${flops(body)}`).join(', ')
  const warning = {
    code: 'open-branch',
    message: `data decide which branch of ${op} ${quoted} runs: the dearer one is counted (FLOPs: ${costs})`,
    hint: 'The JSON report has both.',
  }
  return [warning, ...inner]
}
