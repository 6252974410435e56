import type { PredictedKernelCost, PredictionReport } from '../types.js'
import { heading } from './analysis.js'
import { count, milliseconds, percent, rate, shorten, time, times } from './format.js'
import { bar, indent, left, type Page, paragraphs, right, warningLines } from './page.js'
import { where } from './profile.js'
import { table } from './table.js'

/** A prediction for a terminal; with `all` every kernel. */
export const predictionText = (report: PredictionReport, page: Page, { all }: { all: boolean }): string =>
  paragraphs([
    `${heading(report, page)}\n${where(report)}`,
    indent(headline(report, page)),
    classes(report, page),
    kernels(report, page, all),
    ...warningLines(report.warnings, page),
    page.paint.dim('Nothing was run. What it really takes: flopgap profile.'),
  ])

function headline({ totals, theory, prediction, ceilings, kernels }: PredictionReport, { paint }: Page): string {
  const { point, lower, upper, confidenceLevel } = prediction.latencyMs
  const interval = `${percent(confidenceLevel)} interval ${time(lower)} to ${time(upper)}`
  const guess =
    prediction.guessedShare < 0.005 ? '' : `, ${percent(prediction.guessedShare)} of it in kernels of unknown kinds`
  const rows = [
    ['cost', `${count(totals.macs)} MACs`, `${count(totals.flops)} FLOPs, ${count(totals.params)} params`],
    ['theory', time(theory.flopsTimeMs), `the FLOPs at ${rate(ceilings.flopsPerSecond, 'FLOP')}`],
    ['roofline', time(theory.rooflineMs), `of its ${kernels.length} kernels`],
    ['predicted', time(point), `${interval}${guess}`],
    ['gap', theory.flopsTimeMs === 0 ? '?' : times(point / theory.flopsTimeMs), 'predicted / theory'],
  ]
  return rows
    .map(([name = '', value = '', detail = '']) => {
      const text = value.padStart(10)
      return `${name.padEnd(10)}${name === 'predicted' ? paint.bold(text) : text}   ${detail}`
    })
    .join('\n')
}

function classes({ kernels, prediction }: PredictionReport, page: Page): string {
  const sums = new Map<string, { kernels: number; ms: number }>()
  for (const { class: name, ms } of kernels) {
    const known = sums.get(name) ?? { kernels: 0, ms: 0 }
    sums.set(name, { kernels: known.kernels + 1, ms: known.ms + ms })
  }
  const width = Math.max(10, Math.min(40, page.width - 54))
  const rows = [...sums]
    .sort(([, a], [, b]) => b.ms - a.ms)
    .map(([name, sum]) => {
      const share = sum.ms / prediction.latencyMs.point
      return [name, String(sum.kernels), milliseconds(sum.ms), percent(share), page.paint.cyan(bar(share, width))]
    })
  return table([left('Kind of kernel'), right('kernels'), right('ms'), right('share'), left('')], rows, page)
}

const longest = 8

function kernels({ kernels, prediction }: PredictionReport, page: Page, all: boolean): string {
  const shown = all ? kernels : [...kernels].sort((a, b) => b.ms - a.ms).slice(0, longest)
  const rows = shown.map((kernel) => [
    shorten(nameOf(kernel), Math.max(20, page.width - 60)),
    kernel.class,
    milliseconds(kernel.ms),
    percent(kernel.ms / prediction.latencyMs.point),
    milliseconds(kernel.rooflineMs),
    kernel.isGuess ? 'unknown kind' : '',
  ])
  const title = all ? 'Kernels, in order' : 'Longest kernels'
  return table([left(title), left('kind'), right('ms'), right('share'), right('roofline'), left('')], rows, page)
}

/** A kernel by the layers it stands for. */
function nameOf({ nodes, inserted, op }: PredictedKernelCost): string {
  const [first] = nodes
  if (first === undefined) return inserted ? `${op} (added)` : op
  return nodes.length === 1 ? first : `${first} +${nodes.length - 1}`
}
