import type { BaselineModel, BaselineReport, GateCheck } from '../types.js'
import { bytes, count, shorten, visible } from './format.js'
import { columns, left, type Page, paragraphs, right } from './page.js'
import { place } from './place.js'

/** A baseline for a terminal: its models, and what was changed of it. */
export const baselineText = (report: BaselineReport, page: Page): string =>
  paragraphs([
    `${page.paint.bold(visible(report.path))}\n${places(report.models).join('\n')}`,
    models(report.models, page),
    changes(report.changes, page),
    report.removed.length === 0 ? '' : `Gone: ${report.removed.map(visible).join(', ')}`,
  ])

const places = (models: readonly BaselineModel[]): string[] => [
  ...new Set(models.map(({ environment }) => `${place(environment)}, ${visible(environment.cpu)}`)),
]

function models(all: readonly BaselineModel[], page: Page): string {
  const known = (value: number | null, format: (value: number) => string) => (value === null ? '?' : format(value))
  const rows = all.map(({ model, figures, latency }) => [
    shorten(model, 40),
    known(figures.macs, count),
    known(figures.params, count),
    known(figures.bytes, bytes),
    known(figures.kernels, count),
    known(figures.findings, count),
    latency === null ? '-' : `${latency.ratio.point.toFixed(3)} of ${latency.reference}`,
  ])
  const titles = ['MACs', 'params', 'memory', 'kernels', 'findings'].map(right)
  return columns([left('model'), ...titles, left('latency')], rows, page)
}

function changes(checks: readonly GateCheck[], page: Page): string {
  const rows = checks.map(({ model, metric, message }) => [shorten(model, 40), metric, visible(message)])
  return rows.length === 0 ? '' : columns([left('changed'), left('figure'), left('')], rows, page)
}
