import { describe, expect, it } from 'vitest'
import { movement } from '../../../src/analyzers/ops/movement.js'
import { costOf, kernelClassOf, node, operatorsIn, operatorsOf, type Row, rolesOf, ruleFor } from './input.js'

/** Operator, traffic, roles of its inputs. */
const free: [string, string, string[]][] = [
  ['Reshape', 'view', ['operand', 'setting']],
  ['Flatten', 'view', ['operand']],
  ['Squeeze', 'view', ['operand', 'setting']],
  ['Unsqueeze', 'view', ['operand', 'setting']],
  ['Identity', 'view', ['operand']],
  ['Dropout', 'view', ['operand', 'setting', 'setting']],
  ['BitCast', 'view', ['operand']],
  ['Constant', 'none', []],
  ['Shape', 'none', ['setting']],
  ['Size', 'none', ['setting']],
  ['ConstantOfShape', 'all', ['setting']],
  ['EyeLike', 'write', ['setting']],
  ['OneHot', 'all', ['setting', 'setting', 'setting']],
  ['Transpose', 'all', ['operand']],
  ['Concat', 'all', ['operand', 'operand', 'operand']],
  ['DepthToSpace', 'all', ['operand']],
  ['SpaceToDepth', 'all', ['operand']],
  ['Cast', 'all', ['operand']],
  ['Split', 'all', ['operand', 'setting']],
  ['Pad', 'all', ['operand', 'setting', 'setting', 'setting']],
  ['CenterCropPad', 'all', ['operand', 'setting']],
  ['Tile', 'all', ['operand', 'setting']],
  ['Expand', 'all', ['operand', 'setting']],
  ['ReverseSequence', 'all', ['operand', 'setting']],
  ['Trilu', 'all', ['operand', 'setting']],
  ['CastLike', 'first', ['operand', 'setting']],
  ['MaxUnpool', 'all', ['operand', 'setting', 'setting']],
  ['TensorScatter', 'all', ['operand', 'setting', 'setting']],
  ['Slice', 'gather', ['operand', 'setting', 'setting', 'setting', 'setting']],
  ['Gather', 'gather', ['operand', 'setting']],
  ['GatherElements', 'gather', ['operand', 'setting']],
  ['GatherND', 'gather', ['operand', 'setting']],
  ['Compress', 'gather', ['operand', 'setting']],
]

const data = [10, 8]
const scatter: Row[] = [
  ['Scatter', {}, [data, [2, 8], [2, 8]], data, 0],
  ['ScatterElements', {}, [data, [2, 8], [2, 8]], data, 0],
  ['ScatterElements', { reduction: 'none' }, [data, [2, 8], [2, 8]], data, 0],
  ['ScatterElements', { reduction: 'add' }, [data, [2, 8], [2, 8]], data, 16], // one addition an update
  ['ScatterND', {}, [data, [3, 1], [3, 8]], data, 0],
  ['ScatterND', { reduction: 'max' }, [data, [3, 1], [3, 8]], data, 24], // one comparison an update
]

const counted: Row[] = [
  ['NonZero', {}, [data], [2, 7], 80], // each compared with zero
  ['Range', {}, [[], [], []], [7], 7], // each the last and delta
]

describe('free operators', () => {
  it.each(free)('%s: traffic %s, roles %j', (op, traffic, roles) => {
    expect(ruleFor(op).cost).toBe('free')
    expect(ruleFor(op).traffic).toBe(traffic)
    expect(rolesOf(op, roles.length)).toEqual(roles)
  })
})

describe('scattering', () => {
  it.each(scatter)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it.each(operatorsIn(scatter))('%s reads all of its data, at places that are settings', (op) => {
    expect(ruleFor(op).traffic).toBe('all')
    expect(rolesOf(op, 3)).toEqual(['operand', 'setting', 'setting'])
  })
})

describe('operators that compare or count', () => {
  it.each(counted)('%s %j %j', (op, attributes, inputs, y, flops) => {
    expect(costOf(node(op, inputs, y, attributes))).toEqual({ macs: 0, flops })
  })

  it('NonZero costs the same however many elements are not', () => {
    expect(ruleFor('NonZero').ofInputs).toBe(true)
    expect(costOf(node('NonZero', [data], []))).toEqual(costOf(node('NonZero', [data], [2, 7])))
  })
})

it('the tables have a line for every operator of the family', () => {
  expect([...operatorsIn(free), ...operatorsIn([...scatter, ...counted])].sort()).toEqual(operatorsOf(movement))
})

it.each(operatorsOf(movement))('kernel class of %s', (op) => {
  expect(kernelClassOf(node(op, [data], data))).toBe('data-movement')
})
