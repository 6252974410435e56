import { constantValues } from '../onnx/constant.js'
import { elements } from '../onnx/element-types.js'
import { encodeModel } from '../onnx/encode.js'
import { fixedShape } from '../onnx/fixed-shape.js'
import type { Graph, ModelNode, TensorType, Weight } from '../types.js'
import { onnxruntime } from './ort.js'

/**
 * The values of a tensor that is known before the run: a constant, or what onnxruntime computes from constants and from
 * the sizes of tensors. Null where it depends on data or on a weight's values.
 */
export async function foldedValues(
  { model, tensors }: Pick<Graph, 'model' | 'tensors'>,
  constants: ReadonlyMap<string, Weight>,
  name: string,
): Promise<readonly number[] | null> {
  const constant = constants.get(name)
  if (constant !== undefined) return constantValues(constant)
  const needed = ancestorsOf(name, model.nodes, constants, tensors)
  if (needed === null) return null
  const bytes = encodeModel(
    {
      ...model,
      inputs: [],
      outputs: [{ name, type: null }],
      nodes: needed.nodes,
      weights: new Map(needed.weights.map((weight) => [weight.name, weight])),
    },
    () => [],
  )
  return run(Buffer.concat([...bytes]), name)
}

async function run(bytes: Uint8Array, name: string): Promise<readonly number[] | null> {
  try {
    const session = await onnxruntime().InferenceSession.create(bytes, { logSeverityLevel: 4, intraOpNumThreads: 1 })
    const { [name]: result } = await session.run({})
    await session.release()
    return result === undefined ? null : Array.from(result.data as ArrayLike<number | bigint | boolean>, Number)
  } catch {
    // an operator that this build lacks: the value stays unknown
    return null
  }
}

/** The nodes and constants that a tensor is computed from; null where one of them is not known before the run. */
function ancestorsOf(
  name: string,
  nodes: readonly ModelNode[],
  constants: ReadonlyMap<string, Weight>,
  tensors: ReadonlyMap<string, TensorType>,
): { nodes: ModelNode[]; weights: Weight[] } | null {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)))
  const found = new Set<ModelNode>()
  const weights = new Map<string, Weight>()
  const open = [name]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const producer = producers.get(next)
    const known = constants.get(next) ?? sizesOf(producer, next, tensors)
    if (known !== undefined) {
      if (known.data.kind !== 'inline') return null
      weights.set(next, known)
    } else if (producer === undefined) return null
    else if (!found.has(producer)) {
      found.add(producer)
      open.push(...producer.inputs.filter(Boolean))
    }
  }
  return { nodes: nodes.filter((node) => found.has(node)), weights: [...weights.values()] }
}

/** What a Shape or Size node gives, where the sizes of its input are known. */
function sizesOf(
  node: ModelNode | undefined,
  name: string,
  tensors: ReadonlyMap<string, TensorType>,
): Weight | undefined {
  if (node === undefined || node.domain !== '' || (node.op !== 'Shape' && node.op !== 'Size')) return undefined
  const dims = fixedShape(tensors.get(node.inputs[0] ?? ''))
  if (dims === null) return undefined
  const { start, end } = node.attributes
  const sizes = dims.slice(start?.type === 'int' ? start.value : 0, end?.type === 'int' ? end.value : undefined)
  const values = node.op === 'Shape' ? sizes : [elements(sizes)]
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
  return {
    name,
    elementType: 'int64',
    dims: node.op === 'Shape' ? [values.length] : [],
    data: { kind: 'inline', bytes },
  }
}
