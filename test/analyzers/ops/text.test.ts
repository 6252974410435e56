import { expect, it } from 'vitest'
import { text } from '../../../src/analyzers/ops/text.js'
import { costOf, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf, ruleFor } from './input.js'

const free = [['StringConcat'], ['StringNormalizer'], ['StringSplit'], ['RegexFullMatch']] as [string][]

/** 2·6 entries; a weight is multiplied with where there is one. */
const counted: Row[] = [
  ['TfIdfVectorizer', { mode: 'TF' }, [[2, 9]], [2, 6], 0],
  ['TfIdfVectorizer', { mode: 'IDF' }, [[2, 9]], [2, 6], 12],
  ['TfIdfVectorizer', { mode: 'TFIDF' }, [[2, 9]], [2, 6], 12],
]

it.each(free)('%s does no arithmetic', (op) => {
  expect(ruleFor(op).cost).toBe('free')
})

it.each(counted)('%s %j %j', (op, attributes, inputs, y, flops) => {
  expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
})

it('the tables have a line for every operator of the family', () => {
  expect(operatorsIn([...free, ...counted])).toEqual(operatorsOf(text))
})

it.each(operatorsOf(text))('%s trains nothing', (op) => {
  expect(rolesOf(op, 2)).toEqual(['setting', 'setting'])
  expect(kernelClassOf(node(op, [[2, 9]], [2, 6]))).toBe('other')
})
