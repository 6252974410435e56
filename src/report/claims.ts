import type { CheckedClaim, ClaimsReport, ClaimVerdict } from '../types.js'
import { accepted, byPaper, deciding, found, published } from './claim-figures.js'
import { visible } from './format.js'
import { indent, left, type Page, paragraphs } from './page.js'
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
    ...(all ? [] : [page.paint.dim('One in detail: flopgap claims ID; all: --all. Everything there is: --format json.')]),
  ])

/** `31 hold, 12 do not, 4 cannot be told`. */
export function summary({ totals, missing }: ClaimsReport): string {
  const { holds, doesNotHold, cannotTell, publishedIsWrong } = totals
  const wrong = doesNotHold === 0 ? '' : ` (of ${publishedIsWrong} the published figure itself is wrong or follows from nothing known)`
  const left = missing.length === 0 ? '' : `; ${missing.length} still to measure: ${missing.join(', ')}`
  return `${holds} hold, ${doesNotHold} ${doesNotHold === 1 ? 'does' : 'do'} not${wrong}, ${cannotTell} cannot be told${left}.`
}

/** Narrower pages have no room for what was published, and for intervals. */
const wide = 80

const overview = ({ claims }: ClaimsReport, page: Page): string[] =>
  [...byPaper(claims)].map(([paper, own]) => {
    const isWide = page.width >= wide
    const room = page.width - (isWide ? 54 : 32)
    const rows = own.map((claim) => {
      const figure = deciding(claim)
      const here = figure === undefined ? '' : found(figure, { point: !isWide })
      const cells = [cell(claim, room, page), figure === undefined ? '' : published(figure), here, said(claim.verdict, page)]
      return isWide ? cells : cells.filter((_, index) => index !== 1)
    })
    const columns = [left(paper), left('published'), left('here'), left('verdict')]
    return table(isWide ? columns : columns.filter((_, index) => index !== 1), rows, page)
  })

function cell({ id, claim }: CheckedClaim, room: number, { paint }: Page): string {
  const sentence = wrapped(claim, Math.max(24, room) - 2)
  return `${id}\n${paint.dim(sentence.replace(/^(?! )/gm, '  '))}`
}

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
  const room = Math.max(14, Math.floor((page.width - 50) / 2))
  const rows = figures.map((one) => [
    wrapped(one.name, room),
    published(one),
    wrapped(accepted(one), room),
    found(one, { point: page.width < wide }),
    said(one.verdict, page),
  ])
  return table([left('figure'), left('published'), left('accepted'), left('here'), left('')], rows, page)
}

function measuredOn({ measurements }: ClaimsReport, page: Page): string[] {
  const environments = new Map(measurements.map(({ fingerprint, environment }) => [fingerprint, environment]))
  return [...environments.values()].map((environment) => wrapped(`Measured on ${visible(where({ environment }))}`, page.width))
}

const failures = ({ failed }: ClaimsReport, { paint }: Page): string[] =>
  failed.map(({ set, message }) => paint.yellow(`warning: ${set} could not be measured: ${visible(message)}`))
