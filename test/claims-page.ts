import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Claim } from '../src/experiments/claims/claim.js'
import { claims } from '../src/experiments/claims/index.js'
import { judged } from '../src/experiments/claims/judge.js'
import { allSets } from '../src/experiments/claims/sets.js'
import { accepted } from '../src/report/claim-figures.js'
import type { ClaimFigure } from '../src/types.js'

export const claimsPage = join(fileURLToPath(new URL('..', import.meta.url)), 'docs/claims.md')

const cell = (text: string) => text.replaceAll('|', '\\|')

const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`

/** A margin around what is published needs no range. */
const bounds = (figure: ClaimFigure) =>
  /^(exact|rounds|within)/.test(figure.margin) ? figure.margin : accepted(figure)

function section([paper, own]: [string, readonly Claim[]]): string {
  const rows = own.map((claim) =>
    row([
      `\`${claim.id}\``,
      `${claim.claim}${claim.publishedIsWrong ? ' †' : ''}`,
      claim.where,
      claim.set === null ? 'counted' : `measured: ${claim.set.id}`,
      claim.how,
      [...new Set(judged(claim, null).figures.map(bounds))].join('; '),
    ]),
  )
  return [
    `## ${paper}`,
    '',
    row(['id', 'claim', 'where', '', 'how it is checked', 'what is accepted']),
    row(Array(6).fill('---')),
    ...rows,
    '',
  ].join('\n')
}

/** docs/claims.md: every claim and how it is checked. */
export function claimsText(): string {
  const papers = new Map<string, Claim[]>()
  for (const claim of claims) {
    const paper = `${claim.paper.name}, ${claim.paper.source}`
    papers.set(paper, [...(papers.get(paper) ?? []), claim])
  }
  const minutes = (seconds: number) => (seconds / 60).toFixed(1)
  return `${[
    '# Claims: what the papers say, and how it is checked',
    '',
    '<!-- written by npm run docs from src/experiments/claims -->',
    '',
    `${claims.length} statements of the papers that can be checked without training. \`flopgap claims\` checks them`,
    '([claims](commands/claims.md)).',
    '',
    'A **counted** claim is exact: the models are built, and their layers counted. A **measured** one is a ratio of times of models',
    'that run by turns in the same processes, with its interval. Each figure has bounds, fixed in the source before anything is',
    'measured. It holds where its whole interval lies inside them, does not hold where all of it lies outside, and cannot be told',
    'otherwise. A claim holds with all of its figures and falls with one.',
    '',
    'A ratio of times may be a quarter off: the papers measured on other processors, with other libraries. A figure that is printed',
    'has to come out in the printed digits. A claim marked † has a published figure that cannot be right, or that no known network',
    'or way of counting gives; its note has the arithmetic.',
    '',
    ...[...papers].map(section),
    '## Models that run by turns',
    '',
    `A set serves several claims. Together they are measured for ${minutes(allSets.reduce((sum, { seconds }) => sum + seconds, 0))} minutes;`,
    'starting processes comes on top.',
    '',
    row(['set', 'seconds', 'models']),
    row(Array(3).fill('---')),
    ...allSets.map(({ id, seconds, models }) => row([id, String(seconds), models.join('; ')])),
  ].join('\n')}\n`
}
