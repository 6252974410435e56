import type { KernelClass } from '../../types.js'
import { activation } from '../ops/activation.js'
import type { Seen } from './convention.js'

/** Kinds of nodes that conventions tell apart. */
export type Kind =
  | 'convolution'
  | 'transposed-convolution'
  | 'fully-connected'
  | 'matrix-product'
  | 'batch-norm'
  | 'normalization'
  | 'softmax'
  | 'activation'
  | 'pooling'
  | 'element-wise'
  | 'reduction'
  | 'resize'
  | 'data-movement'
  | 'other'

const byOp = new Map<string, Kind>([
  ...activation.flatMap(({ ops }) => ops.map((op): [string, Kind] => [op, 'activation'])),
  ...['Softmax', 'LogSoftmax', 'Hardmax'].map((op): [string, Kind] => [op, 'softmax']),
  ...['Resize', 'Upsample', 'GridSample'].map((op): [string, Kind] => [op, 'resize']),
  ['BatchNormalization', 'batch-norm'],
  ['ConvTranspose', 'transposed-convolution'],
  ['Gemm', 'fully-connected'],
  ['Einsum', 'matrix-product'],
])

const byClass: Readonly<Record<KernelClass, Kind>> = {
  'dense-conv': 'convolution',
  'pointwise-conv': 'convolution',
  'grouped-conv': 'convolution',
  'depthwise-conv': 'convolution',
  matmul: 'matrix-product',
  pooling: 'pooling',
  normalization: 'normalization',
  elementwise: 'element-wise',
  reduction: 'reduction',
  'data-movement': 'data-movement',
  layout: 'data-movement',
  other: 'other',
}

/** Operators whose multiply-accumulates are those of one convolution or matrix product. */
const isOneProduct = /^(\w*Conv\w*|\w*MatMul\w*|\w*Gemm|Einsum)$/

/** A matrix product with a trained matrix is a fully connected layer; one that only attention or a recurrence has, is neither. */
export function kindOf({ node: { op, domain }, layer }: Pick<Seen, 'node' | 'layer'>): Kind {
  const kind = (domain === '' ? byOp.get(op) : undefined) ?? byClass[layer.kernelClass]
  if ((layer.macs ?? 0) > 0 && !isOneProduct.test(op)) return 'other'
  return kind === 'matrix-product' && layer.params > 0 ? 'fully-connected' : kind
}
