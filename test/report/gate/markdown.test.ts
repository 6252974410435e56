import { marked, type Tokens } from 'marked'
import { describe, expect, it } from 'vitest'
import { shorten } from '../../../src/report/format.js'
import { markdown } from '../../../src/report/gate/markdown.js'
import { summary } from '../../../src/report/gate/summary.js'
import type { GateReport } from '../../../src/types.js'
import { check, evidence, failing, hostile, report, slower, unjudged, withName } from './reports.js'

const pages = { summary, markdown }

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }
const decoded = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|(\w+));/g, (whole, code, name) =>
      code === undefined ? (entities[name] ?? whole) : String.fromCodePoint(Number(code)),
    )

const tablesOf = (page: string): string[][][] =>
  marked
    .lexer(page)
    .filter((token): token is Tokens.Table => token.type === 'table')
    .map(({ rows }) => rows.map((row) => row.map(({ text }) => decoded(text))))

describe.each(Object.entries(pages))('%s', (kind, page) => {
  it('begins with the verdict, what failed and why', () => {
    const lines = page(report()).split('\n')
    const first = lines.slice(0, 20).join('\n')
    expect(lines[kind === 'markdown' ? 1 : 0]).toBe('## flopgap gate: failed')
    expect(first).toContain('6 checks: 2 failed, 1 warned, 1 improved, 1 not judged, 1 passed')
    expect(first).toContain(failing().message)
    expect(first).toContain(slower.message)
    expect(first).toContain('head/extra')
  })

  it('has the failing rows in a table, the others folded away', () => {
    const text = page(report())
    const [wrong = [], right = []] = tablesOf(text)
    expect(wrong.map(([outcome, , metric]) => [decoded(outcome ?? ''), metric])).toEqual([
      ['**failed**', 'macs'],
      ['**failed**', 'latency'],
      ['warning', 'params'],
    ])
    expect(wrong[0]).toEqual(['**failed**', 'net', 'macs', '1,000,000', '1,002,048', '+0.2 %', '1,000,000'])
    expect(right.map(([outcome, , metric]) => [outcome, metric])).toEqual([
      ['improved', 'kernels'],
      ['not judged', 'findings'],
      ['passed', 'bytes'],
    ])
    expect(text.indexOf('<details>')).toBeGreaterThan(text.indexOf('head/extra'))
    expect(text.match(/<details>/g)).toEqual(text.match(/<\/details>/g)?.map(() => '<details>'))
  })

  it('tells no change of what was none before', () => {
    const [[first] = []] = tablesOf(page(report({ checks: [failing({ baseline: 0 })], latency: [] })))
    expect(first?.slice(3)).toEqual(['0', '1,002,048', '', '1,000,000'])
  })

  it('says what was measured, and what could have been told', () => {
    const text = decoded(page(report({ latency: [evidence({ hint: 'Give it more time.' })] })))
    expect(text).toContain(
      '1.080 x, 99 % interval 1.060 x to 1.100 x against old.onnx; 1.050 x fails; in a second launch 1.070 x',
    )
    expect(text).toContain('a slowdown of 2.0 % could have been told')
    expect(text).toContain('Give it more time.')
  })

  it('says why nothing could be judged, and what to do', () => {
    const text = page(unjudged)
    expect(text).toContain('## flopgap gate: could not judge')
    expect(text).toContain('**there is no file old.onnx** Give the model to compare with.')
  })

  it('says what came of an expected failure', () => {
    expect(page(report({ expectFail: true }))).toContain('**it failed, as --expect-fail expects**')
    expect(page(report({ expectFail: true, verdict: 'passed' }))).toContain('**nothing failed, though')
  })

  it.each(Object.entries(hostile))('keeps a hostile name a name: %s', (_, name) => {
    const text = page(withName(name))
    expect(text).not.toMatch(/[^\P{C}\n]/u)
    const html = marked.parse(text, { async: false })
    const tags = (page: string) => [...page.matchAll(/<\/?[a-z][\w-]*/gi)].map(([tag]) => tag)
    expect(tags(html)).toEqual(tags(marked.parse(page(withName('net')), { async: false })))
    // nobody is called, nothing is pointed to: GitHub looks for both in the text outside of code
    const outside = html.replace(/<code>.*?<\/code>/gs, '').split(/<[^>]*>/)
    for (const part of outside) expect(decoded(part)).not.toMatch(/[@#]\w/)
    expect(
      tablesOf(text)
        .flat()
        .map((cells) => cells.length),
    ).toEqual([7, 7, 7])
    for (const cells of tablesOf(text).flat()) expect(cells[1]).toBe(shorten(name, 120))
  })
})

describe('a page that is too long', () => {
  const layers = Array.from({ length: 40 }, (_, i) => ({
    ...({ layer: `block${i}/<conv>`, op: 'Conv', change: 'changed', difference: i + 1 } as const),
  }))
  const failed = Array.from({ length: 1500 }, (_, i) => failing({ model: `failed-${i}`, layers }))
  const passed = Array.from({ length: 12_000 }, (_, i) => check({ model: `passed-${i}` }))
  const long: GateReport = report({ checks: [...passed, ...failed] })

  it.each([
    ['summary', summary, 1024 * 1024],
    ['markdown', markdown, 65_536],
  ] as const)('%s is cut at a row and says how many are left out', (_, page, most) => {
    const text = page(long)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most)
    expect(Buffer.byteLength(text)).toBeGreaterThan(most * 0.95)
    const [wrong = []] = tablesOf(text)
    expect(wrong[0]?.[1]).toBe('failed-0')
    expect(wrong.every((cells) => cells.length === 7 && cells[6] !== '')).toBe(true)
    // nothing of less weight stands where something of more is missing
    expect(text).not.toContain('passed-')
    expect(text).not.toContain('### Latency')
    const shown = tablesOf(text).flat().length + (text.match(/^- <code>/gm)?.length ?? 0)
    const [, missing = ''] = /\n(\d+) rows left out for want of room/.exec(text) ?? []
    // a failing check has two rows, one in the table and one with the cause; the latency is one more
    expect(shown + Number(missing)).toBe(2 * failed.length + passed.length + long.latency.length)
  })

  it('shows a cause for each failing row where the failing ones have room', () => {
    const some = markdown(report({ checks: [...passed, ...failed.slice(0, 20)] }))
    expect(some.match(/^- <code>failed-/gm)?.length).toBe(20)
    expect(some.match(/and 35 more layers/g)?.length).toBe(20)
    expect(some).toContain('</details>')
  })

  it('counts bytes, not characters', () => {
    const wide = report({ checks: passed.map((one, i) => ({ ...one, model: `${'層'.repeat(90)}${i}` })) })
    expect(Buffer.byteLength(markdown(wide))).toBeLessThanOrEqual(65_536)
    expect(Buffer.byteLength(summary(wide))).toBeLessThanOrEqual(1024 * 1024)
  })

  it('keeps within its room whatever the names', () => {
    const worst = report({
      checks: failed.map((one) => ({ ...one, model: '@#|'.repeat(4000), message: '@#'.repeat(900) })),
    })
    expect(Buffer.byteLength(markdown(worst))).toBeLessThanOrEqual(65_536)
  })
})

describe('the pull request comment', () => {
  it('can be found again', () => {
    expect(markdown(report()).startsWith('<!-- flopgap gate -->\n')).toBe(true)
  })
})
