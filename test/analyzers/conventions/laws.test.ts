import { expect, it, test } from 'vitest'
import { analyze } from '../../../src/analyzers/analyze.js'
import { conventions } from '../../../src/analyzers/conventions/index.js'
import { countBy, reconcile } from '../../../src/analyzers/conventions/reconcile.js'
import { architectures } from '../../../src/models/index.js'
import { build } from '../../../src/models/spec.js'
import { noBinding } from '../../../src/onnx/bind.js'
import { inferShapes } from '../../../src/runtime/shapes.js'

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
