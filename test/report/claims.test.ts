import { beforeAll, describe, expect, it } from 'vitest'
import { checkClaims } from '../../src/pipeline/claims.js'
import { accepted, figure, found, published } from '../../src/report/claim-figures.js'
import { claimsText, summary } from '../../src/report/claims.js'
import { claimsMarkdown } from '../../src/report/claims-markdown.js'
import { plain } from '../../src/report/page.js'
import type { ClaimFigure, ClaimsReport } from '../../src/types.js'

let report: ClaimsReport
beforeAll(async () => {
  report = await checkClaims([], { countedOnly: true })
})

const some: ClaimFigure = {
  name: 'time',
  unit: 'x',
  published: 13,
  lower: 9.75,
  upper: 16.25,
  margin: 'within 25 %',
  found: { point: 11.234, lower: 10.96, upper: 11.5, confidenceLevel: 0.97 },
  verdict: 'holds',
}

describe('figures of claims', () => {
  it('have four digits where they are counted, three and their interval where they are measured', () => {
    expect(found(some)).toBe('11.2 x [11.0, 11.5]')
    expect(found(some, { point: true })).toBe('11.2 x')
    expect(found({ ...some, found: 0.0016 + 1.904, unit: '%' })).toBe('1.906 %')
    expect(found({ ...some, found: null })).toBe('not measured')
    expect(figure(23626728, '')).toBe('23,626,728')
    expect(published({ ...some, published: null })).toBe('-')
  })

  it('say what is accepted', () => {
    expect(accepted(some)).toBe('9.75 to 16.25 x, within 25 %')
    expect(accepted({ ...some, upper: null, lower: 1, margin: 'faster' })).toBe('at least 1 x, faster')
    expect(accepted({ ...some, lower: null, upper: 5, unit: '%', margin: 'few' })).toBe('at most 5 %, few')
    expect(accepted({ ...some, lower: 2 - 1e-9, upper: 2 + 1e-9, margin: 'exact' })).toBe('exact')
  })
})

describe('the report of claims', () => {
  it.each([60, 80, 100, 160])('fits a page of %i columns', (width) => {
    for (const all of [false, true]) {
      const lines = claimsText(report, { width, paint: plain }, { all }).split('\n')
      const tables = lines.filter((line) => line.startsWith('  '))
      expect(Math.max(...tables.map((line) => [...line].length)), `all: ${all}`).toBeLessThanOrEqual(width)
    }
  })

  it('has each claim once, with its verdict in words', () => {
    const text = claimsText(report, { width: 100, paint: plain }, { all: false })
    for (const { id, verdict } of report.claims) {
      const line = text.split('\n').filter((one) => one.trim().split(/ {2,}/)[0] === id)
      expect(line, id).toHaveLength(1)
      expect(line[0]).toMatch(new RegExp(`${verdict.replaceAll('-', ' ')}$`))
    }
  })

  it('sums up, and says what is still to measure', () => {
    const totals = { holds: 2, doesNotHold: 1, cannotTell: 0, publishedIsWrong: 1 }
    const text = summary({ ...report, totals, missing: ['a', 'b'] })
    expect(text).toBe(
      '2 hold, 1 does not (1 of them because the published figure is wrong or follows from nothing known), 0 cannot be told; 2 still to measure: a, b.',
    )
  })

  it('names what could not be measured, harmlessly', () => {
    const failed = [{ set: 'g1', code: 'measuring-crashed', message: 'it \u001b[31mcrashed | <b>' }]
    const page = { width: 100, paint: plain }
    expect(claimsText({ ...report, failed }, page, { all: false })).toContain(
      'warning: g1 could not be measured: it \\u{1b}[31m',
    )
    expect(claimsMarkdown({ ...report, failed })).toContain(
      'g1 could not be measured: it \\u{1b}[31mcrashed \\| &lt;b>',
    )
  })

  it('is Markdown whose rows have as many cells as their heads', () => {
    const tables = claimsMarkdown(report)
      .split('\n\n')
      .flatMap((part) => part.split('\n').filter((line) => line.startsWith('|')))
    const cells = (line: string) => line.replaceAll('\\|', '').split('|').length
    expect(new Set(tables.map(cells))).toEqual(new Set([6, 7]))
  })
})
