import { expect, it } from 'vitest'
import type { OpRule, Shape } from '../../../../src/analyzers/ops/rule.js'
import { costOf, type Node } from '../input.js'

type Shapes = readonly (Shape | undefined)[]

/** A hand-computed cost: operator, attributes, inputs, outputs, MACs, FLOPs beyond them; element types of the inputs. */
export type ContribRow = [
  op: string,
  attributes: NonNullable<Node['attributes']>,
  inputs: Shapes,
  outputs: Shapes,
  macs: number,
  flops: number,
]

export function nodeOf([op, attributes, inputs, [y = [], ...others]]: ContribRow, domain = 'com.microsoft'): Node {
  return { op, domain, attributes, inputs, y, others }
}

/** Each row has its cost, and each counted operator of the family a row. */
export function expectCosts(family: readonly OpRule[], rows: readonly ContribRow[], domain = 'com.microsoft') {
  it.each(rows)('%s %j %j', (...row) => {
    const [macs, flops] = [row[4], row[5]]
    expect(costOf(nodeOf(row, domain))).toEqual({ macs, flops })
  })

  it('has a line for every operator of the family that is not free', () => {
    const counted = family.filter((rule) => rule.domain === domain && rule.cost !== 'free').flatMap(({ ops }) => ops)
    expect([...new Set(rows.map(([op]) => op))].sort()).toEqual(counted.sort())
  })

  it('says a formula of every rule', () => {
    expect(family.filter(({ formula }) => formula === '').flatMap(({ ops }) => ops)).toEqual([])
  })
}
