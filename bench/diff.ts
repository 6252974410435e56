import { analyze } from '../src/analyzers/analyze.js'
import { type Analyzed, diff } from '../src/analyzers/diff.js'
import type { Model, ModelNode, TensorType } from '../src/types.js'

/**
 * How long aligning chains of 50,000 layers takes: equal ones, one with a layer more, all at another size, and two that have
 * nothing to do with each other.
 *
 *     npx tsx bench/diff.ts
 */
const operators = ['Relu', 'Sigmoid', 'Tanh', 'Abs', 'Neg', 'Exp', 'Erf']
const regular = Array.from({ length: 50_000 }, (_, index) => operators[index % operators.length] ?? '')

/** Operators in an order that no period describes, by a linear congruential generator. */
function mixed(seed: number): string[] {
  let state = seed
  return regular.map(() => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return operators[Math.floor(state / 65_536) % operators.length] ?? ''
  })
}

function chain(ops: readonly string[], size = 56): Analyzed {
  const type: TensorType = { elementType: 'float32', dims: [1, 64, size, size] }
  const nodes = ops.map((op, index): ModelNode => {
    const inputs = [`t${index}`]
    return { name: `${op}_${index}`, op, domain: '', inputs, outputs: [`t${index + 1}`], attributes: {} }
  })
  const model: Model = {
    name: 'chain',
    origin: { kind: 'spec', spec: 'chain' },
    irVersion: 8,
    opsets: { '': 17 },
    inputs: [{ name: 't0', type }],
    outputs: [{ name: `t${ops.length}`, type: null }],
    nodes,
    weights: new Map(),
    functions: new Map(),
    declared: new Map(),
  }
  const tensors = new Map(Array.from({ length: ops.length + 1 }, (_, index) => [`t${index}`, type]))
  const graph = { model, tensors, refused: [], shapesFrom: new Map(), bodies: new Map() }
  return { graph, analysis: analyze(graph) }
}

const cases: readonly (readonly [string, Analyzed, Analyzed])[] = [
  ['equal', chain(regular), chain(regular)],
  ['one layer more', chain(regular), chain([...regular.slice(0, 25_000), 'Floor', ...regular.slice(25_000)])],
  ['another size', chain(regular), chain(regular, 28)],
  ['unrelated', chain(mixed(1)), chain(mixed(2))],
]
for (const [name, before, after] of cases) {
  const start = performance.now()
  const { counts } = diff(before, after)
  console.log(`${name.padEnd(16)} ${((performance.now() - start) / 1000).toFixed(1)} s ${JSON.stringify(counts)}`)
}
