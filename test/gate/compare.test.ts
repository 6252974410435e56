import { describe, expect, it } from 'vitest'
import { type Before, compareFacts } from '../../src/gate/compare.js'
import { metricIds, metrics } from '../../src/gate/metrics.js'
import type { GateRules } from '../../src/gate/rules.js'
import type { GateFacts, StaticMetric } from '../../src/types.js'
import { facts, layer } from './facts.js'

const rules = (given: Partial<GateRules> = {}): GateRules => ({ limits: {}, levels: {}, threshold: 0.05, ...given })
const before = (of: GateFacts, isOfThisMachine = true): Before => ({ facts: of, isOfThisMachine, accept: 'accept it' })

const old = facts([layer('a', 100), layer('b', 200)])

const checkOf = (
  metric: StaticMetric,
  now: GateFacts,
  given: Partial<GateRules> = {},
  was: Before | null = before(old),
) => compareFacts(was, now, rules(given)).find((check) => check.metric === metric)

it('lists every figure once', () => {
  expect(metrics.map(({ id }) => id)).toEqual(metricIds)
  expect(Object.keys(old.figures)).toEqual(metricIds)
})

it('passes what is as before, with no layer and nothing to try', () => {
  const checks = compareFacts(before(old), old, rules())
  // the size of the file is not known of either
  expect(checks.map(({ metric }) => metric)).toEqual(metricIds.filter((id) => id !== 'modelBytes'))
  for (const check of checks) expect(check).toMatchObject({ verdict: 'passed', layers: [], try: null })
})

describe('a figure', () => {
  it('that grows by one fails, and names the layers that did it, most first', () => {
    const now = facts([layer('a', 90), layer('b', 200), layer('c', 11)])
    expect(checkOf('macs', now)).toMatchObject({
      ...{ verdict: 'regressed', level: 'error', baseline: 300, current: 301, limit: 300 },
      layers: [
        { layer: 'c', op: 'Conv', change: 'added', difference: 11 },
        { layer: 'a', op: 'Conv', change: 'changed', difference: -10 },
      ],
      try: expect.stringContaining('accept it'),
    })
  })

  it('that shrinks is improved', () => {
    expect(checkOf('macs', facts([layer('a', 100)]))).toMatchObject({
      ...{ verdict: 'improved', try: null },
      layers: [{ layer: 'b', change: 'removed', difference: -200 }],
    })
  })

  it.each([
    [330, 'passed'],
    [331, 'regressed'],
  ])('may grow by its limit: %i of 300 is %s at 10 %%', (macs, verdict) => {
    const limits = { macs: { increase: 0.1 } }
    expect(checkOf('macs', facts([layer('a', macs)]), { limits })).toMatchObject({ verdict, limit: 330 })
  })

  it.each([
    ['over its maximum fails, though it shrank', 299, 298, 'regressed', 298],
    ['at its maximum passes', 299, 299, 'improved', 299],
    ['under its maximum fails where it grew', 305, 400, 'regressed', 300],
  ])('%s', (_, macs, max, verdict, limit) => {
    expect(checkOf('macs', facts([layer('a', macs)]), { limits: { macs: { max } } })).toMatchObject({ verdict, limit })
  })

  it('of a new model is judged by its maximum alone', () => {
    const limits = { macs: { max: 299 } }
    expect(checkOf('macs', old, { limits }, null)).toMatchObject({ verdict: 'regressed', baseline: null })
    expect(checkOf('params', old, { limits }, null)).toMatchObject({ verdict: 'information', limit: null })
  })

  it('that was known and cannot be told any more fails', () => {
    expect(checkOf('kernels', facts([layer('a', 300)], { kernels: null }))).toMatchObject({
      ...{ verdict: 'missing', current: null, baseline: 1 },
    })
  })

  it('has its level, and is left out where that is off', () => {
    const now = facts([layer('a', 301)])
    expect(checkOf('macs', now, { levels: { macs: 'warn' } })).toMatchObject({ level: 'warn', verdict: 'regressed' })
    expect(checkOf('macs', now, { levels: { macs: 'off' } })).toBeUndefined()
  })
})

it('does not take a layer that is not counted any more for a saving alone', () => {
  const now = facts([layer('a', 100), layer('b', null)])
  expect(checkOf('uncounted', now)).toMatchObject({
    ...{ verdict: 'regressed', current: 1 },
    layers: [{ layer: 'b', change: 'changed', difference: 1 }],
  })
})

describe('kernels', () => {
  const now: GateFacts = { ...facts([layer('a', 300)], { kernels: 3 }), kernels: { Conv: 1, ReorderInput: 2 } }

  it('name the operators that there are more of', () => {
    expect(checkOf('kernels', now)).toMatchObject({
      verdict: 'regressed',
      layers: [{ layer: 'ReorderInput', change: 'added', difference: 2 }],
    })
  })

  it('of another machine fail nothing, but their maximum holds anywhere', () => {
    const foreign = before(old, false)
    expect(checkOf('kernels', now, {}, foreign)).toMatchObject({ verdict: 'information', layers: [] })
    expect(checkOf('kernels', now, { limits: { kernels: { max: 2 } } }, foreign)).toMatchObject({
      verdict: 'regressed',
    })
    // what does not depend on the machine is judged
    expect(checkOf('macs', facts([layer('a', 301)]), {}, foreign)).toMatchObject({ verdict: 'regressed' })
  })
})

it('tells new findings from old ones by rule and layer', () => {
  const finding = (rule: string, node: string) => ({ rule, node })
  const was = { ...facts([], { findings: 2 }), findings: [finding('r', 'a'), finding('r', 'b')] }
  const now = { ...facts([], { findings: 3 }), findings: [finding('r', 'b'), finding('q', 'a'), finding('r', 'c')] }
  expect(checkOf('findings', now, {}, before(was))?.layers).toEqual([
    { layer: 'a', op: 'q', change: 'added', difference: 1 },
    { layer: 'c', op: 'r', change: 'added', difference: 1 },
    { layer: 'a', op: 'r', change: 'removed', difference: -1 },
  ])
})

it('keeps layers that were renamed together', () => {
  const now = facts([layer('x1', 100), layer('x2', 207)])
  expect(checkOf('macs', now)?.layers).toEqual([{ layer: 'x2', op: 'Conv', change: 'changed', difference: 7 }])
})
