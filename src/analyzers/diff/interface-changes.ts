import type { Graph, ValueChange } from '../../types.js'
import { typeText } from './layer-values.js'
import { correspond, type Partners, type Source } from './wiring.js'

interface Side {
  readonly graph: Graph
  readonly sourceOf: (tensor: string) => Source | null
}

/** What a caller sees of two models and differs: opsets, inputs and outputs by name, and which layer makes an output. */
export function interfaceChanges(before: Side, after: Side, partners: Partners): ValueChange[] {
  const opsets = changesOf('opset', opsetsOf(before.graph), opsetsOf(after.graph))
  const inputs = changesOf('input', typesOf(before.graph, 'inputs'), typesOf(after.graph, 'inputs'))
  const outputs = changesOf('output', typesOf(before.graph, 'outputs'), typesOf(after.graph, 'outputs'))
  return [...opsets, ...inputs, ...outputs, ...remade(before, after, partners)]
}

const opsetsOf = ({ model }: Graph) =>
  new Map(Object.entries(model.opsets).map(([domain, version]) => [domain || 'ai.onnx', String(version)]))

const typesOf = ({ model, tensors }: Graph, ends: 'inputs' | 'outputs') =>
  new Map(
    model[ends].map(({ name }) => {
      const { elementType, shape } = typeText(tensors.get(name))
      return [name, `${elementType ?? 'unknown'} ${shape ?? '?'}`]
    }),
  )

function changesOf(
  kind: ValueChange['kind'],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ValueChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => ({ kind, name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
}

/** Outputs that another layer makes, though both models have that layer and the one before. */
function remade(before: Side, after: Side, partners: Partners): ValueChange[] {
  const kept = new Set(before.graph.model.outputs.map(({ name }) => name))
  return after.graph.model.outputs
    .filter(({ name }) => kept.has(name) && !correspond(before.sourceOf(name), after.sourceOf(name), partners))
    .map(({ name }) => ({
      kind: 'output',
      name,
      before: makerOf(before, name),
      after: makerOf(after, name),
    }))
}

function makerOf({ graph, sourceOf }: Side, tensor: string): string {
  const source = sourceOf(tensor)
  if (source?.kind !== 'node') return 'made by no layer'
  return `made by ${graph.model.nodes[source.node]?.name || tensor}`
}
