import type { Attributes, Shape } from '../ops/rule.js'
import { broadcast, joined, type Reading, read, type Seen, unknown } from './seen.js'

/** A node as a rule sees it, with regard to one axis of the image. */
export interface Step {
  /** Shapes by position; undefined where an input is omitted or its shape not known. */
  readonly inputs: readonly (Shape | undefined)[]
  readonly outputs: readonly (Shape | undefined)[]
  /** What each input sees; null where it does not depend on the image. */
  readonly seen: readonly (Seen | null)[]
  /** The first input's shape and what it sees. */
  readonly x: Shape
  readonly sees: Seen
  /** The shape of the output in question, and its position among the node's. */
  readonly y: Shape
  readonly output: number
  /** The axes of the first input that positions are along or among, of any axis of the image. */
  readonly positions: () => ReadonlySet<number>
  readonly attributes: Attributes
  /** Of the domain ai.onnx. */
  readonly opset: number
  /** The values of an input that is a small constant; null where it is none. */
  readonly constant: (index: number) => readonly number[] | null
}

/** What an output sees; null where it does not depend on the image. */
export interface FieldRule {
  readonly ops: readonly string[]
  readonly domain: string
  readonly seen: (step: Step) => Seen | null
}

/** A rule for operators whose first input is data, and which the image must not tell what to do. */
export const fieldRule = (ops: readonly string[], seen: (step: Step) => Seen, domain = ''): FieldRule => ({
  ops,
  domain,
  seen: (step) => (step.seen.some((other, index) => index > 0 && other !== null) ? unknown : seen(step)),
})

/** A rule for operators that read along each axis of the data by itself. */
export const reading = (ops: readonly string[], along: (step: Step, axis: number) => Reading, domain = ''): FieldRule =>
  fieldRule(ops, (step) => read(step.sees, (axis) => along(step, axis)), domain)

/** What an element sees that is made of one element of each input, where need be broadcast. */
export const elementByElement = (step: Step): Seen =>
  joined(step.seen.flatMap((seen, index) => (seen === null ? [] : [broadcast(seen, step.inputs[index] ?? [], step.y)])))

/** Axes as an attribute or an input tells them, counted from the front; null where they are not known. */
export function axesOf({ x, attributes, constant, inputs }: Step): readonly number[] | null {
  const told = attributes.ints('axes') ?? (inputs[1] === undefined ? [] : constant(1))
  return told?.map((axis) => fromFront(axis, x.length)) ?? null
}

export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)
