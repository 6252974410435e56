import type { Selfcheck } from '../types.js'
import { visible } from './format.js'
import { machineText } from './gate/values.js'
import { columns, indent, left, type Page, paragraphs, right } from './page.js'

const words = { passed: 'passed', failed: 'failed', 'cannot-tell': 'cannot tell' } as const

/** How well this machine can judge, for a terminal. */
export const selfcheckText = (report: Selfcheck, page: Page): string =>
  paragraphs([
    `${page.paint.bold(visible(report.model))}  beside itself, ${report.gates.length} processes\n${machineText(report.environment)}`,
    gates(report, page),
    indent(summary(report).join('\n')),
  ])

function gates({ gates }: Selfcheck, page: Page): string {
  const rows = gates.map(({ ratio, pairs, verdict }) => [
    ratio.point.toFixed(3),
    `${ratio.lower.toFixed(3)} to ${ratio.upper.toFixed(3)}`,
    String(pairs),
    words[verdict],
  ])
  return columns([right('ratio'), left('99 % interval'), right('pairs'), left('')], rows, page)
}

function summary({ gates, spread, threshold, minimumDetectable, recommendedThreshold, isFit }: Selfcheck): string[] {
  const of = (verdict: (typeof gates)[0]['verdict']) => gates.filter((gate) => gate.verdict === verdict).length
  const percent = (ratio: number) => `${Number(((ratio - 1) * 100).toFixed(1))} %`
  return [
    `spread       ${spread.lowest.toFixed(3)} to ${spread.highest.toFixed(3)}, median ${spread.median.toFixed(3)}`,
    `at ${percent(threshold)}`.padEnd(13) +
      `${of('passed')} passed, ${of('failed')} failed, ${of('cannot-tell')} could not tell`,
    `detects      ${percent(minimumDetectable)} more in nine of ten gates`,
    `recommended  --threshold ${percent(recommendedThreshold).replace(' ', '')}${isFit ? '' : ': the machine is not fit for less'}`,
  ]
}
