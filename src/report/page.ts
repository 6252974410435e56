import Table from 'cli-table3'
import type { Warning } from '../types.js'
import { visible } from './format.js'

type Style = (text: string) => string

/** The styles that renderers use; chalk has all of them. */
export interface Paint {
  readonly bold: Style
  readonly dim: Style
  readonly cyan: Style
  readonly yellow: Style
}

const asIs: Style = (text) => text

/** Plain text. */
export const plain: Paint = { bold: asIs, dim: asIs, cyan: asIs, yellow: asIs }

/** What a terminal renderer may know about where its text goes. */
export interface Page {
  readonly width: number
  readonly paint: Paint
}

type Align = 'left' | 'right'

export interface Column {
  readonly title: string
  readonly align: Align
}

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

export const left = (title: string): Column => ({ title, align: 'left' })
export const right = (title: string): Column => ({ title, align: 'right' })

export const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ')

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of up to `width` characters, drawn in eighths. */
export function bar(share: number, width: number): string {
  const total = Math.round(Math.max(0, Math.min(1, share)) * width * 8)
  return '█'.repeat(Math.floor(total / 8)) + (eighths[total % 8] ?? '')
}

/** Warnings, each with the next thing to try; nothing where there are none. */
export const warningLines = (warnings: readonly Warning[], { paint }: Page): string[] =>
  warnings.map(({ message, hint }) =>
    [paint.yellow(`warning: ${visible(message)}`), ...(hint === null ? [] : [`  ${visible(hint)}`])].join('\n'),
  )

/** Parts under each other, an empty line between, one line end at the end. */
export const paragraphs = (parts: readonly string[]): string => `${parts.filter(Boolean).join('\n\n')}\n`
