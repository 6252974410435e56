import type { ExecutedKernel } from '../types.js'
import type { SourceGraph } from './source-graph.js'

/** What a kernel's name and operator tell of where it comes from. */
export interface Origin {
  /** The operator it computes first, as a source would name it. */
  readonly op: string
  /** Source tensors that it computes. */
  readonly tensors: readonly string[]
}

/** onnxruntime names an NCHWc kernel after the tensor it computed before it was re-laid out. */
const nchwc = /_nchwc$/

/** A BatchNormalization that became an NCHWc convolution. */
const batchNorm = /_bn$/

/** A fused kernel is named after one of its nodes: `fused fc1`, `fc1/MatMulAddFusion`, `mul3/QuickGeluFusion/_token_1`. */
const fusion = /^fused |(\/\w+Fusion\/?)+(_token_\d+)?$/g

/** A node or tensor that is copied, moved to another layout or device, or added, gets the next number, or its device. */
const copy = /(_token_\d+)?(_\w+ExecutionProvider)?$/

export function originOf({ name, op, outputs }: ExecutedKernel, graph: SourceGraph): Origin {
  const plain = op.replace(/^Fused|^QLinear/, '')
  const node = [name, name.replace(fusion, ''), original(name, op)].map(graph.nodeNamed).find(Boolean)
  const written = outputs.flatMap((output) => (graph.has(output) ? [] : writerOf(output, op, graph)))
  const tensors = [...(node?.outputs ?? []), ...written].filter(Boolean)
  if (tensors.length > 0) return { op: plain, tensors }
  const tensor = nchwc.test(name) ? name.replace(nchwc, '') : ''
  if (graph.has(tensor)) return { op: plain, tensors: [tensor] }
  const normalized = tensor.replace(batchNorm, '')
  return graph.has(normalized) ? { op: 'BatchNormalization', tensors: [normalized] } : { op: plain, tensors: [] }
}

/** A tensor in another layout is named after the node that writes it. */
const writerOf = (tensor: string, op: string, graph: SourceGraph): readonly string[] =>
  graph.nodeNamed(original(tensor, op))?.outputs.slice(0, 1) ?? []

/** The name without what onnxruntime appends; none where the rest is what it calls an added node. */
function original(name: string, op: string): string {
  const plain = name.replace(copy, '')
  return plain === op ? '' : plain
}

/**
 * What tensors inside one call of a function begin with, where onnxruntime has no kernel for it (Mish,
 * GroupNormalization, HardSwish) and runs its definition; undefined for other tensors.
 */
export const functionCall = (tensor: string): string | undefined => /^_inlfunc_[^_]+(_token_\d+)?_/.exec(tensor)?.[0]

/** The weight that one was made of when a BatchNormalization, a product or a sum was folded into a convolution. */
export const sourceWeight = (tensor: string): string => tensor.replace(/^(Conv\w*?Fusion_(BN_|Add_|Mul_)?[WB]_)+/, '')

/** True for the order of axes that onnxruntime adds where it moves a layout change over operators on sizes. */
export const isPermutation = (tensor: string): boolean => /^const_transpose_optimizer(_token_\d+)?$/.test(tensor)
