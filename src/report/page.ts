import type { Warning } from '../types.js'
import { visible } from './format.js'

type Style = (text: string) => string

/** The styles that renderers use; chalk has all of them. */
export interface Paint {
  readonly bold: Style
  readonly dim: Style
  readonly cyan: Style
  readonly yellow: Style
  readonly green: Style
  readonly red: Style
}

const asIs: Style = (text) => text

/** Plain text. */
export const plain: Paint = { bold: asIs, dim: asIs, cyan: asIs, yellow: asIs, green: asIs, red: asIs }

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

/**
 * Rows in aligned columns, for the views that must come at once: cli-table3, which `table` uses, takes milliseconds to
 * load and a tenth of one a cell to warm up. Cells are plain text of one line, as wide as it has characters.
 */
export function columns(titles: readonly Column[], rows: readonly (readonly string[])[], { paint }: Page): string {
  const all = [titles.map(({ title }) => title), ...rows]
  const widths = titles.map((_, column) =>
    all.reduce((most, row) => Math.max(most, [...(row[column] ?? '')].length), 0),
  )
  const [head = '', ...lines] = all.map((row) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - [...cell].length)
        return titles[column]?.align === 'right' ? padding + cell : cell + padding
      })
      .join('  ')
      .trimEnd(),
  )
  return indent([paint.dim(head), ...lines].join('\n'))
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
