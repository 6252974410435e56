import { FlopgapError } from '../errors.js'
import { type Binding, bindInputs } from '../onnx/bind.js'
import { elements } from '../onnx/element-types.js'
import { shapeModel } from '../onnx/shape-model.js'
import type { Graph, Model, ModelNode, TensorType } from '../types.js'
import { explain, onnxruntime } from './ort.js'

/**
 * Types every tensor of a model by asking onnxruntime, whose own inference covers each opset and operator it knows.
 *
 * No weight is needed: the session is made from the model's structure alone. A dimension that depends on data stays a
 * name; a tensor whose very rank is not known has no type.
 * @throws FlopgapError `rejected-model` with onnxruntime's reason; `free-dimensions`; `bad-shape`
 */
export async function inferShapes(model: Model, binding: Binding): Promise<Graph> {
  const tensors = bindInputs(model, binding)
  for (const { name, elementType, dims } of model.weights.values()) tensors.set(name, { elementType, dims })
  for (const { attributes } of model.nodes) {
    const value = attributes.value
    if (value?.type === 'tensor') tensors.set(value.value.name, value.value)
  }
  const bytes = model.skeleton === null ? shapeModel(model, tensors) : await fromFile(model.skeleton, tensors)
  const inferred = await inferredOutputs(bytes)
  for (const [name, type] of inferred) tensors.set(name, type)
  for (const name of await withoutRank(model, bytes, new Map(inferred))) tensors.delete(name)
  checkSizes(model, tensors)
  return { model, tensors }
}

/**
 * Tensors whose rank onnxruntime does not know: it calls them scalars, as it does the tensors that follow from them.
 *
 * Its own operators are looked at, and others' only where one of those has no rank, since that takes a second session.
 */
async function withoutRank(
  { nodes }: Model,
  bytes: Uint8Array,
  inferred: ReadonlyMap<string, TensorType>,
): Promise<string[]> {
  const isScalar = (tensor: string) => inferred.get(tensor)?.dims.length === 0
  if (!nodes.some(({ domain, outputs }) => domain !== '' && outputs.some(isScalar))) return []
  const scalars = nodes.flatMap(({ outputs }) => outputs).filter(isScalar)
  const { rankModel, shapeOf } = await import('../onnx/rank-model.js')
  const shapes = new Map(await inferredOutputs(rankModel(bytes, scalars)))
  return scalars.filter((tensor) => shapes.get(shapeOf(tensor))?.dims[0] !== 0)
}

/** onnxruntime's inference takes some nodes at their word until they run. */
function checkSizes({ nodes }: Model, tensors: ReadonlyMap<string, TensorType>): void {
  const sizes = (tensor: string | undefined) => knownSizes(tensors.get(tensor ?? ''))
  for (const node of nodes) {
    const [from, filter, to] = [sizes(node.inputs[0]), sizes(node.inputs[1]), sizes(node.outputs[0])]
    const problem = node.domain === '' ? problemOf(node, { from, filter, to }) : null
    if (problem === null) continue
    const name = JSON.stringify(node.name || node.outputs[0])
    throw new FlopgapError(
      'bad-shape',
      `node ${name} ${problem}`,
      'If it was made for another size, change that with --shape.',
    )
  }
}

type Sizes = readonly number[] | null

function problemOf(
  { op, attributes }: ModelNode,
  { from, filter, to }: { from: Sizes; filter: Sizes; to: Sizes },
): string | null {
  if (op === 'Reshape' && from !== null && to !== null) {
    return elements(from) === elements(to) ? null : `cannot reshape ${from.join('x')} to ${to.join('x')}`
  }
  if (op !== 'Conv' || from === null || filter === null) return null
  const group = attributes.group?.type === 'int' ? attributes.group.value : 1
  const channels = (filter[1] ?? 0) * group
  return from[1] === channels ? null : `has filters for ${channels} channels, but its input has ${from[1]}`
}

const knownSizes = (type: TensorType | undefined): Sizes =>
  type === undefined || type.dims.some((dim) => typeof dim === 'string') ? null : (type.dims as readonly number[])

/** Only a file needs onnx-proto, which takes its time to load. */
async function fromFile(skeleton: Uint8Array, types: ReadonlyMap<string, TensorType>): Promise<Uint8Array> {
  const { fileShapeModel } = await import('../onnx/file-shape-model.js')
  return fileShapeModel(skeleton, types)
}

async function inferredOutputs(bytes: Uint8Array): Promise<[string, TensorType][]> {
  const { InferenceSession } = onnxruntime()
  try {
    const session = await InferenceSession.create(bytes, {
      graphOptimizationLevel: 'basic',
      intraOpNumThreads: 1,
      enableCpuMemArena: false,
      logSeverityLevel: 4,
    })
    const found = session.outputMetadata.flatMap((output): [string, TensorType][] =>
      output.isTensor ? [[output.name, { elementType: output.type, dims: output.shape }]] : [],
    )
    await session.release()
    return found
  } catch (error) {
    throw rejected(error)
  }
}

/**
 * Has onnxruntime read a whole file.
 *
 * @throws FlopgapError `rejected-model`
 */
export async function checkModel(path: string): Promise<void> {
  try {
    const session = await onnxruntime().InferenceSession.create(path, {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
      extra: { session: { disable_prepacking: '1' } },
    })
    await session.release()
  } catch (error) {
    throw rejected(error)
  }
}

/** onnxruntime refused the model itself. */
function rejected(error: unknown): FlopgapError {
  const reason = explain(error)
  return new FlopgapError(
    'rejected-model',
    `onnxruntime does not accept the model: ${reason}`,
    /node/i.test(reason)
      ? 'The node that it names is where to look; a size that does not fit can be changed with --shape.'
      : 'Look at how the model was exported.',
  )
}
