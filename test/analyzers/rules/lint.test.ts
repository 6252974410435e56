import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { rules } from '../../../src/analyzers/rules/index.js'
import { lint, matches, reaches } from '../../../src/analyzers/rules/lint.js'
import { micro } from '../../models/run.js'
import { contextOf, noSettings } from './context.js'

const docs = fileURLToPath(new URL('../../../docs/rules/', import.meta.url))

describe('every rule', () => {
  it('has a page, and every page a rule', () => {
    expect(readdirSync(docs).sort()).toEqual(rules.map(({ id }) => `${id}.md`).sort())
  })

  it.each(rules)('$id stands on its page with why, source, remedy, threshold and level', ({ id, level }) => {
    const page = readFileSync(`${docs}${id}.md`, 'utf8')
    expect(page.startsWith(`# ${id}\n`)).toBe(true)
    for (const part of ['**Why.**', '**Source.**', '**What to change.**', '**Threshold.**'])
      expect(page).toContain(part)
    expect(page).toContain(`Level: ${level}.`)
  })

  it('has an id of its own and a summary in one sentence', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
    for (const { id, summary } of rules) expect([id, /^[A-Z].*\.$/.test(summary)]).toEqual([id, true])
  })
})

describe('settings', () => {
  const model = micro(8, 28, (net, x) => {
    const wide = net.scope('a', () => net.conv(x, { out: 96, kernel: 1 }))
    return net.scope('b', () => net.conv(wide, { out: 8, kernel: 1 }))
  })
  const rule = 'unequal-channel-width'
  const own = rules.filter(({ id }) => id === rule)

  it('change the level of a rule, or turn it off', async () => {
    const context = await contextOf(model)
    expect(lint(context, own, noSettings).found.map(({ finding }) => finding.level)).toEqual(['info', 'info'])
    const raised = lint(context, own, { levels: { [rule]: 'error' }, ignore: [] })
    expect(raised.found.map(({ finding }) => finding.level)).toEqual(['error', 'error'])
    const off = lint(context, own, { levels: { [rule]: 'off' }, ignore: [] })
    expect([off.found, off.rules[0]?.status]).toEqual([[], 'off'])
  })

  it('ignore findings by their first layer, and count them', async () => {
    const context = await contextOf(model)
    const ignore = (nodes?: string[]) => lint(context, own, { levels: {}, ignore: [{ rule, nodes }] })
    const some = ignore(['a/*'])
    expect(some.found.map(({ finding }) => finding.nodes)).toEqual([['b/conv']])
    expect(some.rules[0]).toMatchObject({ findings: 1, ignored: 1 })
    expect(ignore().found).toEqual([])
    expect(ignore(['conv']).found).toHaveLength(2)
  })

  it('leave rules about kernels out, with the reason, where there are none', async () => {
    const { rules: outcomes } = lint(await contextOf(model), rules, noSettings)
    const skipped = outcomes.filter(({ status }) => status === 'skipped')
    expect(skipped.map(({ id }) => id).sort()).toEqual([
      'elementwise-share',
      'provider-fallback',
      'redundant-layout-change',
      'unaligned-channels',
      'unfused-normalization',
    ])
    for (const { reason } of skipped) expect(reason).toContain('--no-cost')
  })
})

it('fails at a level or above', async () => {
  const context = await contextOf(micro(8, 28, (net, x) => net.conv(x, { out: 96, kernel: 1 })))
  const findings = lint(context, rules, noSettings).found.map(({ finding }) => finding)
  expect((['info', 'warning', 'error', 'never'] as const).map((level) => reaches(findings, level))).toEqual([
    true,
    false,
    false,
    false,
  ])
})

it.each([
  ['a/b', 'a/b', true],
  ['a/*', 'a/b/c', true],
  ['*/conv', 'a/b/conv', true],
  ['a*b*c', 'a1b2c', true],
  ['a*b*c', 'ac', false],
  ['aa*aa', 'aaa', false],
  ['a.c', 'abc', false],
  ['*', '', true],
])('%s matches %s: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected)
})
