import type { ComparedModel } from '../types.js'
import type { MeasuredModels } from './comparison-figures.js'
import { time, times, visible } from './format.js'
import { left, type Page, right } from './page.js'
import { table } from './table.js'

/**
 * Where exactly two options were varied, what each combination takes: one option down, the other across, as MobileNet's
 * paper trades width for resolution.
 */
export function tradeOffs({ models, pairs }: MeasuredModels, page: Page): string[] {
  const gapOf = ({ label }: ComparedModel) => pairs.find(({ model }) => model === label)?.gap?.point
  const gap = (model: ComparedModel) => times(gapOf(model) ?? 1)
  const bases = [...new Set(models.map(({ base }) => base))]
  return bases.flatMap((base) => {
    const own = models.filter((model) => model.base === base && Object.keys(model.varied).length > 0)
    const keys = [...new Set(own.flatMap(({ varied }) => Object.keys(varied)))]
    if (keys.length !== 2) return []
    const [down = '', across = ''] = keys
    return [
      grid(
        `Latency, ${down} by ${across}`,
        own,
        down,
        across,
        (model) => time(model.measurement.latencyMs.point),
        page,
      ),
      grid(`Gap, ${down} by ${across}`, own, down, across, gap, page),
    ]
  })
}

function grid(
  title: string,
  models: readonly ComparedModel[],
  down: string,
  across: string,
  cell: (model: ComparedModel) => string,
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
  return table([left(visible(title)), ...columns.map((column) => right(visible(column)))], rows, page)
}
