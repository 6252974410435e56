import type { ComparedModel, ModelPair } from '../types.js'
import { bytes, count, percent, shorten, time, times } from './format.js'
import { percentage } from './list.js'
import { type Column, left, type Page, right } from './page.js'
import { table } from './table.js'

/** What was measured in one environment. */
export interface MeasuredModels {
  readonly models: readonly ComparedModel[]
  readonly pairs: readonly ModelPair[]
  readonly reference: string
}

/** A column that needs a width, in pages at least as wide as `from`. */
interface Figure {
  readonly title: string
  readonly width: number
  readonly from: number
  readonly cell: (model: ComparedModel, pair: ModelPair | undefined) => string
}

const always = 0

const costs: readonly Figure[] = [
  { title: 'MACs', width: 7, from: always, cell: ({ totals }) => count(totals.macs) },
  { title: 'params', width: 7, from: always, cell: ({ totals }) => count(totals.params) },
  {
    title: 'memory',
    width: 8,
    from: always,
    cell: ({ kernels }) => bytes(kernels.reduce((sum, k) => sum + k.bytes, 0)),
  },
  { title: 'latency', width: 8, from: always, cell: ({ measurement }) => time(measurement.latencyMs.point) },
  { title: '±', width: 6, from: 84, cell: ({ measurement }) => percent(halfWidth(measurement.latencyMs)) },
  { title: 'images/s', width: 8, from: 84, cell: imagesPerSecond },
]

const speedups: readonly Figure[] = [
  {
    title: 'by MACs',
    width: 7,
    from: always,
    cell: (_, pair) => (pair === undefined ? ratio(1) : ratio(pair.theoreticalSpeedup)),
  },
  { title: 'actual', width: 7, from: always, cell: (_, pair) => ratio(pair?.actualSpeedup.point ?? 1) },
  {
    title: 'interval',
    width: 12,
    from: always,
    cell: (_, pair) => (pair === undefined ? 'reference' : interval(pair)),
  },
  {
    title: 'gap',
    width: 7,
    from: always,
    cell: (_, pair) => (pair === undefined ? '' : ratio(pair.gap?.point ?? null)),
  },
  { title: 'top-1', width: 7, from: 72, cell: (model) => top1(model) },
]

/** What each model costs and takes, and its speedup over the reference by MACs and in fact. */
export const figures = (measured: MeasuredModels, page: Page): string[] => [
  rows('Model', costs, measured, page),
  rows('Speedup', speedups, measured, page),
]

function rows(title: string, all: readonly Figure[], { models, pairs, reference }: MeasuredModels, page: Page): string {
  const shown = all.filter(({ from }) => page.width >= from)
  const rest = page.width - 2 - shown.reduce((sum, { width }) => sum + width + 2, 0)
  const columns: Column[] = [left(title), ...shown.map((figure) => right(figure.title))]
  return table(
    columns,
    models.map((model) => {
      const pair = model.label === reference ? undefined : pairs.find((one) => one.model === model.label)
      return [shorten(model.label, Math.max(12, rest)), ...shown.map(({ cell }) => cell(model, pair))]
    }),
    page,
  )
}

const halfWidth = ({ point, lower, upper }: { point: number; lower: number; upper: number }): number =>
  (upper - lower) / 2 / point

const ratio = (value: number | null): string => (value === null ? '?' : `${digits(value)} x`)

const interval = ({ actualSpeedup: { lower, upper } }: ModelPair): string => `${digits(lower)} to ${digits(upper)}`

/** Three significant digits below one too: a speedup of a twentieth is as exact as one of twenty. */
const digits = (value: number): string => (value < 0.9995 ? value.toPrecision(3) : times(value).replace(' x', ''))

/** Published accuracy on ImageNet, the only one that can stand in one column. */
export const top1 = ({ published, dataSet }: ComparedModel): string =>
  percentage(dataSet === 'imagenet' ? published?.top1 : undefined)

/** How many a second, where the first input is a batch of images. */
function imagesPerSecond({ model, measurement }: ComparedModel): string {
  const shape = model.inputs[0]?.shape ?? []
  const [batch] = shape
  const isImages = shape.length === 4 && typeof batch === 'number'
  return isImages ? count((batch * 1000) / measurement.latencyMs.point) : '-'
}
