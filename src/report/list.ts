import type { Architecture } from '../models/architecture.js'
import { count } from './format.js'
import { columns, left, type Page, paragraphs, right } from './page.js'

/** Every architecture in one line: what to choose from. */
export function listText(architectures: readonly Architecture[], page: Page): string {
  const rows = architectures.flatMap(({ name, year, variants, options }) => {
    const standard = variants.find((variant) => variant.options === '')
    const isImageNet = options.dataset === undefined || options.dataset.default === 'imagenet'
    const [first = '', ...others] = wrapped(
      Object.entries(options)
        .filter(([key]) => !common.includes(key))
        .map(([key, option]) => `${key}=${option.default}`),
      page.width - figuresWidth,
    )
    const row = [
      name,
      String(year),
      standard === undefined ? '-' : count(standard.params),
      standard === undefined ? '-' : count(standard.macs),
      percentage(isImageNet ? standard?.paper?.top1 : undefined),
      first,
    ]
    return [row, ...others.map((line) => ['', '', '', '', '', line])]
  })
  const figures = ['year', 'params', 'MACs', 'top-1'].map(right)
  return paragraphs([
    columns([left('architecture'), ...figures, left('options')], rows, page),
    `All take ${common.join(', ')} too. top-1 is ImageNet's. Variants and published figures: flopgap list NAME.`,
  ])
}

/** Width of all that stands before the options. */
const figuresWidth = 54

/** Items joined by commas, in lines of at most `width` characters. */
function wrapped(items: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const [index, item] of items.entries()) {
    const text = index === items.length - 1 ? item : `${item},`
    const last = lines.at(-1)
    if (last !== undefined && last.length + text.length <= width) lines[lines.length - 1] = last + text
    else lines.push(text)
  }
  return lines
}

/** Options of every architecture, which would only fill the table. */
const common = ['resolution', 'classes', 'batch']

/** `72.0 %`; a dash where none was published. */
export const percentage = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} %`)
