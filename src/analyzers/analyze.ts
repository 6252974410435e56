import { isFloating } from '../onnx/element-types.js'
import type { Analysis, Coverage, Graph, LayerCost, ModelIdentity, OpTotals, Totals, Warning } from '../types.js'
import { layerCosts } from './cost.js'
import { peakActivationBytes } from './liveness.js'

/** Everything that can be said about a graph without running it. */
export function analyze(graph: Graph): Analysis {
  const layers = layerCosts(graph)
  const coverage = coverageOf(layers)
  return {
    model: identity(graph),
    published: null,
    totals: totalsOf(layers, peakActivationBytes(graph)),
    layers,
    byOp: totalsByOp(layers),
    coverage,
    warnings: warningsOf(graph, coverage),
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

function totalsOf(layers: readonly LayerCost[], peak: number | null): Totals {
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

const known = (layers: readonly LayerCost[]): boolean => layers.every(({ status }) => status !== 'uncounted')

/** Totals by operator, most FLOPs first. */
function totalsByOp(layers: readonly LayerCost[]): OpTotals[] {
  const groups = new Map<string, LayerCost[]>()
  for (const layer of layers) {
    const group = groups.get(layer.op)
    if (group === undefined) groups.set(layer.op, [layer])
    else group.push(layer)
  }
  const totals = [...groups].map(([op, group]) => ({
    op,
    count: group.length,
    macs: known(group) ? sum(group, (layer) => layer.macs) : null,
    flops: known(group) ? sum(group, (layer) => layer.flops) : null,
    params: sum(group, (layer) => layer.params),
    readBytes: sum(group, (layer) => layer.readBytes),
    writeBytes: sum(group, (layer) => layer.writeBytes),
  }))
  return totals.sort((a, b) => (b.flops ?? 0) - (a.flops ?? 0) || b.count - a.count || a.op.localeCompare(b.op))
}

function coverageOf(layers: readonly LayerCost[]): Coverage {
  const of = (status: LayerCost['status']) => layers.filter((layer) => layer.status === status)
  return {
    nodes: layers.length,
    counted: of('counted').length,
    free: of('free').length,
    uncounted: of('uncounted').length,
    uncountedOps: [...new Set(of('uncounted').map(({ op, domain }) => (domain === '' ? op : `${domain}.${op}`)))],
  }
}

function warningsOf({ model }: Graph, coverage: Coverage): Warning[] {
  const warnings: Warning[] = []
  if (coverage.uncounted > 0) {
    warnings.push({
      code: 'uncounted',
      message: `${coverage.uncounted} of ${coverage.nodes} nodes are not counted: ${coverage.uncountedOps.join(', ')}`,
      hint: 'Totals leave them out. Their operators have no rule, or a shape depends on data.',
    })
  }
  const hasBodies = model.nodes.some(({ attributes }) => Object.values(attributes).some(({ type }) => type === 'other'))
  const used = new Set(model.nodes.flatMap(({ inputs }) => inputs))
  for (const { name } of model.outputs) used.add(name)
  const unused = [...model.weights.values()].filter(
    ({ name, elementType }) => isFloating(elementType) && !used.has(name),
  )
  // the body of a loop or a branch, which is not read, may use them
  if (unused.length > 0 && !hasBodies) {
    warnings.push({
      code: 'unused-weights',
      message: `${unused.length} weights are used by no node, ${unused[0]?.name} first`,
      hint: 'They are not counted as params.',
    })
  }
  return warnings
}
