import { describe, expect, it } from 'vitest'
import { legacy } from '../../../src/analyzers/ops/legacy.js'
import { costOf, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf, ruleFor } from './input.js'

const x = [1, 2, 3, 4] // 24 elements

const table: Row[] = [
  ['Affine', {}, [x], x, 48], // mul, add
  ['ImageScaler', {}, [x], x, 48], // mul, add
  ['Scale', {}, [x], x, 24], // mul
  ['ScaledTanh', {}, [x], x, 72], // mul, tanh, mul
  ['ParametricSoftplus', {}, [x], x, 120], // mul, exp, add, log, mul
]
const free: [string, string, string[]][] = [
  ['Crop', 'gather', ['operand']],
  ['DynamicSlice', 'gather', ['operand', 'setting', 'setting', 'setting']],
]

describe('cost', () => {
  it.each(table)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
    expect(kernelClassOf(node(op, inputs, y))).toBe('elementwise')
    expect(rolesOf(op, 1)).toEqual(['operand'])
  })

  it.each(free)('%s is free: traffic %s, roles %j', (op, traffic, roles) => {
    expect(ruleFor(op).cost).toBe('free')
    expect(ruleFor(op).traffic).toBe(traffic)
    expect(rolesOf(op, roles.length)).toEqual(roles)
    expect(kernelClassOf(node(op, [x], x))).toBe('data-movement')
  })

  it('has a line for every operator of the family', () => {
    expect([...operatorsIn(table), ...operatorsIn(free)].sort()).toEqual(operatorsOf(legacy))
  })
})
