import { expect, it, test } from 'vitest'
import { analyze } from '../../../src/analyzers/analyze.js'
import { conventions } from '../../../src/analyzers/conventions/index.js'
import { countBy, reconcile } from '../../../src/analyzers/conventions/reconcile.js'
import { architectures } from '../../../src/models/index.js'
import { build } from '../../../src/models/spec.js'
import { noBinding } from '../../../src/onnx/bind.js'
import { inferShapes } from '../../../src/runtime/shapes.js'
import { graph, node } from '../graph.js'

/** Every architecture as it comes and its last variant. */
const specs = architectures.flatMap(({ name, variants }) => {
  const options = [...new Set(['', variants.at(-1)?.options ?? ''])]
  return options.map((text) => (text === '' ? name : `${name}:${text}`))
})

test.each(specs)('%s: reasons sum to the difference, layers to the total', async (spec) => {
  const graph = await inferShapes(build(spec), noBinding)
  const { totals } = analyze(graph)
  const counts = reconcile(graph)
  for (const { name, total, difference, byReason, assumed } of counts) {
    const explained = byReason.reduce((sum, { amount }) => sum + amount, 0)
    expect([name, explained]).toEqual([name, difference])
    expect([name, total - difference]).toEqual([name, totals.macs])
    expect([name, byReason.every(({ amount, nodes }) => amount !== 0 && nodes > 0)]).toEqual([name, true])
    expect([name, assumed]).toEqual([name, []])
    expect(new Set(byReason.map(({ reason, op }) => `${reason} ${op}`)).size).toBe(byReason.length)
  }
  expect(counts.find(({ name }) => name === 'macs')).toMatchObject({ total: totals.macs, params: totals.params })
  expect(counts.find(({ name }) => name === 'flops')).toMatchObject({ total: totals.flops, params: totals.params })
})

it('counts node by node what it counts in all', async () => {
  const graph = await inferShapes(build('resnet-50'), noBinding)
  for (const [index, convention] of conventions.entries()) {
    const { layers, ...count } = countBy(graph, convention)
    expect(layers.reduce((sum, { amount }) => sum + (amount ?? 0), 0)).toBe(count.total)
    expect(reconcile(graph)[index]).toEqual(count)
  }
})

it('has each name once', () => {
  expect(new Set(conventions.map(({ name }) => name)).size).toBe(conventions.length)
})

it('takes the MACs of a recurrence as ours where no rule speaks of it, and says so', () => {
  // 5 steps of 2 · 4 · 3 · (4 + 3) multiply-accumulates
  const lstm = graph({
    inputs: { x: [5, 2, 4] },
    outputs: 'y',
    nodes: [node('LSTM', 'x w r', 'y')],
    shapes: { y: [5, 1, 2, 3] },
    weights: { w: [1, 12, 4], r: [1, 12, 3] },
  })
  for (const { name, total, assumed } of reconcile(lstm)) {
    const isOurs = name === 'macs' || name === 'flops'
    expect([name, assumed]).toEqual([name, isOurs ? [] : ['LSTM']])
    if (name !== 'flops') expect([name, total]).toEqual([name, (name === 'torch' ? 2 : 1) * 5 * 2 * 4 * 3 * 7])
  }
})

it('counts a body as often as it runs', () => {
  const loop = node('Loop', '', 'y')
  const body = graph({ inputs: { x: [1, 4] }, outputs: 'y', nodes: [node('Relu', 'x', 'y')], shapes: { y: [1, 4] } })
  const outer = graph({ inputs: {}, outputs: 'y', nodes: [loop], shapes: { y: [1, 4] } })
  const bodies = new Map([[loop, [{ name: 'body', graph: body, times: 3, isTaken: null }]]])
  const count = reconcile({ ...outer, bodies }).find(({ name }) => name === 'onnx-tool')
  expect(count).toMatchObject({
    total: 3 * 4,
    byReason: [{ reason: 'activation', op: 'Relu', amount: 12, nodes: 1 }],
  })
})

it('leaves out what is not counted, as our totals do', () => {
  const unknown = graph({ inputs: { x: [1, 4] }, outputs: 'y', nodes: [node('Nonsense', 'x', 'y')], shapes: {} })
  for (const convention of conventions) {
    const { total, difference, layers } = countBy(unknown, convention)
    expect([total, difference]).toEqual([0, 0])
    expect(layers).toEqual([{ name: 'y', op: 'Nonsense', macs: null, amount: null }])
  }
})
