import { elements } from '../../../onnx/element-types.js'
import type { Cost, RuleInput, Shape } from '../rule.js'
import { costOf, mapOf } from './parts.js'

/** ai.onnx operators by the names that onnxruntime's fused operators give them, in lower case. */
const operators: Readonly<Record<string, string>> = {
  relu: 'Relu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  thresholdedrelu: 'ThresholdedRelu',
  clip: 'Clip',
  hardsigmoid: 'HardSigmoid',
  hardswish: 'HardSwish',
  elu: 'Elu',
  selu: 'Selu',
  celu: 'Celu',
  softplus: 'Softplus',
  softsign: 'Softsign',
  softmax: 'Softmax',
  gelu: 'Gelu',
  silu: 'Swish',
  swish: 'Swish',
}

/** Operations an element of those that ai.onnx lacks: alpha · x + beta; alpha · tanh(beta · x). */
const others: Readonly<Record<string, number>> = { affine: 2, scaledtanh: 3 }

const identities = ['', 'none', 'identity']

/**
 * An activation fused into an operator, over [y…]: what it would cost as a node of its own.
 *
 * Null for a name that is not known.
 */
export function activationCost(name: string, y: Shape, input: RuleInput): Cost | null {
  const key = name.toLowerCase()
  if (identities.includes(key)) return {}
  if (Object.hasOwn(others, key)) return { flops: elements(y) * (others[key] ?? 0) }
  const op = Object.hasOwn(operators, key) ? operators[key] : undefined
  return op === undefined ? null : costOf(op, mapOf(input, y))
}
