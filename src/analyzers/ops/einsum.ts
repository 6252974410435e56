import { elements } from '../../onnx/element-types.js'
import { type Cost, type RuleInput, rule, type Shape } from './rule.js'

/** Sizes of a tensor by its indices; an index that an operand has twice is its diagonal, once. */
type Sizes = ReadonlyMap<string, number>

/** Indices of a term, those of its ellipsis counted from the right, so that they broadcast. */
function indicesOf(term: string, rank: number): string[] {
  const [left = '', right] = term.split('...')
  if (right === undefined) return [...left]
  const hidden = Math.max(0, rank - left.length - right.length)
  return [...left, ...Array.from({ length: hidden }, (_, place) => `…${hidden - place}`), ...right]
}

/** The operands and the indices of y; null where the equation does not fit the shapes. */
function parsed({ inputs, y, attributes }: RuleInput): { operands: Sizes[]; kept: ReadonlySet<string> } | null {
  const [left = '', right] = attributes.string('equation', '').replaceAll(' ', '').split('->')
  const terms = left.split(',')
  const shapes = inputs.filter((shape): shape is Shape => shape !== undefined)
  const indices = terms.map((term, place) => indicesOf(term, shapes[place]?.length ?? 0))
  if (terms.length !== shapes.length || indices.some((term, place) => term.length !== shapes[place]?.length))
    return null
  const kept = new Set(right === undefined ? implied(indices.flat()) : indicesOf(right, y.length))
  return { operands: indices.map((term, place) => sizesOf(term, shapes[place] ?? [])), kept }
}

/** Without "->", y has the ellipsis and the indices that stand once in the equation. */
const implied = (indices: readonly string[]): string[] =>
  indices.filter((index) => index.startsWith('…') || indices.indexOf(index) === indices.lastIndexOf(index))

const sizesOf = (indices: readonly string[], shape: Shape): Sizes =>
  new Map(indices.map((index, axis) => [index, shape[axis] ?? 1]))

const count = (sizes: Sizes): number => elements([...sizes.values()])

/** Sums over the indices that nothing else has: so many additions less than elements. */
function summed(sizes: Sizes, needed: (index: string) => boolean): { sizes: Sizes; flops: number } {
  const rest = new Map([...sizes].filter(([index]) => needed(index)))
  return { sizes: rest, flops: Math.max(0, count(sizes) - count(rest)) }
}

const union = (a: Sizes, b: Sizes): Map<string, number> => {
  const both = new Map(a)
  for (const [index, size] of b) both.set(index, Math.max(size, both.get(index) ?? 1))
  return both
}

/**
 * The product of two operands, each summed first over the indices that only it has: a MAC for each combination of
 * indices where one is summed over, else a multiplication.
 */
function product(a: Sizes, b: Sizes, needed: (index: string) => boolean): { sizes: Sizes; cost: Required<Cost> } {
  const left = summed(a, (index) => needed(index) || b.has(index))
  const right = summed(b, (index) => needed(index) || a.has(index))
  const both = union(left.sizes, right.sizes)
  const sizes = new Map([...both].filter(([index]) => needed(index)))
  const isContraction = sizes.size < both.size
  const flops = left.flops + right.flops + (isContraction ? 0 : count(both))
  return { sizes, cost: { macs: isContraction ? count(both) : 0, flops } }
}

function einsumCost(input: RuleInput): Required<Cost> | null {
  const equation = parsed(input)
  if (equation === null) return null
  const { operands, kept } = equation
  const [first = new Map<string, number>(), ...others] = operands
  let so = first
  let macs = 0
  let flops = 0
  for (const [place, operand] of others.entries()) {
    const later = others.slice(place + 1)
    const { sizes, cost } = product(so, operand, (index) => kept.has(index) || later.some((other) => other.has(index)))
    so = sizes
    macs += cost.macs
    flops += cost.flops
  }
  return { macs, flops: flops + summed(so, (index) => kept.has(index)).flops }
}

/**
 * Einstein summation of n operands, two at a time from left to right, as onnxruntime does: i,j,k,l of "ij,jk,kl->il" take
 * i·j·k + i·k·l MACs, where summing all products at once would take 2·i·j·k·l. An order that is cheaper still is not
 * looked for.
 * @see https://onnx.ai/onnx/operators/onnx__Einsum.html
 */
const einsum = rule(['Einsum'], {
  formula:
    'two operands at a time, from the left: MACs the sizes of all their indices, multiplied, where one is summed over, else as many FLOPs; FLOPs + an addition for each element that is summed away before, over an index of one operand alone',
  cost: einsumCost,
  role: () => 'operand',
  kernelClass: (input) => {
    if ((einsumCost(input)?.macs ?? 0) > 0) return 'matmul'
    return input.inputs.length > 1 ? 'elementwise' : 'reduction'
  },
})

export const einsums = [einsum]
