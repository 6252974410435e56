import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { operatorsWithRule, ruleOf } from '../src/analyzers/ops/index.js'
import { operatorsPage, operatorsText, sourceOf, untold } from './operators.js'

describe('docs/operators.md', () => {
  it('is what npm run docs writes', async () => {
    expect(readFileSync(operatorsPage, 'utf8')).toBe(await operatorsText())
  })

  it('has a line for every rule', async () => {
    const text = await operatorsText()
    const missing = operatorsWithRule().filter((key) => {
      const [domain, op] = [key.slice(0, key.lastIndexOf(':')), key.slice(key.lastIndexOf(':') + 1)]
      return !text.includes(`[${domain || 'ai.onnx'}/${op}](`)
    })
    expect(missing).toEqual([])
    expect(text.split('\n').filter((line) => /^\| \[/.test(line))).toHaveLength(operatorsWithRule().length)
  })

  it('has three cells in each line, whatever a formula contains', async () => {
    const lines = (await operatorsText()).split('\n').filter((line) => /^\| \[/.test(line))
    expect(lines.filter((line) => line.replaceAll('\\|', '').split('|').length !== 5)).toEqual([])
  })

  it('says why an operator has no rule only of those that have none', () => {
    const ops = Object.keys(untold).flatMap((names) => names.split(', '))
    expect(ops.filter((op) => ruleOf('com.microsoft', op) !== undefined)).toEqual([])
  })
})

it('links to the specification of each operator', () => {
  expect(sourceOf('convolution', '', 'Conv')).toBe('https://onnx.ai/onnx/operators/onnx__Conv.html')
  expect(sourceOf('contrib/activation', 'com.microsoft', 'BiasGelu')).toBe(
    'https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasGelu',
  )
  expect(sourceOf('contrib/nchwc', 'com.microsoft.nchwc', 'Conv')).toMatch(/nchwc_schema_defs\.cc$/)
  expect(sourceOf('legacy', '', 'Affine')).toMatch(/onnx_deprecated_operators\.cc$/)
})
