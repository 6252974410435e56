import type { Cause, GapReport, KernelGap } from '../types.js'
import { heading } from './analysis.js'
import { causeName } from './cause-names.js'
import { bytes, count, milliseconds, percent, rate, shorten, time, times, visible } from './format.js'
import { bar, indent, left, type Page, paragraphs, right, warningLines } from './page.js'
import { place } from './place.js'
import { table } from './table.js'

/** A profile for a terminal: one screen, or with `all` every kernel. */
export const profileText = (report: GapReport, page: Page, { all }: { all: boolean }): string =>
  paragraphs([
    `${heading(report, page)}\n${where(report)}`,
    indent(headline(report, page)),
    causes(report, page),
    all ? kernels('Kernels, in order', report.kernels, page) : worst(report, page),
    all ? blocks(report, page) : '',
    operators(report, page),
    ...warningLines(report.warnings, page),
    all ? '' : page.paint.dim('Every kernel: --all. Everything there is: --format json.'),
  ])

/** Where a model runs. */
export function where({ environment }: Pick<GapReport, 'environment'>): string {
  return `${place(environment)}, ${visible(environment.cpu)}`
}

function headline(
  { totals, theory, measurement, gap, ceilings, kernels, prediction }: GapReport,
  { paint }: Page,
): string {
  const { latencyMs, runsMs } = measurement
  const moved = kernels.reduce((sum, kernel) => sum + kernel.bytes, 0)
  const halfWidth = (latencyMs.upper - latencyMs.lower) / 2 / latencyMs.point
  const interval = `${percent(latencyMs.confidenceLevel)} interval ${time(latencyMs.lower)} to ${time(latencyMs.upper)}`
  const rows = [
    [
      'cost',
      `${count(totals.macs)} MACs`,
      `${count(totals.flops)} FLOPs, ${count(totals.params)} params (${bytes(totals.paramBytes)})`,
    ],
    ['theory', time(theory.flopsTimeMs), `the FLOPs at ${rate(ceilings.flopsPerSecond, 'FLOP')}`],
    ['roofline', time(theory.rooflineMs), `and the ${bytes(moved)} that its ${kernels.length} kernels move`],
    ['measured', time(latencyMs.point), `± ${percent(halfWidth)}, ${interval}, ${runsMs.length} runs`],
    ['gap', gap === null ? '?' : times(gap.point), 'measured / theory'],
    ...startup(measurement),
    ...predicted(prediction),
  ]
  return rows
    .map(([name = '', value = '', detail = '']) => {
      const text = value.padStart(10)
      return `${name.padEnd(9)}${name === 'gap' || name === 'measured' ? paint.bold(text) : text}   ${detail}`
    })
    .join('\n')
}

/** What is waited for once, and what comes out a second. */
function startup({ startup, throughput }: GapReport['measurement']): [string, string, string][] {
  const start = startup.runtimeLoadMs + startup.sessionCreateMs + startup.firstRunMs
  const parts = `onnxruntime ${time(startup.runtimeLoadMs)}, session ${time(startup.sessionCreateMs)}, first run ${time(startup.firstRunMs)}`
  const rows: [string, string, string][] = [['start', time(start), parts]]
  if (throughput === null) return rows
  const { batch, perSecond } = throughput
  return [['output', `${count(perSecond.point)}/s`, `images or sequences, ${batch} at a time`], ...rows]
}

function predicted(prediction: GapReport['prediction']): [string, string, string][] {
  if (prediction === null) return []
  const { point, lower, upper, confidenceLevel } = prediction.latencyMs
  const interval = `${percent(confidenceLevel)} interval ${time(lower)} to ${time(upper)}`
  return [['expected', time(point), `by the calibration alone, ${interval}`]]
}

const leastShare = 0.005

function causes(report: GapReport, page: Page): string {
  const shown = report.causes.filter(({ share }) => share >= leastShare)
  const small = report.causes.filter(({ share }) => share < leastShare)
  const rows = shown.map((cause) => causeRow(causeName(cause.cause), cause, page))
  if (small.length > 0) {
    const rest = small.reduce((sum, { ms, share }) => ({ ms: sum.ms + ms, share: sum.share + share }), {
      ms: 0,
      share: 0,
    })
    rows.push(causeRow(`${small.length} smaller causes`, rest, page))
  }
  return table([left('Where the time goes'), right('ms'), right('share'), left('')], rows, page)
}

const causeRow = (name: string, { ms, share }: Pick<Cause, 'ms' | 'share'>, { paint, width }: Page): string[] => [
  name,
  milliseconds(ms),
  percent(share),
  paint.cyan(bar(share, Math.max(10, Math.min(40, width - 54)))),
]

const worstCount = 8

/** The kernels that lose most against what their FLOPs promise. */
function worst({ kernels: all }: GapReport, page: Page): string {
  const lost = ({ ms, flopsMs }: KernelGap) => (ms ?? 0) - flopsMs
  const timed = all.filter(({ ms }) => ms !== null)
  if (timed.length === 0) return ''
  const ranked = timed.sort((a, b) => lost(b) - lost(a)).slice(0, worstCount)
  return kernels('Most time lost', ranked, page)
}

function kernels(title: string, shown: readonly KernelGap[], page: Page): string {
  const rows = shown.map((kernel) => [
    shorten(sourceNames(kernel), Math.max(20, page.width - 66)),
    kernel.class,
    known(kernel.ms, milliseconds),
    known(kernel.share, percent),
    milliseconds(kernel.flopsMs),
    milliseconds(kernel.rooflineMs),
    kernel.bound,
  ])
  const figures = ['ms', 'share', 'theory', 'roofline'].map(right)
  return table([left(title), left('kind'), ...figures, left('bound by')], rows, page)
}

/** Parts of the network, in order, and the cause that costs most in each beyond what FLOPs promise. */
function blocks({ blocks }: GapReport, page: Page): string {
  if (blocks.length < 2) return ''
  const rows = blocks.map(({ name, kernels, ms, share, flopsMs, causes }) => {
    const [worst] = causes.filter(({ cause }) => cause !== 'arithmetic').sort((a, b) => b.ms - a.ms)
    return [
      shorten(name, Math.max(16, page.width - 74)),
      String(kernels),
      known(ms, milliseconds),
      known(share, percent),
      milliseconds(flopsMs),
      worst === undefined ? '' : `${causeName(worst.cause)}, ${milliseconds(worst.ms)}`,
    ]
  })
  const figures = ['kernels', 'ms', 'share', 'theory'].map(right)
  return table([left('Part'), ...figures, left('most lost to')], rows, page)
}

const known = (figure: number | null, text: (figure: number) => string): string =>
  figure === null ? '?' : text(figure)

/** A kernel by the layers it stands for. */
function sourceNames({ nodes, inserted, op }: KernelGap): string {
  const [first] = nodes
  if (first === undefined) return inserted ? `${op} (added)` : op
  return nodes.length === 1 ? first : `${first} +${nodes.length - 1}`
}

const operatorRows = 6

function operators({ opShares }: GapReport, page: Page): string {
  const width = Math.max(6, Math.min(16, Math.floor((page.width - 50) / 2)))
  const rows = opShares
    .slice(0, operatorRows)
    .map(({ op, macsShare, timeShare, kernels }) => [
      shorten(op, 22),
      String(kernels),
      known(macsShare, percent),
      page.paint.dim(bar(macsShare ?? 0, width)),
      known(timeShare, percent),
      page.paint.cyan(bar(timeShare ?? 0, width)),
    ])
  return table([left('Operator'), right('kernels'), right('MACs'), left(''), right('time'), left('')], rows, page)
}
