import { describe, expect, it } from 'vitest'
import { about, atLeast, atMost, between, exactly, printed } from '../../../src/experiments/claims/expected.js'
import { combined, verdictOf } from '../../../src/experiments/claims/verdict.js'

const accepted = { lower: 8, upper: 9 }
const estimate = (lower: number, upper: number) => ({ point: (lower + upper) / 2, lower, upper, confidenceLevel: 0.97 })

describe('a measured figure', () => {
  it.each([
    [8, 9, 'holds'],
    [8.2, 8.4, 'holds'],
    [7.999, 9, 'cannot-tell'],
    [8, 9.001, 'cannot-tell'],
    [7, 10, 'cannot-tell'],
    [7, 8, 'cannot-tell'],
    [9, 10, 'cannot-tell'],
    [7, 7.999, 'does-not-hold'],
    [9.001, 10, 'does-not-hold'],
  ] as const)('from %d to %d, of 8 to 9: %s', (lower, upper, verdict) => {
    expect(verdictOf(estimate(lower, upper), accepted)).toBe(verdict)
  })

  it('cannot be told where it is not known', () => {
    expect(verdictOf(null, accepted)).toBe('cannot-tell')
    expect(verdictOf(Number.NaN, accepted)).toBe('cannot-tell')
    expect(verdictOf(estimate(Number.NaN, 8.5), accepted)).toBe('cannot-tell')
  })
})

describe('a counted figure', () => {
  it.each([
    [8, 'holds'],
    [9, 'holds'],
    [7.9999, 'does-not-hold'],
    [9.0001, 'does-not-hold'],
  ] as const)('of %d, of 8 to 9: %s', (value, verdict) => {
    expect(verdictOf(value, accepted)).toBe(verdict)
  })

  it.each([
    ['exact', exactly(20119552), 20119552, 20119553],
    ['of two digits after the point', printed('94.86'), 94.8551, 94.8651],
    ['of none', printed('569'), 568.51, 568.49],
    ['of about so much', about(10), 10.99, 11.01],
    ['of a range', between(8, 9, 'why'), 8, 9.01],
    ['of a least', atLeast(1, 'why'), 1e9, 0.999],
    ['of a most', atMost(5, 'why'), -1e9, 5.001],
  ] as const)('%s has an edge', (_, expected, inside, outside) => {
    expect([verdictOf(inside, expected), verdictOf(outside, expected)]).toEqual(['holds', 'does-not-hold'])
  })

  it('that a division leaves a hair off is still exact', () => {
    expect(verdictOf((1 / 3 + 1 / 9) * 9, exactly(4))).toBe('holds')
  })
})

describe('a claim', () => {
  it.each([
    [['holds', 'holds'], 'holds'],
    [['holds', 'cannot-tell'], 'cannot-tell'],
    [['holds', 'cannot-tell', 'does-not-hold'], 'does-not-hold'],
    [[], 'cannot-tell'],
  ] as const)('of figures that say %j: %s', (figures, verdict) => {
    expect(combined(figures)).toBe(verdict)
  })
})
