import type { InferenceSession } from 'onnxruntime-node'
import type { ShapeQuery } from '../onnx/shape-model.js'
import type { ModelNode, TensorType } from '../types.js'

/**
 * Operators of ai.onnx whose output can have any rank when an input's value is not known, besides those of other domains.
 */
const anyRank = new Set(
  (
    'Reshape Expand ConstantOfShape Squeeze Unsqueeze If Loop Scan SequenceAt SequenceMap OptionalGetElement ' +
    'ConcatFromSequence Tile Einsum RandomNormal RandomUniform Upsample Resize Slice Pad ' +
    'ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare'
  ).split(' '),
)

/**
 * The types of the wanted tensors. onnxruntime describes a tensor of unknown rank as it does a scalar, so where one may be,
 * a second session also asks for its rank: the length of its shape. A tensor of unknown rank has no type here.
 */
export async function metadataOf(
  model: (query: ShapeQuery) => Uint8Array,
  query: ShapeQuery,
  create: (bytes: Uint8Array) => Promise<InferenceSession>,
): Promise<Map<string, TensorType>> {
  const types = await ask(create, model(query))
  const doubtful = doubtfulScalars(query.nodes, types)
  if (doubtful.length === 0) return types
  const probes = doubtful.map((name, index) => shapeOf(name, `flopgap/rank/${index}`))
  const wanted = probes.flatMap(({ outputs }) => outputs)
  const ranks = await ask(create, model({ ...query, nodes: [...query.nodes, ...probes], wanted }))
  for (const [index, name] of doubtful.entries()) {
    if (typeof ranks.get(`flopgap/rank/${index}`)?.dims[0] !== 'number') types.delete(name)
  }
  return types
}

async function ask(
  create: (bytes: Uint8Array) => Promise<InferenceSession>,
  bytes: Uint8Array,
): Promise<Map<string, TensorType>> {
  const session = await create(bytes)
  const types = new Map<string, TensorType>()
  for (const output of session.outputMetadata) {
    if (output.isTensor) types.set(output.name, { elementType: output.type, dims: output.shape })
  }
  await session.release()
  return types
}

/** Tensors that look like scalars and may be of unknown rank, or come from one that may. */
function doubtfulScalars(nodes: readonly ModelNode[], types: ReadonlyMap<string, TensorType>): string[] {
  const doubtful = new Set<string>()
  for (const { op, domain, inputs, outputs } of nodes) {
    const mayLose = domain !== '' || anyRank.has(op) || inputs.some((name) => doubtful.has(name))
    if (!mayLose) continue
    for (const name of outputs) if (types.get(name)?.dims.length === 0) doubtful.add(name)
  }
  return [...doubtful]
}

const shapeOf = (tensor: string, output: string): ModelNode => ({
  ...{ name: '', op: 'Shape', domain: '', attributes: {} },
  inputs: [tensor],
  outputs: [output],
})
