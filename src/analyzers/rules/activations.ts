import type { Wiring } from './wiring.js'

const activations = new Set(
  'Relu Clip LeakyRelu PRelu Elu Selu Celu ThresholdedRelu Sigmoid HardSigmoid HardSwish Swish Mish Gelu Tanh Softplus Softsign'.split(
    ' ',
  ),
)

/** Nodes that hand on what they get, channel by channel, without a nonlinearity. */
const linear = new Set(['BatchNormalization', 'Identity', 'Dropout', 'Cast'])

export const isActivation = (wiring: Wiring, index: number): boolean => activations.has(wiring.node(index).op)

const isLinear = (wiring: Wiring, index: number): boolean => linear.has(wiring.node(index).op)

/** A nonlinearity: one node, or the two of x · σ(x). */
export interface Activation {
  readonly nodes: readonly number[]
  readonly output: string
}

/** The activation that a tensor goes into, a BatchNormalization between or not; null where something else reads it too. */
export function activationOf(wiring: Wiring, tensor: string): Activation | null {
  const next = wiring.only(tensor)
  if (next === undefined) return gated(wiring, tensor)
  const [output = ''] = wiring.node(next).outputs
  if (isLinear(wiring, next)) return activationOf(wiring, output)
  return isActivation(wiring, next) ? { nodes: [next], output } : null
}

/** x · σ(x), written as two nodes. */
function gated(wiring: Wiring, tensor: string): Activation | null {
  const readers = wiring.consumers(tensor)
  const gate = readers.find((index) => isActivation(wiring, index))
  const product = readers.find((index) => wiring.node(index).op === 'Mul')
  if (readers.length !== 2 || gate === undefined || product === undefined || wiring.isKept(tensor)) return null
  const [sigmoid = ''] = wiring.node(gate).outputs
  const [output = ''] = wiring.node(product).outputs
  return wiring.node(product).inputs.includes(sigmoid) ? { nodes: [gate, product], output } : null
}

/** The tensor behind activations and normalizations that a tensor comes through. */
export function unactivated(wiring: Wiring, tensor: string): string {
  const index = wiring.producer(tensor)
  if (index === undefined || !(isLinear(wiring, index) || isActivation(wiring, index))) return tensor
  return unactivated(wiring, wiring.node(index).inputs[0] ?? '')
}
