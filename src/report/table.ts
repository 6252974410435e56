import Table from 'cli-table3'
import { type Column, indent, type Page } from './page.js'

const noBorders = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((part) => [part, '']),
)

/** Rows in aligned columns under a quiet heading. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], { paint }: Page): string {
  const text = new Table({
    head: columns.map(({ title }) => paint.dim(title)),
    colAligns: columns.map(({ align }) => align),
    chars: { ...noBorders, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of rows) text.push([...row])
  return indent(
    text
      .toString()
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
  )
}
