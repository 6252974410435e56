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

export function originOf({ name, op }: ExecutedKernel, graph: SourceGraph): Origin {
  const plain = op.replace(/^Fused|^QLinear/, '')
  const node = graph.nodeNamed(name) ?? graph.nodeNamed(name.replace(fusion, ''))
  if (node !== undefined) return { op: plain, tensors: node.outputs.filter(Boolean) }
  const tensor = nchwc.test(name) ? name.replace(nchwc, '') : ''
  if (graph.has(tensor)) return { op: plain, tensors: [tensor] }
  const normalized = tensor.replace(batchNorm, '')
  return graph.has(normalized) ? { op: 'BatchNormalization', tensors: [normalized] } : { op: plain, tensors: [] }
}

/**
 * What tensors inside one call of a function begin with, where onnxruntime has no kernel for it (Mish,
 * GroupNormalization, HardSwish) and runs its definition; undefined for other tensors.
 */
export const functionCall = (tensor: string): string | undefined => /^_inlfunc_[^_]+(_token_\d+)?_/.exec(tensor)?.[0]
