import type { Architecture, Variant } from '../models/architecture.js'
import { count, exact } from './format.js'
import { percentage } from './list.js'
import { indent, left, type Page, paragraphs, right } from './page.js'
import { table } from './table.js'

/** Architectures in full, one after another. */
export const familyText = (family: readonly Architecture[], page: Page): string =>
  family.map((architecture) => architectureText(architecture, page)).join('\n')

/** One architecture with its options and its variants, published figures beside exact ones. */
const architectureText = ({ name, title, year, source, options, variants }: Architecture, page: Page): string =>
  paragraphs([
    `${page.paint.bold(name)}  ${title} (${year}, ${source})`,
    indent(optionLines(options)),
    variants.length === 0 ? '' : variantTable(variants, page),
    ...notes(variants, page),
  ])

function optionLines(options: Architecture['options']): string {
  const width = Math.max(...Object.keys(options).map((key) => key.length))
  const lines = Object.entries(options).map(
    ([key, option]) => `${key.padEnd(width)}  ${option.range}; default ${option.default}`,
  )
  return lines.join('\n')
}

function variantTable(variants: readonly Variant[], page: Page): string {
  const accuracies = accuraciesOf(variants)
  const rows = variants.map((variant) => [
    label(variant),
    exact(variant.params),
    count(variant.macs),
    [variant.paper?.params, variant.paper?.macs].filter(Boolean).join(', ') || '-',
    ...accuracies.map(({ key }) => percentage(variant.paper?.[key])),
  ])
  const figures = [left('variant'), right('params'), right('MACs'), left('published as')]
  return table([...figures, ...accuracies.map(({ name }) => right(name))], rows, page)
}

/** A detector is judged by its mean average precision, all others by what they rank first. */
const accuraciesOf = (variants: readonly Variant[]) =>
  variants.some(({ paper }) => paper?.map !== undefined)
    ? ([{ name: 'mAP', key: 'map' }] as const)
    : ([
        { name: 'top-1', key: 'top1' },
        { name: 'top-5', key: 'top5' },
      ] as const)

/** Published latencies, why published figures differ from ours, and where they stand. */
function notes(variants: readonly Variant[], { paint }: Page): string[] {
  const of = (text: (variant: Variant) => string | undefined) =>
    variants.flatMap((variant) => (text(variant) === undefined ? [] : [`${label(variant)}: ${text(variant)}`]))
  const sources = [...new Set(variants.flatMap(({ paper }) => paper?.source ?? []))]
  const parts = [
    { title: 'Published latency', lines: of(({ paper }) => paper?.latency) },
    { title: 'Differences', lines: of(({ note }) => note) },
    { title: 'Sources', lines: sources },
  ]
  return parts
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => indent([paint.dim(title), ...lines].join('\n')))
}

const label = ({ options }: Variant): string => (options === '' ? 'default' : options)
