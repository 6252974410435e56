import XMLBuilder from 'fast-xml-builder'
import type { GateCheck, GateReport } from '../../types.js'
import { visible } from '../format.js'
import { expectation, isFatal, outcomeOf, verdictText } from './outcome.js'
import { layerText, machineText } from './values.js'

/** An element: attributes begin with `@`, its text is `#`. */
interface Element {
  readonly [name: string]: string | number | Element | readonly Element[]
}

/**
 * JUnit's XML, as GitLab, Jenkins, Azure and Buildkite read it: a suite a model, a test a check. A check that warns or is
 * not judged passes and says why in its output; what could not be told is skipped, with `--strict` an error.
 *
 * @see https://github.com/testmoapp/junitxml
 */
export function junit(report: GateReport): string {
  const models = [...new Set(report.checks.map(({ model }) => model))]
  const suites = [
    ...models.map((model) =>
      suite(
        model,
        report,
        report.checks.filter((check) => check.model === model).map((check) => testOf(check, report)),
      ),
    ),
    ...wholeOf(report),
  ]
  const xml = new XMLBuilder(settings).build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { '@name': `flopgap gate: ${verdictText[report.verdict]}`, ...sumOf(suites), testsuite: suites },
  })
  return xml.trimStart()
}

const settings = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  format: true,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
} as const

interface Suite extends Element {
  readonly '@tests': number
  readonly '@failures': number
  readonly '@errors': number
  readonly '@skipped': number
}

function suite(name: string, { environment }: GateReport, tests: readonly Element[]): Suite {
  const having = (kind: string) => tests.filter((test) => Object.hasOwn(test, kind)).length
  return {
    '@name': visible(name),
    '@tests': tests.length,
    '@failures': having('failure'),
    '@errors': having('error'),
    '@skipped': having('skipped'),
    ...(environment === null ? {} : { properties: { property: property('machine', machineText(environment)) } }),
    testcase: tests,
  }
}

const property = (name: string, value: string): Element => ({ '@name': name, '@value': visible(value) })

function sumOf(suites: readonly Suite[]): Element {
  const sum = (key: keyof Suite & string) => suites.reduce((total, one) => total + Number(one[key]), 0)
  return Object.fromEntries(['@tests', '@failures', '@errors', '@skipped'].map((key) => [key, sum(key)]))
}

function testOf(check: GateCheck, report: GateReport): Element {
  const outcome = outcomeOf(check)
  const isExpected = expectation(report)?.isMet === true
  const test = { '@classname': visible(check.model), '@name': visible(check.metric) }
  if (isFatal(outcome, report) && !isExpected) {
    return {
      ...test,
      [outcome === 'failed' ? 'failure' : 'error']: complaint(check.verdict, check.message, details(check)),
    }
  }
  if (outcome === 'undecided') return { ...test, skipped: { '@message': visible(check.message) } }
  if (outcome === 'passed') return test
  return { ...test, 'system-out': `${isExpected ? 'expected: ' : ''}${lines([check.message, ...details(check)])}` }
}

const complaint = (type: string, message: string, more: readonly string[]): Element => ({
  '@type': type,
  '@message': visible(message),
  '#': lines([message, ...more]),
})

const lines = (texts: readonly string[]): string => texts.map(visible).join('\n')

const details = ({ try: next, layers, unit }: GateCheck): string[] => [
  ...(next === null ? [] : [`try: ${next}`]),
  ...layers.map((layer) => layerText(layer, unit)),
]

/** What is about the gate as a whole: that nothing could be judged, or what `--expect-fail` came to. */
function wholeOf(report: GateReport): Suite[] {
  const { error } = report
  const expected = expectation(report)
  const tests: Element[] = []
  if (error !== null) {
    const more = error.hint === null ? [] : [error.hint]
    tests.push({ '@classname': 'flopgap gate', '@name': 'judged', error: complaint(error.code, error.message, more) })
  }
  if (expected !== null) {
    const test = { '@classname': 'flopgap gate', '@name': 'expect-fail' }
    tests.push(expected.isMet ? test : { ...test, failure: complaint('expect-fail', expected.message, []) })
  }
  return tests.length === 0 ? [] : [suite('flopgap gate', report, tests)]
}
