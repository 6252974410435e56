import { ruleOf } from '../../../src/analyzers/ops/index.js'
import { attributesOf, type OpRule, type RuleInput, type Shape } from '../../../src/analyzers/ops/rule.js'
import type { Attribute, KernelClass } from '../../../src/types.js'

/** An attribute's value; a plain number is an int. */
type Plain = number | string | readonly number[] | readonly string[] | Attribute

export const float = (value: number): Attribute => ({ type: 'float', value })

type Inputs = readonly (Shape | undefined)[]

/** A node as its rule sees it, without names. */
export interface Node {
  readonly op: string
  readonly inputs: Inputs
  /** Shape of the first output. */
  readonly y: Shape
  readonly attributes?: Readonly<Record<string, Plain>>
  /** ai.onnx where it is left out. */
  readonly domain?: string
  /** Element types of the inputs; float32 where they are left out. */
  readonly types?: readonly string[]
  /** Shapes of the outputs after the first. */
  readonly others?: Inputs
}

/** A line of a table of hand-computed costs: operator, attributes, input shapes, y, FLOPs beyond MACs. */
export type Row = [
  op: string,
  attributes: Record<string, Plain>,
  inputs: (Shape | undefined)[],
  y: Shape,
  flops: number,
]

/** A node's input shapes, in order; undefined where an optional one is omitted. */
export const from = (...shapes: (Shape | undefined)[]): (Shape | undefined)[] => shapes

export const node = (op: string, inputs: Inputs, y: Shape, attributes: Readonly<Record<string, Plain>> = {}): Node => ({
  op,
  inputs,
  y,
  attributes,
})

/** The rule of an operator, of ai.onnx unless another domain is given. */
export function ruleFor(op: string, domain = ''): OpRule {
  const rule = ruleOf(domain, op)
  if (rule === undefined) throw new Error(`no rule for ${op}`)
  return rule
}

/** MACs, and FLOPs beyond them, of one node; throws where its operator is free. */
export function costOf(node: Node): { macs: number; flops: number } {
  const { cost } = ruleFor(node.op, node.domain)
  if (cost === 'free') throw new Error(`${node.op} is free`)
  const known = cost(ruleInput(node))
  if (known === null) throw new Error(`the cost of ${node.op} cannot be told`)
  return { macs: 0, flops: 0, ...known }
}

/** Costs of several nodes, summed. */
export function costOfAll(nodes: readonly Node[]): { macs: number; flops: number } {
  const total = { macs: 0, flops: 0 }
  for (const { macs, flops } of nodes.map(costOf)) {
    total.macs += macs
    total.flops += flops
  }
  return total
}

export function kernelClassOf(node: Node): KernelClass {
  const { kernelClass } = ruleFor(node.op, node.domain)
  return typeof kernelClass === 'string' ? kernelClass : kernelClass(ruleInput(node))
}

/** Roles of the first `count` inputs, as constants. */
export const rolesOf = (op: string, count: number, domain = ''): string[] =>
  Array.from({ length: count }, (_, index) => ruleFor(op, domain).role(index))

/** Every operator of a family, sorted. */
export const operatorsOf = (family: readonly OpRule[]): string[] => family.flatMap(({ ops }) => ops).sort()

/** Every operator that a table has a line for, sorted. */
export const operatorsIn = (rows: readonly (readonly [string, ...unknown[]])[]): string[] =>
  [...new Set(rows.map(([op]) => op))].sort()

export function ruleInput({ inputs, y, attributes = {}, types = [], others = [] }: Node): RuleInput {
  const typed = Object.entries(attributes).map(([name, value]): [string, Attribute] => [name, attribute(value)])
  return {
    inputs,
    outputs: [y, ...others],
    x: inputs[0] ?? [],
    w: inputs[1] ?? [],
    b: inputs[2],
    y,
    types: inputs.map((shape, index) => (shape === undefined ? undefined : (types[index] ?? 'float32'))),
    attributes: attributesOf(Object.fromEntries(typed)),
  }
}

function attribute(value: Plain): Attribute {
  if (typeof value === 'number') return { type: 'int', value }
  if (typeof value === 'string') return { type: 'string', value }
  if ('type' in value) return value
  return typeof value[0] === 'string'
    ? { type: 'strings', value: value as readonly string[] }
    : { type: 'ints', value: value as readonly number[] }
}
