import type { Architecture } from '../models/architecture.js'
import { count } from './format.js'
import { columns, left, type Page, paragraphs, right } from './page.js'

/** Every architecture in one line: what to choose from. */
export function listText(architectures: readonly Architecture[], page: Page): string {
  const rows = architectures.map(({ name, year, variants, options }) => {
    const standard = variants.find((variant) => variant.options === '')
    return [
      name,
      String(year),
      standard === undefined ? '-' : count(standard.params),
      standard === undefined ? '-' : count(standard.macs),
      percentage(standard?.paper?.top1),
      Object.entries(options)
        .filter(([key]) => !common.includes(key))
        .map(([key, option]) => `${key}=${option.default}`)
        .join(','),
    ]
  })
  const figures = ['year', 'params', 'MACs', 'top-1'].map(right)
  return paragraphs([
    columns([left('architecture'), ...figures, left('options')], rows, page),
    `All take ${common.join(', ')} too. Variants and published figures: flopgap list NAME.`,
  ])
}

/** Options of every architecture, which would only fill the table. */
const common = ['resolution', 'classes', 'batch']

/** `72.0 %`; a dash where none was published. */
export const percentage = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} %`)
