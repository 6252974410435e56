import type { CheckedClaim, ClaimFigure, ClaimsReport, ClaimVerdict } from '../types.js'
import { accepted, byPaper, deciding, found, published } from './claim-figures.js'
import { visible } from './format.js'
import { type Column, indent, left, type Page, paragraphs } from './page.js'
import { where } from './profile.js'
import { table } from './table.js'
import { verdicts } from './verdicts.js'
import { wrapped } from './wrap.js'

/** The papers' claims and what came out here, for a terminal; with `all` each in detail. */
export const claimsText = (report: ClaimsReport, page: Page, { all }: { all: boolean }): string =>
  paragraphs([
    ...(all ? report.claims.map((claim) => details(claim, page)) : overview(report, page)),
    ...measuredOn(report, page),
    ...failures(report, page),
    wrapped(summary(report), page.width),
    ...(all
      ? []
      : [page.paint.dim('One in detail: flopgap claims ID; all: --all. Everything there is: --format json.')]),
  ])

/** `31 hold, 12 do not, 4 cannot be told`. */
export function summary({ totals, missing }: ClaimsReport): string {
  const { holds, doesNotHold, cannotTell, publishedIsWrong } = totals
  const wrong =
    doesNotHold === 0
      ? ''
      : ` (${publishedIsWrong} of them because the published figure is wrong or follows from nothing known)`
  const left = missing.length === 0 ? '' : `; ${missing.length} still to measure: ${missing.join(', ')}`
  return `${holds} hold, ${doesNotHold} ${doesNotHold === 1 ? 'does' : 'do'} not${wrong}, ${cannotTell} cannot be told${left}.`
}

/** Narrower pages have no room for what was published, and for intervals. */
const isWide = ({ width }: Page): boolean => width >= 80

const columns = (first: string, page: Page): Column[] => [
  left(first),
  ...(isWide(page) ? [left('published')] : []),
  left('here'),
  left('verdict'),
]

const row = (
  first: string,
  figure: Pick<ClaimFigure, 'published' | 'unit' | 'found' | 'verdict'>,
  page: Page,
): string[] => [
  first,
  ...(isWide(page) ? [published(figure)] : []),
  found(figure, { point: !isWide(page) }),
  said(figure.verdict, page),
]

/** A name, and under it a text as wide as the other columns leave room for. */
function entry(name: string, text: string, page: Page): string {
  const room = page.width - (isWide(page) ? 54 : 32)
  const lines = wrapped(text, room - 2).replace(/^(?! )/gm, '  ')
  return `${wrapped(name, room)}\n${page.paint.dim(lines)}`
}

const overview = ({ claims }: ClaimsReport, page: Page): string[] =>
  [...byPaper(claims)].map(([paper, own]) => {
    const rows = own.map((claim) => row(entry(claim.id, claim.claim, page), deciding(claim), page))
    return table(columns(paper, page), rows, page)
  })

function said(verdict: ClaimVerdict, { paint }: Page): string {
  const styles = { holds: paint.green, 'does-not-hold': paint.red, 'cannot-tell': paint.yellow } as const
  return styles[verdict](verdicts[verdict])
}

function details(claim: CheckedClaim, page: Page): string {
  const { id, paper, where, kind, says, how, note } = claim
  const lines = [
    `${page.paint.bold(id)}  ${said(claim.verdict, page)}${isWrong(claim) ? ', the published figure is wrong or follows from nothing known' : ''}`,
    ...[claim.claim, `${paper}, ${where}; ${kind}`].map((text) => indent(wrapped(text, page.width - 2))),
    figures(claim, page),
    ...[`paper: ${says}`, `here: ${how}`, ...(note === null ? [] : [`note: ${note}`])].map((text) =>
      indent(wrapped(text, page.width - 4)),
    ),
  ]
  return lines.join('\n')
}

export const isWrong = ({ verdict, publishedIsWrong }: CheckedClaim): boolean =>
  publishedIsWrong && verdict === 'does-not-hold'

function figures({ figures }: CheckedClaim, page: Page): string {
  const rows = figures.map((one) => row(entry(one.name, `accepted: ${accepted(one)}`, page), one, page))
  return table(columns('figure', page), rows, page)
}

function measuredOn({ measurements }: ClaimsReport, page: Page): string[] {
  const environments = new Map(measurements.map(({ fingerprint, environment }) => [fingerprint, environment]))
  return [...environments.values()].map((environment) =>
    wrapped(`Measured on ${visible(where({ environment }))}`, page.width),
  )
}

const failures = ({ failed }: ClaimsReport, { paint }: Page): string[] =>
  failed.map(({ set, message }) => paint.yellow(`warning: ${set} could not be measured: ${visible(message)}`))
