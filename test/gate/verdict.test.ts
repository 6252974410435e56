import { expect, it } from 'vitest'
import { failingFirst, missingModel, newModel, verdictOf } from '../../src/gate/verdict.js'
import type { CheckVerdict, GateCheck, GateLevel } from '../../src/types.js'

const check = (verdict: CheckVerdict, level: GateLevel = 'error'): GateCheck => ({
  ...newModel('net', 'x'),
  verdict,
  level,
})

it.each<[string, GateCheck[], string]>([
  ['one that regressed', [check('passed'), check('improved'), check('regressed')], 'regressed'],
  ['one that is missing', [check('passed'), missingModel('net', '')], 'regressed'],
  ['a failure beside what cannot be told', [check('inconclusive'), check('regressed')], 'regressed'],
  ['one that cannot be told', [check('improved'), check('inconclusive')], 'inconclusive'],
  ['an improvement', [check('passed'), check('improved'), check('information')], 'improved'],
  ['nothing but what is new', [check('information')], 'passed'],
  ['warnings alone', [check('regressed', 'warn'), check('inconclusive', 'warn'), check('missing', 'warn')], 'passed'],
])('of %s', (_, checks, verdict) => {
  expect(verdictOf(checks)).toBe(verdict)
})

it('puts failures before warnings, and these before all else, as they came', () => {
  const checks = [check('passed'), check('regressed', 'warn'), check('improved'), check('missing'), check('regressed')]
  expect(failingFirst(checks).map(({ verdict, level }) => `${verdict} ${level}`)).toEqual([
    'missing error',
    'regressed error',
    'regressed warn',
    'improved error',
    'passed error',
  ])
})
