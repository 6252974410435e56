import type { ConventionReason } from '../types.js'
import { count, shorten } from './format.js'

const labels: Readonly<Record<string, string>> = {
  'fully-connected': 'fully connected',
  'matrix-product': 'matrix products',
  'transposed-convolution': 'transposed conv.',
  'batch-norm': 'BatchNorm',
  'two-per-mac': 'a MAC is two',
  'stride-in-1x1': 'stride in 1 x 1',
  'stride-in-3x3': 'stride in 3 x 3',
}

/** What a convention counts or leaves out, as a line of a table. */
export const labelOf = ({ reason, op }: ConventionReason, width: number): string =>
  shorten(op ?? labels[reason] ?? reason, width)

/** `+44.5 M`, `-231 M`. */
export const signed = (amount: number): string => `${amount > 0 ? '+' : ''}${count(amount)}`
