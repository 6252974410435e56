import type { GateReport, GateUnit } from '../../types.js'
import { shorten, visible } from '../format.js'
import { type Figure, figures } from './figures.js'
import { intervalText } from './values.js'

/**
 * The list that github-action-benchmark takes as its tool `customSmallerIsBetter`, and draws over time.
 *
 * @see https://github.com/benchmark-action/github-action-benchmark
 */
export const customSmallerIsBetter = (report: GateReport): string =>
  `${JSON.stringify(figures(report).map(entry), null, 2)}\n`

const units: Readonly<Record<GateUnit, string>> = { count: 'count', bytes: 'bytes', ms: 'ms', ratio: 'x' }

const entry = ({ model, metric, unit, value, interval, note }: Figure) => ({
  name: `${visible(model)}: ${visible(metric)}`,
  unit: units[unit],
  value,
  ...(interval === null ? {} : { range: intervalText(interval, unit) }),
  extra: shorten(note, longestNote),
})

/** It is shown where the mouse points. */
const longestNote = 300
