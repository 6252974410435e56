import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { operatorsWithRule, ruleOf } from '../../../src/analyzers/ops/index.js'
import type { OpRule } from '../../../src/analyzers/ops/rule.js'

const folder = new URL('../../../src/analyzers/ops/', import.meta.url)
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => !['index.ts', 'rare.ts', 'rule.ts'].includes(basename(file)))

/** The operators of every family file, whether the lists in index.ts and rare.ts know it or not, as `domain:op`. */
const written = (await Promise.all(files.map((file) => import(new URL(file, folder).href))))
  .flatMap((module: Record<string, unknown>) => Object.values(module).filter(Array.isArray))
  .flat()
  .flatMap(({ domain, ops }: OpRule) => ops.map((op) => `${domain}:${op}`))

it('lists every family of the folder', () => {
  expect([...operatorsWithRule()].sort()).toEqual([...new Set(written)].sort())
})

it('has one rule for each operator', () => {
  const twice = written.filter((op, index) => written.indexOf(op) !== index)
  expect(twice).toEqual([])
})

it('knows no rule for an operator of another domain or name', () => {
  expect(ruleOf('', 'Conv')?.ops).toEqual(['Conv'])
  expect(ruleOf('com.example', 'Conv')).toBeUndefined()
  expect(ruleOf('', 'conv')).toBeUndefined()
  expect(ruleOf('', 'constructor')).toBeUndefined()
})
