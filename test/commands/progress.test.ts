import { expect, it } from 'vitest'
import { timeLeftOf } from '../../src/commands/progress.js'

it('tells the time left from what is done, once something is', () => {
  let now = 0
  const left = timeLeftOf(() => now)
  expect(left(0)).toBe('')
  // calibrating, which is done once, does not count
  now = 60_000
  expect(left(0)).toBe('')
  now = 61_000
  expect(left(0.01)).toBe('')
  now = 70_000
  expect(left(0.25)).toBe(', 30 s left')
  expect(left(0.1)).toBe(', 2 min left')
  expect(left(1)).toBe(', 0 s left')
  now = 60_000 + 3_600_000
  expect(left(0.2)).toBe(', 4.0 h left')
})
