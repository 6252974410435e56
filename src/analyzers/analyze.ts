import { createHash } from 'node:crypto'
import { isFloating } from '../onnx/element-types.js'
import type { Analysis, Attribute, Coverage, Graph, LayerCost, Model, ModelIdentity, OpTotals, Totals, Warning, Weight } from '../types.js'
import { layerCosts } from './cost.js'
import { peakActivationBytes } from './liveness.js'

/** Everything that can be said about a graph without running it. */
export function analyze(graph: Graph): Analysis {
  const layers = layerCosts(graph)
  const coverage = coverageOf(layers)
  return {
    model: identity(graph),
    totals: totalsOf(layers, peakActivationBytes(graph)),
    layers,
    byOp: totalsByOp(layers),
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
    structureSha256: structureHash(model),
    irVersion: model.irVersion,
    opset: model.opsets[''] ?? 0,
    inputs: model.inputs.map(({ name }) => ({
      name,
      elementType: tensors.get(name)?.elementType ?? 'unknown',
      shape: tensors.get(name)?.dims ?? [],
    })),
  }
}

/** Hash of nodes, attributes, types and shapes, with the constants that shape the graph but not the trained values. */
function structureHash({ opsets, inputs, outputs, nodes, weights }: Model): string {
  const parts = [
    opsets,
    inputs,
    outputs.map(({ name }) => name),
    nodes.map((node) => ({ ...node, attributes: Object.entries(node.attributes).map(withoutValues) })),
    [...weights.values()].map(structureOf),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

const withoutValues = ([name, attribute]: [string, Attribute]) =>
  attribute.type === 'tensor' ? [name, structureOf(attribute.value)] : [name, attribute]

/** A constant's type, and its values where they are a scalar or whole numbers held in the file's structure. */
function structureOf({ name, elementType, dims, data }: Weight) {
  const isStructure = data.kind === 'inline' && (!isFloating(elementType) || dims.length === 0)
  return [name, elementType, dims, isStructure ? Buffer.from(data.bytes).toString('base64') : null]
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
    macs: sum(group, (layer) => layer.macs),
    flops: sum(group, (layer) => layer.flops),
    params: sum(group, (layer) => layer.params),
    readBytes: sum(group, (layer) => layer.readBytes),
    writeBytes: sum(group, (layer) => layer.writeBytes),
  }))
  return totals.sort((a, b) => b.flops - a.flops || b.count - a.count || a.op.localeCompare(b.op))
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

function warningsOf({ model }: Graph, layers: readonly LayerCost[], coverage: Coverage): Warning[] {
  const warnings: Warning[] = []
  if (coverage.uncounted > 0) {
    warnings.push({
      code: 'uncounted',
      message: `${coverage.uncounted} of ${coverage.nodes} nodes are not counted: ${coverage.uncountedOps.join(', ')}`,
      hint: 'Totals leave them out. Their operators have no rule, or a shape depends on data.',
    })
  }
  const used = new Set(model.nodes.flatMap(({ inputs }) => inputs))
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
