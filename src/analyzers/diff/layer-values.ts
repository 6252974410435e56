import type { Graph, ModelNode, TensorType, ValueChange } from '../../types.js'
import { settingsOf } from './settings.js'

/** What of a layer is no figure: its settings and the types of its outputs, both as text. */
export interface LayerValues {
  readonly settings: ReadonlyMap<string, string>
  readonly outputs: readonly TypeText[]
}

export interface TypeText {
  readonly shape: string | null
  readonly elementType: string | null
}

export const valuesOf = ({ model, tensors }: Graph, node: ModelNode): LayerValues => ({
  settings: settingsOf(node, model.weights),
  outputs: node.outputs.map((name) => typeText(tensors.get(name))),
})

/** A size that is not known has a name that only its own graph gives it. */
export const typeText = (type: TensorType | undefined): TypeText => ({
  shape:
    type === undefined ? null : type.dims.map((dim) => (typeof dim === 'string' ? '?' : dim)).join('x') || 'scalar',
  elementType: type?.elementType ?? null,
})

export function valueChanges(before: LayerValues, after: LayerValues): ValueChange[] {
  return [...settingChanges(before, after), ...outputChanges(before, after)]
}

function settingChanges({ settings: before }: LayerValues, { settings: after }: LayerValues): ValueChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => ({ kind: 'setting', name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
}

function outputChanges({ outputs: before }: LayerValues, { outputs: after }: LayerValues): ValueChange[] {
  const indices = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index)
  return indices.flatMap((index) =>
    typeChanges(index === 0 ? 'output' : `output ${index}`, before[index] ?? absent, after[index] ?? absent),
  )
}

const absent: TypeText = { shape: null, elementType: null }

/** Where two types differ, as a shape or as an element type. */
function typeChanges(name: string, before: TypeText, after: TypeText): ValueChange[] {
  const changes: ValueChange[] = []
  if (before.shape !== after.shape) changes.push({ kind: 'output', name, before: before.shape, after: after.shape })
  if (before.elementType !== after.elementType) {
    changes.push({ kind: 'type', name, before: before.elementType, after: after.elementType })
  }
  return changes
}
