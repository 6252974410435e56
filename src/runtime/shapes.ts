import { FlopgapError } from '../errors.js'
import { type Binding, bindInputs } from '../onnx/bind.js'
import { elements } from '../onnx/element-types.js'
import { shapeModel } from '../onnx/shape-model.js'
import type { Graph, Model, TensorType } from '../types.js'
import { explain, onnxruntime } from './ort.js'

/**
 * Types every tensor of a model by asking onnxruntime, whose own inference covers each opset and operator it knows.
 *
 * No weight is needed: the session is made from the model's structure alone. A dimension that depends on data stays a
 * name.
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
  for (const [name, type] of await inferredOutputs(bytes)) tensors.set(name, type)
  checkReshapes(model, tensors)
  return { model, tensors }
}

/** onnxruntime takes a Reshape at its word until it runs. */
function checkReshapes({ nodes }: Model, tensors: ReadonlyMap<string, TensorType>): void {
  const sizes = (tensor: string | undefined) => tensors.get(tensor ?? '')?.dims ?? ['unknown']
  for (const { op, domain, name, inputs, outputs } of nodes) {
    const [from, to] = [sizes(inputs[0]), sizes(outputs[0])]
    if (op !== 'Reshape' || domain !== '' || [...from, ...to].some((dim) => typeof dim === 'string')) continue
    if (elements(from as number[]) === elements(to as number[])) continue
    throw new FlopgapError(
      'bad-shape',
      `node ${JSON.stringify(name || outputs[0])} cannot reshape ${from.join('x')} to ${to.join('x')}`,
      'The model was made for another size; change it with --shape.',
    )
  }
}

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
const rejected = (error: unknown): FlopgapError =>
  new FlopgapError(
    'rejected-model',
    `onnxruntime does not accept the model: ${explain(error)}`,
    'The node that it names is where to look; a size that does not fit can be changed with --shape.',
  )
