import type { FailOn, Finding, Level, RuleLevel, RuleOutcome } from '../../types.js'
import type { Draft, ExecutedModel, LintContext, LintRule } from './rule.js'

/** What a person wants of the rules. */
export interface LintSettings {
  readonly levels: Readonly<Record<string, RuleLevel>>
  readonly ignore: readonly Ignore[]
}

/** Findings of a rule that are not reported: all, or those whose first layer is among these; `*` stands for any text. */
interface Ignore {
  readonly rule: string
  readonly nodes?: readonly string[] | undefined
}

/** A finding, and the draft that it came from. */
export interface Found {
  readonly finding: Finding
  readonly draft: Draft
}

export interface Outcome {
  readonly found: readonly Found[]
  readonly rules: readonly RuleOutcome[]
}

/** Looks for every rule's failing state in a model. */
export function lint(context: LintContext, rules: readonly LintRule[], { levels, ignore }: LintSettings): Outcome {
  const outcomes = rules.map((rule) => outcomeOf(context, rule, levels[rule.id] ?? rule.level, ignore))
  return {
    found: outcomes.flatMap(({ found }) => found).sort(byGravity),
    rules: outcomes.map(({ outcome }) => outcome),
  }
}

/** Whether a finding is as grave as that. */
export const reaches = (findings: readonly Finding[], failOn: FailOn): boolean =>
  failOn !== 'never' && findings.some(({ level }) => rank(level) >= rank(failOn))

const rank = (level: Level): number => ['info', 'warning', 'error'].indexOf(level)

/** Gravest first, then dearest, then in the order in which they were found. */
const byGravity = ({ finding: a }: Found, { finding: b }: Found): number =>
  rank(b.level) - rank(a.level) || (b.ms ?? 0) - (a.ms ?? 0)

function outcomeOf(context: LintContext, rule: LintRule, configured: RuleLevel, ignore: readonly Ignore[]) {
  const { id, level, summary, source, fixable } = rule
  const reason = configured === 'off' ? null : (rule.unavailable?.(context) ?? null)
  const isChecked = configured !== 'off' && reason === null
  const all = isChecked ? rule.check(context).map((draft) => foundOf(context, rule, configured, draft)) : []
  const found = all.filter(({ finding }) => !isIgnored(finding, ignore))
  const outcome: RuleOutcome = {
    ...{ id, level, summary, source, fixable, configured, reason },
    status: configured === 'off' ? 'off' : isChecked ? 'checked' : 'skipped',
    findings: found.length,
    ignored: all.length - found.length,
  }
  return { found, outcome }
}

function foundOf(context: LintContext, { id }: LintRule, level: Level, draft: Draft): Found {
  const nodes = [...new Set(draft.nodes)]
  const layers = nodes.flatMap((index) => context.layers[index] ?? [])
  const sum = (figure: (layer: (typeof layers)[number]) => number | null) =>
    layers.reduce((total, layer) => total + (figure(layer) ?? 0), 0)
  const finding: Finding = {
    rule: id,
    level,
    message: draft.message,
    nodes: layers.map(({ name }) => name),
    macs: sum(({ macs }) => macs),
    bytes: sum(({ readBytes }) => readBytes) + sum(({ writeBytes }) => writeBytes),
    params: sum(({ params }) => params),
    ...timeOf(context.executed, draft),
    try: draft.try,
    fixable: draft.fix !== undefined,
  }
  return { finding, draft }
}

/** Of the kernels that a draft names, or of those that compute its layers, each counted once. */
function timeOf(executed: ExecutedModel | null, { nodes, kernels }: Draft): Pick<Finding, 'ms' | 'share' | 'basis'> {
  if (executed === null) return { ms: null, share: null, basis: null }
  const wanted = new Set(nodes)
  const own =
    kernels === undefined
      ? executed.kernels.filter((kernel) => kernel.nodes.some((index) => wanted.has(index)))
      : kernels.flatMap((place) => executed.kernels[place] ?? [])
  const times = own.map(({ ms }) => ms)
  if (own.length === 0 || times.includes(null)) return { ms: null, share: null, basis: executed.basis }
  const ms = times.reduce((total: number, time) => total + (time ?? 0), 0)
  return { ms, share: executed.latencyMs === 0 ? null : ms / executed.latencyMs, basis: executed.basis }
}

function isIgnored({ rule, nodes: [first = ''] }: Finding, ignore: readonly Ignore[]): boolean {
  return ignore.some((one) => one.rule === rule && (one.nodes ?? ['*']).some((pattern) => matches(pattern, first)))
}

/** Whether a text is the pattern, in which `*` stands for any text. Without a regular expression: patterns are not trusted. */
export function matches(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return pattern === text
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false
  let at = head.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > text.length - tail.length) return false
    at = found + part.length
  }
  return true
}
