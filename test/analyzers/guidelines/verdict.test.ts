import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { publishedSpeed } from '../../../src/analyzers/guidelines/published.js'
import { findingOf, margin, verdictOf } from '../../../src/analyzers/guidelines/verdict.js'
import type { Estimate } from '../../../src/types.js'

const interval = (lower: number, upper: number): Estimate => ({
  point: (lower + upper) / 2,
  lower,
  upper,
  confidenceLevel: 0.97,
})

const found = (lower: number, upper: number, macsRatio = 1) =>
  findingOf({ relativeSpeed: interval(lower, upper), macsRatio }, 'slower')

describe('a row that should be slower', () => {
  it.each([
    ['shown', 0.7, 0.75],
    ['shown', 0.9, 0.979],
    ['unclear', 0.9, 0.985],
    ['unclear', 0.97, 1.2],
    ['absent', 0.985, 0.99],
    ['absent', 0.99, 1.01],
    ['absent', 1.2, 1.3],
  ] as const)('%s: between %d and %d times as fast', (finding, lower, upper) => {
    expect(found(lower, upper)).toBe(finding)
  })

  it('that does fewer MACs is not called as fast where it is so for that alone', () => {
    expect([found(0.99, 1.01), found(0.99, 1.01, 0.945)]).toEqual(['absent', 'unclear'])
  })

  it('that does more MACs is not called slower where it is so for that alone', () => {
    expect([found(0.96, 0.97), found(0.96, 0.97, 1.033)]).toEqual(['shown', 'unclear'])
  })
})

describe('laws of findings', () => {
  const positive = fc.double({ min: 0.01, max: 100, noNaN: true })
  const intervals = fc.tuple(positive, positive).map(([a, b]) => interval(Math.min(a, b), Math.max(a, b)))
  const ratios = fc.double({ min: 0.9, max: 1.1, noNaN: true })

  it('a row that is faster, looked at from the other side, is a slower one', () => {
    fc.assert(
      fc.property(intervals, ({ lower, upper }) => {
        const faster = findingOf({ relativeSpeed: interval(lower, upper), macsRatio: 1 }, 'faster')
        expect(faster).toBe(findingOf({ relativeSpeed: interval(1 / upper, 1 / lower), macsRatio: 1 }, 'slower'))
      }),
    )
  })

  it('what the interval contains decides nothing: the margin itself inside it is unclear', () => {
    fc.assert(
      fc.property(positive, positive, ratios, (below, above, macsRatio) => {
        const around = interval((1 - margin) / (1 + below), (1 - margin) * (1 + above))
        expect(findingOf({ relativeSpeed: around, macsRatio }, 'slower')).toBe('unclear')
      }),
    )
  })

  it('a row with as many MACs is judged no more clearly by a wider interval', () => {
    fc.assert(
      fc.property(intervals, ratios, (narrow, macsRatio) => {
        const wide = interval(narrow.lower * 0.9, narrow.upper * 1.1)
        const finding = findingOf({ relativeSpeed: wide, macsRatio }, 'slower')
        if (finding !== 'unclear') expect(findingOf({ relativeSpeed: narrow, macsRatio }, 'slower')).toBe(finding)
      }),
    )
  })
})

test('a guideline holds where all rows show it, and does not where one shows the opposite', () => {
  expect(verdictOf(['shown', 'shown'])).toBe('holds')
  expect(verdictOf(['shown', 'unclear'])).toBe('cannot-tell')
  expect(verdictOf(['unclear', 'absent', 'shown'])).toBe('does-not-hold')
})

describe('a published speed beside that of the first row', () => {
  it('is known as far as the digits that are printed', () => {
    // Table 1, 1:12: 748 of 1480 batches, 57.6 of 76.2 images a second
    expect(publishedSpeed(1480, 748, 'gpu').point).toBeCloseTo(0.505, 3)
    const { point, lower, upper } = publishedSpeed(76.2, 57.6, 'arm')
    expect(point).toBeCloseTo(0.756, 3)
    expect(lower).toBeCloseTo(57.55 / 76.25, 12)
    expect(upper).toBeCloseTo(57.65 / 76.15, 12)
  })

  it('of 2.2 beside 2.3 images a second cannot tell', () => {
    const relativeSpeed = publishedSpeed(2.3, 2.2, 'arm')
    expect(findingOf({ relativeSpeed, macsRatio: 1 }, 'slower')).toBe('unclear')
  })
})
