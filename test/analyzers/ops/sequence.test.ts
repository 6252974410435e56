import { expect, it } from 'vitest'
import { sequence } from '../../../src/analyzers/ops/sequence.js'
import { kernelClassOf, node, operatorsIn, operatorsOf, rolesOf, ruleFor } from './input.js'

/** Operator, traffic, roles of its inputs. */
const table: [string, string, string[]][] = [
  ['SequenceConstruct', 'all', ['operand', 'operand', 'operand']],
  ['ConcatFromSequence', 'all', ['operand']],
  ['SequenceInsert', 'all', ['operand', 'operand', 'setting']],
  ['SequenceAt', 'gather', ['operand', 'setting']],
  ['SequenceErase', 'gather', ['operand', 'setting']],
  ['SplitToSequence', 'gather', ['operand', 'setting']],
  ['SequenceEmpty', 'none', []],
  ['SequenceLength', 'none', ['setting']],
  ['OptionalHasElement', 'none', ['setting']],
  ['Optional', 'view', ['operand']],
  ['OptionalGetElement', 'view', ['operand']],
]

it.each(table)('%s is free: traffic %s, roles %j', (op, traffic, roles) => {
  expect(ruleFor(op).cost).toBe('free')
  expect(ruleFor(op).traffic).toBe(traffic)
  expect(rolesOf(op, roles.length)).toEqual(roles)
  expect(kernelClassOf(node(op, [[3]], [3]))).toBe('data-movement')
})

it('the table has a line for every operator of the family', () => {
  expect(operatorsIn(table)).toEqual(operatorsOf(sequence))
})
