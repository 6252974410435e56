import type { Architecture, Variant } from '../models/architecture.js'
import { count, exact } from './format.js'
import { indent, left, type Page, paragraphs, right, table } from './page.js'

/** Every architecture with its options and published figures. */
export const listText = (architectures: readonly Architecture[], page: Page): string =>
  paragraphs(architectures.map((architecture) => familyText(architecture, page)))

function familyText({ name, title, year, source, options, variants }: Architecture, page: Page): string {
  const { paint } = page
  const rows = variants.map((variant) => [
    variant.options === '' ? paint.dim('default') : variant.options,
    exact(variant.params),
    count(variant.macs),
    published(variant),
    percentage(variant.paper?.top1),
  ])
  const columns = [left('variant'), right('params'), right('MACs'), left('published as'), right('top-1')]
  const optionLines = Object.entries(options).map(
    ([key, option]) => `${key.padEnd(10)}  ${option.range}; default ${option.default}`,
  )
  return [
    `${paint.bold(name)}  ${title} (${year}, ${source})`,
    indent(optionLines.join('\n')),
    variants.length === 0 ? '' : table(columns, rows, page),
  ]
    .filter(Boolean)
    .join('\n')
}

const published = ({ paper }: Variant): string => [paper?.params, paper?.macs].filter(Boolean).join(', ') || '-'

const percentage = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} %`)
