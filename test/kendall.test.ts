import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kendallTau } from '../src/stats.js'

describe("Kendall's tau", () => {
  it.each([
    // Hollander & Wolfe, 1973, p. 185: lightness of canned tuna and its quality; also in R's manual of cor.test
    [[44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1], [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8], 4 / 9],
    // with ties, from SciPy's manual of kendalltau
    [[12, 2, 1, 12, 2], [1, 4, 7, 1, 0], -0.47140452079103173],
    [[1, 2, 3, 4], [1, 2, 4, 3], 4 / 6],
    [[1, 2], [5, 9], 1],
  ])('of %j and %j is %d', (xs, ys, tau) => {
    expect(kendallTau(xs, ys)).toBeCloseTo(tau, 12)
  })

  it.each([
    [[], []],
    [[1], [2]],
    [
      [3, 3, 3],
      [1, 2, 3],
    ],
    [
      [1, 2, 3],
      [7, 7, 7],
    ],
  ])('of %j and %j is not known: one of them orders nothing', (xs, ys) => {
    expect(kendallTau(xs, ys)).toBeNull()
  })

  const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 2,
    maxLength: 40,
  })
  const split = (list: [number, number][]) => [list.map(([x]) => x), list.map(([, y]) => y)] as const
  const close = (a: number | null, b: number | null) =>
    a === null || b === null ? expect(a).toBe(b) : expect(a).toBeCloseTo(b, 12)

  it('lies between -1 and 1, is the same both ways round, and turns its sign with an order', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const [xs, ys] = split(list)
        const tau = kendallTau(xs, ys)
        close(tau, kendallTau(ys, xs))
        if (tau === null) return
        expect(Math.abs(tau)).toBeLessThanOrEqual(1 + 1e-12)
        close(
          -tau,
          kendallTau(
            xs,
            ys.map((y) => -y),
          ),
        )
      }),
    )
  })

  it('is of ranks: neither a rising function of the values nor the order of the items changes it', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const [xs, ys] = split(list)
        close(
          kendallTau(xs, ys),
          kendallTau(
            xs.map((x) => Math.exp(x)),
            ys.map((y) => y ** 3 - 5),
          ),
        )
        close(kendallTau(xs, ys), kendallTau([...xs].reverse(), [...ys].reverse()))
      }),
    )
  })

  it('is 1 for a list with itself and -1 against its opposite, ties or not', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const [xs] = split(list)
        if (new Set(xs).size < 2) return
        close(kendallTau(xs, xs), 1)
        close(
          kendallTau(
            xs,
            xs.map((x) => -x),
          ),
          -1,
        )
      }),
    )
  })
})
