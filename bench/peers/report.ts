import { estimateMedian, median } from '../../src/stats.js'
import type { ProcessCost } from '../whole-process.js'
import type { Count } from './tools.js'
import { grouped } from './verdict.js'

/** A tool's runs on a network by turns with flopgap's, or why it has none. */
export type Row =
  | { readonly tool: string; readonly failure: string }
  | {
      readonly tool: string
      /** Runs of the tool (a) and of flopgap (b). */
      readonly pairs: readonly { readonly a: ProcessCost; readonly b: ProcessCost }[]
      readonly count: Count
      readonly own: Count | undefined
      /** The tool's time after its imports, a run. */
      readonly seconds: readonly number[]
    }

const columns = [
  'tool',
  'MACs',
  'params',
  'time',
  'after imports',
  'flopgap',
  'times flopgap’s time',
  'peak',
  'flopgap',
  'times flopgap’s peak',
]

export function printRatios(title: string, rows: readonly Row[], asMarkdown: boolean): void {
  const own = rows.find((row) => 'own' in row)
  const first = own !== undefined && 'own' in own && own.own !== undefined ? [['flopgap', ...countCells(own.own)]] : []
  printTable(title, columns, [...first, ...rows.map(cells)], asMarkdown)
  console.log()
}

function cells(row: Row): string[] {
  if ('failure' in row) return [row.tool, `cannot: ${row.failure.slice(0, 100)}`]
  const ms = (of: 'a' | 'b') => `${(median(row.pairs.map((pair) => pair[of].ms)) / 1000).toFixed(2)} s`
  return [
    row.tool,
    ...countCells(row.count),
    ms('a'),
    `${median([...row.seconds]).toFixed(2)} s`,
    ms('b'),
    ratio(row.pairs.map(({ a, b }) => a.ms / b.ms)),
    ...memory(row.pairs),
  ]
}

const countCells = (count: Count) => ('error' in count ? ['', ''] : [grouped(count.macs), grouped(count.params)])

function memory(pairs: readonly { readonly a: ProcessCost; readonly b: ProcessCost }[]): string[] {
  const peaks = pairs.flatMap(({ a, b }) => (a.peakBytes && b.peakBytes ? [{ a: a.peakBytes, b: b.peakBytes }] : []))
  if (peaks.length === 0) return ['not measured']
  const megabytes = (of: 'a' | 'b') => `${(median(peaks.map((pair) => pair[of])) / 1e6).toFixed(0)} MB`
  return [megabytes('a'), megabytes('b'), ratio(peaks.map(({ a, b }) => a / b))]
}

/** Median and interval; with fewer than six pairs the interval holds it with less than 95 %, and says so. */
export function ratio(values: readonly number[]): string {
  if (!values.every(Number.isFinite)) return 'not measured'
  const { point, lower, upper, confidenceLevel } = estimateMedian([values])
  const level = confidenceLevel < 0.95 ? `, ${(100 * confidenceLevel).toFixed(0)} %` : ''
  return `${point.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)}${level})`
}

export function printTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  asMarkdown: boolean,
): void {
  const filled = rows.map((row) => head.map((_, column) => row[column] ?? ''))
  if (asMarkdown) {
    const line = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
    console.log([`### ${title}\n`, line(head), line(head.map(() => '---')), ...filled.map(line), ''].join('\n'))
    return
  }
  const widths = head.map((text, column) => Math.max(text.length, ...filled.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  console.log([title, line(head), ...filled.map(line), ''].join('\n'))
}
