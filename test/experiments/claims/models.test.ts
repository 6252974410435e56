import { expect, it } from 'vitest'
import { analyze } from '../../../src/analyzers/analyze.js'
import { modelOf } from '../../../src/experiments/claims/models/index.js'
import { noBinding } from '../../../src/onnx/bind.js'
import { typed } from '../../../src/pipeline/typed.js'

const opsOf = (label: string): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { op } of modelOf(label).nodes) counts[op] = (counts[op] ?? 0) + 1
  return counts
}

it('exchanges ReLU6 for ReLU, one for one', () => {
  const { Clip, ...others } = opsOf('mobilenet-v2')
  expect(opsOf('mobilenet-v2 with ReLU')).toEqual({ ...others, Relu: Clip })
})

it('adds an activation to each of the 17 bottlenecks', () => {
  const { Clip = 0, ...others } = opsOf('mobilenet-v2')
  expect(opsOf('mobilenet-v2 with ReLU6 after bottlenecks')).toEqual({ ...others, Clip: Clip + 17 })
})

it.each([
  ['mobilenet-v2', 'mobilenet-v2 without ReLU6 and Add', ['Clip', 'Add']],
  ['shufflenet-v1', 'shufflenet-v1 without ReLU and Add', ['Relu', 'Add']],
  // a shuffle is two reshapes, a transposition and a shape
  ['shufflenet-v1', 'shufflenet-v1 without shuffles', ['Reshape', 'Transpose', 'Shape']],
])('leaves out of %s what %s says, and nothing else', (whole, bare, ops) => {
  const left = Object.entries(opsOf(whole)).filter(([op]) => !ops.includes(op))
  expect(opsOf(bare)).toEqual(Object.fromEntries(left))
})

it('changes no MAC by what it leaves out', async () => {
  const macs = async (label: string) => analyze(await typed(modelOf(label), noBinding)).totals.macs
  for (const label of ['with ReLU', 'with ReLU6 after bottlenecks', 'without ReLU6 and Add']) {
    expect(await macs(`mobilenet-v2 ${label}`)).toBe(300774272)
  }
  for (const label of ['without ReLU and Add', 'without shuffles']) {
    expect(await macs(`shufflenet-v1 ${label}`)).toBe(137460672)
  }
})

it('names each model by its label', () => {
  expect(modelOf('g1 gpu, 1:1').nodes.length).toBeGreaterThan(20)
  expect(modelOf('shufflenet-v1 without shuffles')).toMatchObject({ name: 'shufflenet-v1 without shuffles' })
  expect(modelOf('mobilenet-v2:width=0.6')).toMatchObject({ name: 'mobilenet-v2' })
})
