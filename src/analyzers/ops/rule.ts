import type { Attribute, ElementType, KernelClass } from '../../types.js'

export type Shape = readonly number[]

/** What a rule may look at: shapes, element types and attributes, never values. */
export interface RuleInput {
  /** By position; undefined where an optional input is omitted. */
  readonly inputs: readonly (Shape | undefined)[]
  readonly outputs: readonly (Shape | undefined)[]
  /** The first three inputs and the first output, by the letters of the ONNX specification; [] where omitted. */
  readonly x: Shape
  readonly w: Shape
  readonly b: Shape | undefined
  readonly y: Shape
  /** Element types of the inputs by position; undefined where an optional input is omitted. */
  readonly types: readonly (ElementType | undefined)[]
  readonly attributes: Attributes
}

/** Typed reads of a node's attributes, with the operator's default where one is absent. */
export interface Attributes {
  int(name: string, otherwise: number): number
  float(name: string, otherwise: number): number
  ints(name: string): readonly number[] | undefined
  floats(name: string): readonly number[] | undefined
  string(name: string, otherwise: string): string
  strings(name: string): readonly string[] | undefined
}

/**
 * Arithmetic of one node. `macs` are multiply-accumulates; `flops` are the operations beyond them, one for each
 * addition, multiplication, division, comparison or elementary function (exp, log, sqrt, erf, …) of the operator's
 * definition. The node's FLOPs are 2·macs + flops.
 */
export interface Cost {
  readonly macs?: number
  readonly flops?: number
}

/**
 * What a constant input is: trained, state that is not trained, a setting of the operator, or an operand of plain
 * arithmetic, which is taken for trained where it has several elements and for a setting where it has one. Integers are
 * never any but settings, except as `quantized`: a trained weight whatever type it is stored in.
 */
export type Role = 'param' | 'buffer' | 'setting' | 'operand' | 'quantized'

export interface OpRule {
  readonly ops: readonly string[]
  readonly domain: string
  /**
   * The rule in words of the ONNX specification's letters, for docs/operators.md: `MACs |y| · C/group · k…`; what is
   * moved or renamed, for a free one.
   */
  readonly formula: string
  /** `free`: the operator does no arithmetic; null: it cannot be told from what the rule sees. */
  readonly cost: 'free' | ((input: RuleInput) => Cost | null)
  /** The cost is of the inputs alone, so that it is known also where the data decide the sizes of the outputs. */
  readonly ofInputs: boolean
  /** The role of a constant at input `index`. */
  readonly role: (index: number) => Role
  readonly kernelClass: KernelClass | ((input: RuleInput) => KernelClass)
  /**
   * `all`: inputs are read and outputs written once. `gather`: of the first input no more is read than the output has.
   * `first`: only the first input is read, of the others the type. `write`: no input is read, at most its shape. `view`:
   * the output is the input's memory under another shape, so no byte moves. `none`: no byte moves, and the output has
   * nothing to do with the input's memory.
   */
  readonly traffic: Traffic
  /** Positions of the two inputs whose element types the MACs are of. */
  readonly operands: readonly [number, number]
  /** The type that the operator itself quantises its first operand to before it multiplies. */
  readonly quantizesTo?: ElementType
  /** Weights in a constant that packs several into one element (4-bit weights in uint8); undefined where it does not. */
  readonly packed?: (index: number, input: RuleInput) => number | undefined
}

export type Traffic = 'all' | 'gather' | 'first' | 'write' | 'view' | 'none'

type Details = Pick<OpRule, 'formula' | 'cost' | 'kernelClass'> &
  Partial<Pick<OpRule, 'domain' | 'ofInputs' | 'role' | 'traffic' | 'operands' | 'quantizesTo' | 'packed'>>

/** Roles where only the first input is data; the others (axes, bounds, pads, indices) say what is done to it. */
export const dataThenSettings = (index: number): Role => (index === 0 ? 'operand' : 'setting')

/** A rule for one or several operators that cost alike. */
export const rule = (ops: readonly string[], details: Details): OpRule => ({
  ops,
  domain: '',
  ofInputs: false,
  role: () => 'param',
  traffic: 'all',
  operands: [0, 1],
  ...details,
})

export const attributesOf = (attributes: Readonly<Record<string, Attribute>>): Attributes => ({
  int(name, otherwise) {
    const found = attributes[name]
    return found?.type === 'int' ? found.value : otherwise
  },
  float(name, otherwise) {
    const found = attributes[name]
    return found?.type === 'float' ? found.value : otherwise
  },
  ints(name) {
    const found = attributes[name]
    return found?.type === 'ints' ? found.value : undefined
  },
  floats(name) {
    const found = attributes[name]
    return found?.type === 'floats' ? found.value : undefined
  },
  string(name, otherwise) {
    const found = attributes[name]
    return found?.type === 'string' ? found.value : otherwise
  },
  strings(name) {
    const found = attributes[name]
    return found?.type === 'strings' ? found.value : undefined
  },
})
