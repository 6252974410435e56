import { elements } from '../../onnx/element-types.js'
import { fixedShape } from '../../onnx/fixed-shape.js'
import type { LintContext } from './rule.js'

/** A channel shuffle: [N, C, …] as [N, g, C/g, …], its axes 1 and 2 changed over, and back. */
export interface Shuffle {
  readonly nodes: readonly [reshape: number, transpose: number, back: number]
  readonly input: string
  readonly output: string
  readonly groups: number
}

const swaps = (perm: readonly number[]): boolean =>
  perm.length >= 4 && perm.every((axis, index) => axis === (index === 1 ? 2 : index === 2 ? 1 : index))

/** The shuffle that a Transpose is the middle of; null where it is none. */
export function shuffleAt({ graph, wiring }: LintContext, index: number): Shuffle | null {
  const { op, inputs, outputs, attributes } = wiring.node(index)
  const { perm } = attributes
  const before = wiring.producer(inputs[0] ?? '')
  const after = wiring.only(outputs[0] ?? '')
  if (op !== 'Transpose' || perm?.type !== 'ints' || !swaps(perm.value)) return null
  if (before === undefined || after === undefined) return null
  if ([before, after].some((node) => wiring.node(node).op !== 'Reshape')) return null
  const [input = ''] = wiring.node(before).inputs
  const [output = ''] = wiring.node(after).outputs
  const [x, grouped, y] = [input, inputs[0] ?? '', output].map((name) => fixedShape(graph.tensors.get(name)))
  if (!x || !grouped || !y || x.join() !== y.join() || elements(grouped.slice(1, 3)) !== x[1]) return null
  return { nodes: [before, index, after], input, output, groups: grouped[1] ?? 0 }
}
