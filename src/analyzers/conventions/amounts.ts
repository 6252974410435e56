import { elements } from '../../onnx/element-types.js'
import type { Amounts, Rule, Seen } from './convention.js'

/** One addition for each element of the output of a convolution or a Gemm that has a bias. */
export function biasOf({ node: { op, domain }, input: { b, y } }: Seen): number {
  const takesBias = domain === '' && ['Conv', 'ConvTranspose', 'Gemm'].includes(op)
  return takesBias && b !== undefined ? elements(y) : 0
}

/** The multiply-accumulates as we count them. */
export const macs: Rule = ({ layer }) => ({ macs: layer.macs ?? 0 })

/** These and the additions of a bias. */
export const macsAndBias: Rule = (seen) => ({ ...macs(seen), bias: biasOf(seen) })

/** These, each as two. */
export const twoPerMac: Rule = ({ layer }) => ({ macs: layer.macs ?? 0, doubled: layer.macs ?? 0 })

/** As if each element of a transposed convolution's output took so many multiply-accumulates. */
export const perOutputMacs =
  (filter: (seen: Seen) => number): Rule =>
  (seen) => ({ macs: elements(seen.input.y) * filter(seen) })

const own = (amount: number): Amounts => ({ own: amount })

/** So much for each element of the first input. */
export const perInput =
  (amount: number): Rule =>
  ({ input: { x } }) =>
    own(amount * elements(x))

/** So much for each element of the output. */
export const perOutput =
  (amount: number): Rule =>
  ({ input: { y } }) =>
    own(amount * elements(y))

/** A window's elements for each element of the output, those over the padding too. */
export const perWindow: Rule = ({ input: { y, attributes } }) =>
  own(elements(y) * elements(attributes.ints('kernel_shape') ?? []))

/** Rules by operator, for kinds whose operators a source counts differently; the others it counts as nothing. */
export const byOp =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (seen) =>
    rules[seen.node.op]?.(seen) ?? {}

/** Rules by how a Resize interpolates. */
export const byMode =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (seen) =>
    rules[seen.input.attributes.string('mode', 'nearest')]?.(seen) ?? {}
