import type { Finding, Level, LintReport, RuleOutcome } from '../types.js'
import { heading } from './analysis.js'
import { bytes, count, percent, shorten, time, visible } from './format.js'
import { indent, type Page, paragraphs, warningLines } from './page.js'
import { place } from './place.js'
import { wrapped } from './wrap.js'

/** Findings of one rule that are shown without `all`. */
const worstCount = 3

/** What lint found, for a terminal: by rule, the worst of each; with `all` every one. */
export const lintText = (report: LintReport, page: Page, { all }: { all: boolean }): string =>
  paragraphs([
    `${heading(report, page)}\n${where(report)}`,
    ...groupsOf(report).map((group) => indent(groupText(group, report, page, all))),
    indent(outcomes(report, page)),
    ...warningLines(report.warnings, page),
    page.paint.dim(closing(report, all)),
  ])

function where({ environment, latencyMs, basis }: LintReport): string {
  if (environment === null || latencyMs === null) return 'the graph alone; no times'
  return `${place(environment)}, ${time(latencyMs.point)} ${basis}`
}

interface Group {
  readonly rule: RuleOutcome
  readonly findings: readonly Finding[]
  readonly ms: number
}

/** One group a rule, in the order of their gravest and dearest findings. */
function groupsOf({ rules, findings }: LintReport): Group[] {
  const ids = [...new Set(findings.map(({ rule }) => rule))]
  const groups = ids.flatMap((id) => {
    const own = findings.filter(({ rule }) => rule === id)
    const rule = rules.find((one) => one.id === id)
    return rule === undefined ? [] : [{ rule, findings: own, ms: own.reduce((sum, { ms }) => sum + (ms ?? 0), 0) }]
  })
  const rank = ({ rule }: Group) => ['error', 'warning', 'info'].indexOf(rule.configured)
  return groups.sort((a, b) => rank(a) - rank(b) || b.ms - a.ms)
}

function groupText({ rule, findings }: Group, report: LintReport, page: Page, all: boolean): string {
  const shown = all ? findings : findings.slice(0, worstCount)
  const left = findings.length - shown.length
  const [{ try: advice = '' } = {}] = findings
  return [
    `${levelText(rule.configured as Level, page)} ${page.paint.bold(rule.id)}  ${timesOf(findings)}`,
    indent(wrapped(rule.summary, page.width - 6)),
    ...shown.map((finding) => indent(findingText(finding, report, page))),
    ...(left > 0 ? [indent(page.paint.dim(`and ${left} more`))] : []),
    indent(wrapped(`try: ${visible(advice)}`, page.width - 6)),
  ].join('\n')
}

const timesOf = ({ length }: readonly Finding[]): string => (length === 1 ? '1 finding' : `${length} findings`)

function levelText(level: Level, { paint }: Page): string {
  const style = { error: paint.red, warning: paint.yellow, info: paint.cyan }[level]
  return style(level)
}

/** `block2/expand/conv +2  0.405 ms, 8.0 %, 19.3 M MACs, 1.2 MB`, and what it is about. */
function findingText({ nodes, message, ms, share, macs, bytes: moved, params }: Finding, _: LintReport, page: Page) {
  const [first = ''] = nodes
  const name = `${shorten(first, Math.max(20, page.width - 60))}${nodes.length > 1 ? ` +${nodes.length - 1}` : ''}`
  const figures = [
    ...(ms === null ? [] : [time(ms)]),
    ...(share === null ? [] : [percent(share)]),
    ...(macs === 0 ? [] : [`${count(macs)} MACs`]),
    ...(moved === 0 ? [] : [bytes(moved)]),
    ...(params === 0 ? [] : [`${count(params)} params`]),
  ]
  return `${name}  ${page.paint.dim(figures.join(', '))}\n${indent(wrapped(visible(message), page.width - 8))}`
}

/** What was not checked and why, and what was hidden. */
function outcomes({ rules }: LintReport, page: Page): string {
  const reasons = new Map<string, string[]>()
  for (const { id, reason } of rules) if (reason !== null) reasons.set(reason, [...(reasons.get(reason) ?? []), id])
  const ignored = rules.reduce((sum, rule) => sum + rule.ignored, 0)
  return [
    ...[...reasons].map(([reason, ids]) => wrapped(`skipped ${ids.join(', ')}: ${reason}`, page.width - 4)),
    ...(ignored > 0
      ? [`${ignored} ${ignored === 1 ? 'finding is' : 'findings are'} ignored by the configuration`]
      : []),
  ].join('\n')
}

function closing({ findings, failOn, failed }: LintReport, all: boolean): string {
  const of = (level: Level, names: string) => {
    const own = findings.filter((finding) => finding.level === level).length
    return own === 0 ? [] : [`${own} ${own === 1 ? level : names}`]
  }
  const counts = [...of('error', 'errors'), ...of('warning', 'warnings'), ...of('info', 'infos')]
  const verdict = failed ? `It fails, by --fail-on ${failOn}.` : ''
  const more = all || findings.length === 0 ? '' : 'Every finding: --all. Why and what to do: docs/rules.'
  return [`${counts.length === 0 ? 'Nothing found' : counts.join(', ')}.`, verdict, more].filter(Boolean).join(' ')
}
