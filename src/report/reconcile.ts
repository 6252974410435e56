import type { Analysis, ConventionCount } from '../types.js'
import { count, shorten, visible } from './format.js'
import { columns, indent, left, type Page, right } from './page.js'
import { labelOf, signed } from './reasons.js'

/**
 * What each convention reports, and under its difference from our MACs the lines that make it up; with `all` also where
 * each stands.
 */
export function reconcileText(
  counts: readonly ConventionCount[],
  published: Analysis['published'],
  page: Page,
  { all }: { all: boolean },
): string {
  const titles = [left('convention'), right('reports'), right('differs'), left('because')]
  const rows = [...counts.flatMap(rowsOf), ...publishedRow(published)]
  const used = titles.slice(0, 3).reduce((sum, _, column) => sum + widest(rows, column) + 2, 2)
  const fitting = rows.map(([name, figure, difference, because]) => [
    ...[name, figure, difference],
    shorten(because, Math.max(12, page.width - used)),
  ])
  const sources = all ? [sourcesOf(counts, page)] : []
  return [columns(titles, fitting, page), ...sources, ...notes(counts, published)].join('\n\n')
}

type Row = readonly [convention: string, reports: string, differs: string, because: string]

const widest = (rows: readonly Row[], column: number): number =>
  Math.max(10, ...rows.map((row) => row[column]?.length ?? 0))

/** A convention's line; where it has several reasons, a line for each under it. */
function rowsOf({ name, total, unit, difference, byReason }: ConventionCount): Row[] {
  const figure = `${count(total)} ${unit}`
  const reasons = byReason.map((reason): Row => ['', '', signed(reason.amount), labelOf(reason, 40)])
  const [only] = reasons
  if (only === undefined) return [[name, figure, '', name === 'macs' ? 'ours' : 'as ours']]
  if (reasons.length === 1) return [[name, figure, only[2], only[3]]]
  return [[name, figure, signed(difference), 'in all'], ...reasons]
}

const publishedRow = (published: Analysis['published']): Row[] =>
  published?.macs === undefined ? [] : [['published', published.macs, '', published.source]]

function sourcesOf(counts: readonly ConventionCount[], page: Page): string {
  const rows = counts.flatMap(({ name, title, source }) => [
    [name, shorten(title, page.width - 15)],
    ['', shorten(source, page.width - 15)],
  ])
  return columns([left('convention'), left('what it is, and where it stands')], rows, page)
}

function notes(counts: readonly ConventionCount[], published: Analysis['published']): string[] {
  const assumed = [...new Set(counts.flatMap(({ assumed }) => assumed))].map(visible)
  return [
    ...(published?.note ? [indent(`published: ${published.note}`)] : []),
    ...(assumed.length === 0
      ? []
      : [indent(`No rule of theirs is known for ${assumed.join(', ')}: the MACs are taken as ours.`)]),
  ]
}
