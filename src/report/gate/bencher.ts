import { createHash } from 'node:crypto'
import type { GateReport } from '../../types.js'
import { visible } from '../format.js'
import { type Figure, figures } from './figures.js'

/**
 * Bencher's Metric Format, for `bencher run --adapter json --file`: a benchmark a model, a measure a figure. Bencher's own
 * measure `latency` is in nanoseconds; the others bear their unit in the name.
 *
 * @see https://bencher.dev/docs/reference/bencher-metric-format
 */
export function bencher(report: GateReport): string {
  const all = figures(report)
  const models = [...new Set(all.map(({ model }) => model))]
  const benchmarks = models.map((model) => {
    const measures = all.filter((figure) => figure.model === model).map(measure)
    return [within(visible(model), longestBenchmark), Object.fromEntries(measures)]
  })
  return `${JSON.stringify(Object.fromEntries(benchmarks), null, 2)}\n`
}

/** Of a benchmark's name and of a measure's. */
const [longestBenchmark, longestMeasure] = [1024, 64]

/** Cut to so many characters, and still another name than any other. */
function within(name: string, most: number): string {
  if (name.length <= most) return name
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${name.slice(0, most - mark.length - 1)}-${mark}`
}

const nanoseconds = 1e6

function measure({ metric, unit, value, interval }: Figure): [string, object] {
  const scale = unit === 'ms' ? nanoseconds : 1
  const bounds = interval === null ? {} : { lower_value: interval.lower * scale, upper_value: interval.upper * scale }
  return [within(kebab(visible(metric)), longestMeasure), { value: value * scale, ...bounds }]
}

/** `peakActivationBytes` as `peak-activation-bytes`. */
const kebab = (metric: string): string => metric.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
