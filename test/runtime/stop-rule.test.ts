import { expect, it } from 'vitest'
import { isTold, looks, stopping } from '../../src/runtime/stop-rule.js'

const times = (pairs: number, ms: number) => Array.from({ length: pairs }, () => ms)
const limit = { below: 1.05, above: 1.05 }

it('looks after forty pairs, then at every twentieth, and at the last', () => {
  const told = Array.from({ length: looks.most + 1 }, (_, pairs) => pairs).filter(
    // a ratio that tells at once
    (pairs) => pairs > 0 && isTold(times(pairs, 2), times(pairs, 1), limit),
  )
  expect(told.slice(0, 3)).toEqual([40, 60, 80])
  expect(told.at(-1)).toBe(looks.most)
  // as many runs of A B as of B A
  for (const pairs of told) expect(pairs % 2).toBe(0)
})

it('is told over a limit and under it, not between two', () => {
  const ratio = (value: number, between = limit) => isTold(times(40, value), times(40, 1), between)
  expect([ratio(1.06), ratio(1.04)]).toEqual([true, true])
  expect(ratio(1.05)).toBe(false)
  expect(ratio(1.06, { below: 1.02, above: 1.08 })).toBe(false)
})

it.each([
  [0, true],
  [1, false],
] as const)('has the ratio of the model at %i over the other', (over, isSlow) => {
  const runs = [2, 1].map((ms) => ({ runsMs: times(40, ms), runsCpuMs: [] }))
  // twice as long is between these limits, half as long is under both
  const rule = stopping({ over, below: 1.5, above: 2.5 })
  expect(rule.isEnough(runs)).toBe(!isSlow)
})
