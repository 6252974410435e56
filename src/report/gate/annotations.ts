import type { GateCheck, GateReport } from '../../types.js'
import { shorten } from '../format.js'
import { byGravity, expectation, isFatal, type Outcome, outcomeOf } from './outcome.js'
import { layerText } from './values.js'

type Level = 'error' | 'warning' | 'notice'

interface Annotation {
  readonly level: Level
  readonly title: string
  readonly message: string
}

/** GitHub shows so many of a step and drops the rest without a word. */
const most = 10

/** Of a message and of the layers under it: enough to see the cause. */
const [longestMessage, longestTitle, mostLayers] = [1000, 200, 5]

/**
 * Commands to GitHub's runner, which shows them beside a pull request: what failed first, then what could not be told, what
 * warns and what improved. Nothing where all just passed.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotations(report: GateReport): string {
  const all = [...ofWhole(report), ...byGravity(report.checks).flatMap((check) => ofCheck(check, report))]
  const shown = all.length > most ? [...all.slice(0, most - 1), rest(all.slice(most - 1))] : all
  return shown.map(command).join('')
}

function ofWhole(report: GateReport): Annotation[] {
  const { error } = report
  const expected = expectation(report)
  return [
    ...(error === null ? [] : [annotation('error', 'could not judge', [error.message, error.hint])]),
    ...(expected === null ? [] : [annotation(expected.isMet ? 'notice' : 'error', 'expect-fail', [expected.message])]),
  ]
}

const levels: Readonly<Record<Outcome, Level | null>> = {
  failed: 'error',
  undecided: 'warning',
  warned: 'warning',
  improved: 'notice',
  noted: null,
  passed: null,
}

function ofCheck(check: GateCheck, report: GateReport): Annotation[] {
  const outcome = outcomeOf(check)
  const isExpected = expectation(report)?.isMet === true
  const level = isFatal(outcome, report) ? (isExpected ? 'notice' : 'error') : levels[outcome]
  if (level === null) return []
  const layers = check.layers.slice(0, mostLayers).map((layer) => layerText(layer, check.unit))
  const next = check.try === null ? null : `try: ${check.try}`
  return [annotation(level, `${shorten(check.model, 100)}: ${check.metric}`, [check.message, next, ...layers])]
}

const annotation = (level: Level, title: string, lines: readonly (string | null)[]): Annotation => ({
  level,
  title: `flopgap gate, ${title}`,
  message: lines
    .filter((line) => line !== null)
    .map((line) => shorten(line, longestMessage))
    .join('\n'),
})

/** As grave as the gravest of those it stands for. */
const rest = (others: readonly Annotation[]): Annotation =>
  annotation(others[0]?.level ?? 'notice', `${others.length} more`, ['The job summary has them all.'])

const command = ({ level, title, message }: Annotation): string =>
  `::${level} title=${property(shorten(title, longestTitle))}::${data(message)}\n`

/** Lines have been made visible, so only their ends and the sign of escapes are left. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\n', '%0A')

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
