import type { ComparedModel } from '../types.js'
import { type MeasuredModels, top1 } from './comparison-figures.js'
import { time, times, visible } from './format.js'
import { left, type Page, right } from './page.js'
import { table } from './table.js'

/**
 * Where exactly two options were varied, what each combination takes: one option down, the other across, as MobileNet's
 * paper trades width for resolution.
 */
export function tradeOffs({ models, pairs }: MeasuredModels, page: Page): string[] {
  const gapOf = ({ label }: ComparedModel) => pairs.find(({ model }) => model === label)?.gap?.point
  const bases = [...new Set(models.map(({ base }) => base))]
  return bases.flatMap((base) => {
    const own = models.filter((model) => model.base === base && Object.keys(model.varied).length > 0)
    const [down, across, ...others] = new Set(own.flatMap(({ varied }) => Object.keys(varied)))
    if (down === undefined || across === undefined || others.length > 0) return []
    const show = (title: string, cell: Cell) => grid(title, own, [down, across], cell, page)
    return [
      show('Latency', ({ measurement }) => time(measurement.latencyMs.point)),
      show('Gap', (model) => times(gapOf(model) ?? 1)),
      own.some((model) => top1(model) !== '-') ? show('Top-1', top1) : '',
    ]
  })
}

type Cell = (model: ComparedModel) => string

function grid(
  title: string,
  models: readonly ComparedModel[],
  [down, across]: readonly [string, string],
  cell: Cell,
  page: Page,
): string {
  const valuesOf = (key: string) => [...new Set(models.map(({ varied }) => varied[key] ?? ''))]
  const columns = valuesOf(across)
  const rows = valuesOf(down).map((row) => [
    visible(row),
    ...columns.map((column) => {
      const found = models.find(({ varied }) => varied[down] === row && varied[across] === column)
      return found === undefined ? '' : cell(found)
    }),
  ])
  return table(
    [left(visible(`${title}, ${down} by ${across}`)), ...columns.map((column) => right(visible(column)))],
    rows,
    page,
  )
}
