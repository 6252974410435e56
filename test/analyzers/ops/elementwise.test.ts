import { describe, expect, it } from 'vitest'
import { elementwiseOps } from '../../../src/analyzers/ops/elementwise.js'
import { costOf, from, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf } from './input.js'

const unary = [
  ...['Abs', 'Neg', 'Sign', 'Floor', 'Ceil', 'Round', 'Reciprocal', 'Sqrt', 'Exp', 'Log', 'Erf', 'IsNaN', 'IsInf'],
  ...['Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh', 'Not', 'BitwiseNot'],
]
const binary = [
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Mod', 'BitShift', 'Equal', 'Greater', 'GreaterOrEqual', 'Less'],
  ...['LessOrEqual', 'And', 'Or', 'Xor', 'BitwiseAnd', 'BitwiseOr', 'BitwiseXor'],
]

const table: Row[] = [
  // one operation for each of 2·3·5 elements
  ...unary.map((op): Row => [op, {}, from([2, 3, 5]), [2, 3, 5], 30]),
  // [4, 1] and [3] make [4, 3]
  ...binary.map((op): Row => [op, {}, from([4, 1], [3]), [4, 3], 12]),
  // a scale a channel, for each of 8·7·7 elements
  ['Mul', {}, from([1, 8, 7, 7], [8, 1, 1]), [1, 8, 7, 7], 392],
  ['Add', {}, from([], []), [], 1],
  // a condition and two branches that broadcast to 2·3·4
  ['Where', {}, from([2, 1, 1], [3, 1], [4]), [2, 3, 4], 24],
  // n inputs: n − 1 operations for each of 6 elements, and a division for Mean
  ['Max', {}, from([6], [6]), [6], 6],
  ['Max', {}, from([6], [6], [], [1]), [6], 18],
  ['Min', {}, from([6], [6], [6]), [6], 12],
  ['Sum', {}, from([6]), [6], 0],
  ['Sum', {}, from([2, 1], [1, 3], [3]), [2, 3], 12],
  ['Mean', {}, from([6]), [6], 6],
  ['Mean', {}, from([6], [6], [6], [6]), [6], 24],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('has a line for every operator of the family', () => {
    expect(operatorsIn(table)).toEqual(operatorsOf(elementwiseOps))
  })
})

describe('roles', () => {
  it.each([
    ['Add', ['operand', 'operand']],
    ['Sub', ['operand', 'operand']],
    ['Mul', ['operand', 'operand']],
    ['Div', ['operand', 'operand']],
    ['Sum', ['operand', 'operand']],
    ['Exp', ['operand']],
    ['Pow', ['operand', 'setting']],
    ['Where', ['setting', 'operand', 'operand']],
    ['Max', ['setting', 'setting']],
    ['Min', ['setting', 'setting']],
    ['Greater', ['setting', 'setting']],
  ])('%s: %j', (op, roles) => {
    expect(rolesOf(op, roles.length)).toEqual(roles)
  })
})

it.each(['Add', 'Exp', 'Where', 'Max'])('kernel class of %s', (op) => {
  expect(kernelClassOf(node(op, from([6]), [6]))).toBe('elementwise')
})
