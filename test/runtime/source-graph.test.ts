import { describe, expect, it } from 'vitest'
import { SourceGraph } from '../../src/runtime/source-graph.js'
import type { Attribute, ModelNode } from '../../src/types.js'

const node = (op: string, input: string, output: string, attributes: Record<string, Attribute> = {}): ModelNode => ({
  name: '',
  op,
  domain: '',
  inputs: input === '' ? [] : [input],
  outputs: [output],
  attributes,
})

const graph = (...nodes: ModelNode[]) =>
  new SourceGraph({
    nodes,
    weights: new Map(),
    outputs: nodes.flatMap(({ outputs }) => outputs.map((name) => ({ name }))),
  })

describe('nodes that do the same to the same', () => {
  it('are redundant', () => {
    const twins = graph(node('Relu', 'x', 'a'), node('Relu', 'x', 'b'))
    expect([0, 1].map((index) => twins.isRedundant(index))).toEqual([true, true])
  })

  it('are not where they have graphs of their own, which may differ', () => {
    const body: Record<string, Attribute> = { then_branch: { type: 'other', bytes: new Uint8Array() } }
    const hosts = graph(node('If', 'x', 'a', body), node('If', 'x', 'b', body))
    expect([0, 1].map((index) => hosts.isRedundant(index))).toEqual([false, false])
  })

  it('are not where they draw numbers, which are no constants either', () => {
    const draws = graph(node('RandomNormal', '', 'a'), node('RandomNormal', '', 'b'))
    expect([0, 1].map((index) => draws.isRedundant(index))).toEqual([false, false])
    expect(draws.isFoldable(0)).toBe(false)
  })
})
