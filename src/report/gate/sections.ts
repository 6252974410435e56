import type { GateCheck, GateReport, LatencyEvidence } from '../../types.js'
import type { Section } from './cut.js'
import { name, prose, row } from './markdown-text.js'
import { byGravity, expectation, type Outcome, outcomeOf, tally, verdictText } from './outcome.js'
import { changeText, intervalText, layerText, machineText, valueText } from './values.js'

/** What a page of Markdown says of a gate: the verdict and why, what failed, and only then all else. */

export function head(report: GateReport): string {
  const { verdict, against, error, checks, environment } = report
  const expected = expectation(report)
  const paragraphs = [
    `## flopgap gate: ${verdictText[verdict]}`,
    expected === null ? '' : `**${prose(expected.message)}**`,
    error === null ? '' : `**${prose(error.message)}** ${prose(error.hint ?? '')}`.trim(),
    [tallied(checks), against === null ? '' : `against ${name(against.path)}`].filter(Boolean).join(', '),
    environment === null ? '' : prose(machineText(environment)),
  ]
  return `${paragraphs.filter(Boolean).join('\n\n')}\n`
}

/** `3 checks: 1 failed, 2 passed`. */
const tallied = (checks: readonly GateCheck[]): string =>
  checks.length === 0 ? '' : `${checks.length} check${checks.length === 1 ? '' : 's'}: ${tally(checks)}`

const [grave, quiet]: readonly (readonly Outcome[])[] = [
  ['failed', 'undecided', 'warned'],
  ['improved', 'noted', 'passed'],
] as const

export function sections({ checks, latency }: GateReport, mostLayers: number): Section[] {
  const sorted = byGravity(checks)
  const of = (outcomes: readonly Outcome[] = []) => sorted.filter((check) => outcomes.includes(outcomeOf(check)))
  const [wrong, right] = [of(grave), of(quiet)]
  return [
    table(wrong, ''),
    { before: '\n', rows: wrong.map((check) => cause(check, mostLayers)), after: '' },
    latencies(latency),
    collapsed(tally(right), table(right, '\n')),
  ].filter(({ rows }) => rows.length > 0)
}

const titles = ['', 'model', 'figure', 'before', 'now', 'change', 'limit']

const table = (checks: readonly GateCheck[], after: string): Section => ({
  before: `\n${row(titles)}${row(['---', '---', '---', '---:', '---:', '---:', '---:'])}`,
  rows: checks.map((check) => {
    const { model, metric, baseline, current, limit, unit } = check
    const values = [valueText(baseline, unit), valueText(current, unit), changeText(check), valueText(limit, unit)]
    return row([outcomeText[outcomeOf(check)], name(model), prose(metric), ...values.map(prose)])
  }),
  after,
})

const outcomeText: Readonly<Record<Outcome, string>> = {
  failed: '**failed**',
  undecided: 'cannot tell',
  warned: 'warning',
  improved: 'improved',
  noted: 'not judged',
  passed: 'passed',
}

/** Why, what to do, and the layers that did it. */
function cause(check: GateCheck, mostLayers: number): string {
  const { model, metric, message, try: next, layers, unit } = check
  const more = layers.length - mostLayers
  const lines = [
    `- ${name(model)} **${prose(metric)}**: ${prose(message)}${next === null ? '' : `. *Try:* ${prose(next)}`}`,
    ...layers.slice(0, mostLayers).map((layer) => `  - ${name(layerText(layer, unit))}`),
    ...(more > 0 ? [`  - and ${more} more layers`] : []),
  ]
  return `${lines.join('\n')}\n`
}

const latencies = (latency: readonly LatencyEvidence[]): Section => ({
  before: '\n### Latency\n\n',
  rows: latency.map((one) => `- ${evidence(one)}\n`),
  after: '',
})

function evidence(one: LatencyEvidence): string {
  const parts = [
    `${intervalText(one.ratio, 'ratio')} against ${one.beside}`,
    `${one.threshold.toFixed(3)} x fails`,
    ...(one.confirmation === null ? [] : [`in a second launch ${intervalText(one.confirmation, 'ratio')}`]),
    `${valueText(one.candidateMs.point, 'ms')} against ${valueText(one.besideMs.point, 'ms')}`,
    `${one.pairs} pairs in ${one.launches} launch${one.launches === 1 ? '' : 'es'}`,
    `a slowdown of ${((one.minimumDetectable - 1) * 100).toFixed(1)} % could have been told`,
  ]
  return `${name(one.model)}: ${parts.map(prose).join('; ')}. ${prose(one.hint ?? '')}`.trim()
}

const collapsed = (title: string, { before, rows, after }: Section): Section => ({
  before: `\n<details><summary>${prose(title)}</summary>\n${before}`,
  rows,
  after: `${after}</details>\n`,
})
