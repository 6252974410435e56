import type { CheckedClaim, ClaimsReport } from '../types.js'
import { accepted, byPaper, deciding, found, published } from './claim-figures.js'
import { isWrong, summary } from './claims.js'
import { visible } from './format.js'
import { where } from './profile.js'
import { verdicts } from './verdicts.js'

/** The papers' claims and what came out here as Markdown: a table a paper, then each claim in detail. */
export const claimsMarkdown = (report: ClaimsReport): string =>
  `${[
    '# What the papers say, and what comes out here',
    summary(report),
    ...report.measurements.slice(0, 1).map(({ environment }) => `Measured on ${text(where({ environment }))}.`),
    ...report.failed.map(({ set, message }) => `${set} could not be measured: ${text(message)}`),
    ...[...byPaper(report.claims)].flatMap(([paper, claims]) => [
      `## ${paper}`,
      overview(claims),
      ...claims.map(details),
    ]),
  ].join('\n\n')}\n`

/** Nothing in a cell may end it. */
const text = (value: string): string => visible(value).replaceAll('|', '\\|').replaceAll('<', '&lt;')

const row = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |`

const tableOf = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(titles), row(titles.map(() => '---')), ...rows.map(row)].join('\n')

const overview = (claims: readonly CheckedClaim[]): string =>
  tableOf(
    ['claim', 'published', 'here', 'verdict'],
    claims.map((claim) => {
      const figure = deciding(claim)
      return [claim.claim, published(figure), found(figure), verdict(claim)]
    }),
  )

const verdict = (claim: CheckedClaim): string =>
  `${verdicts[claim.verdict]}${isWrong(claim) ? '; the published figure is wrong or follows from nothing known' : ''}`

const details = (claim: CheckedClaim): string =>
  [
    `### ${claim.id}: ${verdicts[claim.verdict]}`,
    `${text(claim.claim)} (${text(claim.where)}; ${claim.kind}).`,
    `- Paper: ${text(claim.says)}`,
    `- Here: ${text(claim.how)}`,
    ...(claim.note === null ? [] : [`- ${text(claim.note)}`]),
    '',
    tableOf(
      ['figure', 'published', 'accepted', 'here', 'verdict'],
      claim.figures.map((one) => [one.name, published(one), accepted(one), found(one), verdicts[one.verdict]]),
    ),
  ].join('\n')
