import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { junit } from '../../../src/report/gate/junit.js'
import type { GateReport } from '../../../src/types.js'
import { check, failing, hostile, report, slower, unjudged, withName } from './reports.js'

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Node[]
  text: string
}

/** Reads as strictly as the standard says: a parser that forgives would prove nothing. */
function parse(xml: string): Node {
  const root: Node = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const node: Node = { name, attributes: attributes as Record<string, string>, children: [], text: '' }
    open.at(-1)?.children.push(node)
    open.push(node)
  })
  parser.on('closetag', () => open.pop())
  parser.on('text', (text) => {
    const node = open.at(-1)
    if (node !== undefined) node.text += text
  })
  parser.write(xml).close()
  return root.children[0] ?? root
}

const suitesOf = (one: GateReport): Node[] => parse(junit(one)).children
const testsOf = (one: GateReport): Node[] =>
  suitesOf(one).flatMap(({ children }) => children.filter(({ name }) => name === 'testcase'))
const kinds = (one: GateReport) =>
  testsOf(one).map(({ attributes, children }) => [attributes.name, children.map(({ name }) => name).join()])

describe('JUnit', () => {
  it('has a test for each check, which fails, warns in its output or passes', () => {
    expect(kinds(report())).toEqual([
      ['macs', 'failure'],
      ['latency', 'failure'],
      ['params', 'system-out'],
      ['kernels', 'system-out'],
      ['findings', 'system-out'],
      ['bytes', ''],
    ])
    const root = parse(junit(report()))
    expect(root.attributes).toEqual({
      ...{ name: 'flopgap gate: failed', tests: '6', failures: '2', errors: '0', skipped: '0' },
    })
  })

  it('says why, what to do and which layers', () => {
    const [failure] = testsOf(report())[0]?.children ?? []
    expect(failure?.attributes).toEqual({ type: 'regressed', message: failing().message })
    expect(failure?.text).toBe(
      `${failing().message}\ntry: flopgap baseline update, if it is meant.\n+ head/extra (Conv) +2,048`,
    )
  })

  it('has a suite for each model, with the machine', () => {
    const two = report({ checks: [check(), check({ model: 'other' }), failing()] })
    expect(suitesOf(two).map(({ attributes: { name, tests, failures } }) => [name, tests, failures])).toEqual([
      ['net', '2', '1'],
      ['other', '1', '0'],
    ])
    expect(suitesOf(two)[0]?.children[0]?.children[0]?.attributes).toEqual({
      name: 'machine',
      value: 'cpu, 1 thread, onnxruntime 1.30.0, A CPU <of> 2 & more',
    })
  })

  it('skips what cannot be told, and calls it an error where it fails', () => {
    const undecided = { verdict: 'inconclusive', checks: [{ ...slower, verdict: 'inconclusive' }] } as const
    expect(kinds(report(undecided))).toEqual([['latency', 'skipped']])
    expect(kinds(report({ ...undecided, strict: true }))).toEqual([['latency', 'error']])
  })

  it('is an error where nothing could be judged', () => {
    const [test] = testsOf(unjudged)
    expect(test?.children[0]).toMatchObject({
      name: 'error',
      attributes: { type: 'no-such-file', message: 'there is no file old.onnx' },
    })
  })

  it('turns round where a failure is expected', () => {
    expect(kinds(report({ expectFail: true })).filter(([, kind]) => kind === 'failure')).toEqual([])
    expect(kinds(report({ expectFail: true, verdict: 'passed', checks: [check()] }))).toEqual([
      ['macs', ''],
      ['expect-fail', 'failure'],
    ])
  })

  it.each(Object.entries(hostile))('can be read with a hostile name: %s', (_, name) => {
    const suites = suitesOf(withName(name))
    expect(suites.map(({ children }) => children.filter((child) => child.name === 'testcase').length)).toEqual([3, 1])
    const shown = suites[0]?.attributes.name ?? ''
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    if (!/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) expect(shown).toBe(name)
  })
})
