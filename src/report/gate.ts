import type { ChangedLayer, GateCheck, GateReport } from '../types.js'
import { shorten, visible } from './format.js'
import { byGravity, expectation, type Outcome, outcomeOf, tally, verdictText } from './gate/outcome.js'
import { layerText, machineText } from './gate/values.js'
import { columns, indent, left, type Page, paragraphs } from './page.js'
import { wrapped } from './wrap.js'

/** Checks that are told with their cause, and layers of each, without `all`. */
const [mostFailures, mostLayers] = [6, 5]

/** A gate's report for a terminal: the verdict, what fails with its cause, then all else in short; with `all` everything. */
export function gateText(report: GateReport, page: Page, { all }: { all: boolean }): string {
  const checks = byGravity(report.checks)
  const grave = checks.filter((check) => isGrave(outcomeOf(check)))
  const shown = all ? grave : grave.filter(isToldApart).slice(0, mostFailures)
  const others = checks.filter((check) => all || !shown.includes(check))
  return paragraphs([
    headline(report, page),
    ...shown.map((check) => failure(check, page, all)),
    checkTable(others, page, all),
    all || report.checks.length === 0
      ? ''
      : page.paint.dim('Every check and layer: --all. Everything there is: --format json.'),
  ])
}

const isGrave = (outcome: Outcome): boolean => outcome === 'failed' || outcome === 'undecided' || outcome === 'warned'

/** What changed one figure of a model changed the others: its first, and its latency, stand for all. */
const isToldApart = (check: GateCheck, _: number, grave: readonly GateCheck[]): boolean =>
  check.metric === 'latency' ||
  check === grave.find(({ model, metric }) => model === check.model && metric !== 'latency')

function headline(report: GateReport, page: Page): string {
  const { verdict, checks, against, environment, error } = report
  const style = { passed: 'green', improved: 'green', regressed: 'red', inconclusive: 'yellow', error: 'red' } as const
  const expected = expectation(report)
  return [
    `${page.paint[style[verdict]](page.paint.bold(verdictText[verdict]))}  ${tally(checks)}`.trimEnd(),
    ...(error === null ? [besides(against)] : []),
    ...(environment === null ? [] : [machineText(environment)]),
    ...(expected === null ? [] : [expected.message]),
    ...(error === null ? [] : [visible(error.message)]),
  ].join('\n')
}

const besides = (against: GateReport['against']): string =>
  against === null
    ? 'against limits alone'
    : `against ${against.kind === 'model' ? '' : 'the baseline '}${visible(against.path)}`

const words: Readonly<Record<Outcome, string>> = {
  failed: 'failed',
  undecided: 'cannot tell',
  warned: 'warning',
  improved: 'improved',
  noted: 'not judged',
  passed: 'passed',
}

/** `failed  mobilenet-v2  macs`, why, the layers that did it, and what to do. */
function failure(check: GateCheck, page: Page, all: boolean): string {
  const outcome = outcomeOf(check)
  const style = outcome === 'failed' ? page.paint.red : page.paint.yellow
  const layers = all ? check.layers : check.layers.slice(0, mostLayers)
  const left = check.layers.length - layers.length
  const inner = [
    wrapped(visible(check.message), page.width - 4),
    ...layers.map((layer) => shorten(layerText(layer, check.unit), page.width - 4)),
    ...(left > 0 ? [page.paint.dim(`and ${left} more layers`)] : []),
    ...(check.try === null ? [] : [wrapped(`try: ${visible(check.try)}`, page.width - 4)]),
  ]
  return indent(
    `${style(words[outcome])}  ${page.paint.bold(visible(check.model))}  ${check.metric}\n${indent(inner.join('\n'))}`,
  )
}

function checkTable(checks: readonly GateCheck[], page: Page, all: boolean): string {
  if (checks.length === 0) return ''
  const nameWidth = Math.max(12, Math.min(24, page.width - 76))
  const rows = checks.map((check) => {
    // what comes behind the first semicolon is detail
    const [essence = ''] = all ? [check.message] : check.message.split('; ')
    const message = shorten(essence, Math.max(20, page.width - nameWidth - 37))
    return [words[outcomeOf(check)], shorten(check.model, nameWidth), check.metric, message]
  })
  const table = columns([left(''), left('model'), left('figure'), left('')], rows, page)
  if (!all) return table
  const changed = checks.filter(({ layers }) => layers.length > 0)
  const lists = changed.map(
    ({ model, metric, layers, unit }) => `${visible(model)}  ${metric}\n${layerLines(layers, unit, page)}`,
  )
  return [table, ...lists.map(indent)].join('\n\n')
}

const layerLines = (layers: readonly ChangedLayer[], unit: GateCheck['unit'], page: Page): string =>
  indent(layers.map((layer) => shorten(layerText(layer, unit), page.width - 6)).join('\n'))
