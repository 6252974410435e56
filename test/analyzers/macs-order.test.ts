import { describe, expect, it } from 'vitest'
import { orderByMacs, type Ranked } from '../../src/analyzers/macs-order.js'

/** A model of some MACs with a speedup, ± 1 %, whose causes are parts of its latency. */
const ranked = (label: string, macs: number, speedup: number, parts: Record<string, number> = {}): Ranked => {
  // measured when the machine was half as fast as for the reference: only shares of it may count
  const latencyMs = 20 / speedup
  return {
    label,
    macs,
    speedup: { point: speedup, lower: speedup * 0.99, upper: speedup * 1.01, confidenceLevel: 0.95 },
    latencyMs,
    causes: Object.entries(parts).map(([cause, share]) => ({ cause, share, ms: share * latencyMs })),
  }
}

const referenceMs = 10

describe('the order by MACs', () => {
  it('is right where fewer MACs take less time', () => {
    const models = [ranked('a', 1, 4), ranked('b', 2, 2), ranked('c', 3, 1)]
    expect(orderByMacs(models, referenceMs)).toEqual({
      order: { pairs: 3, right: 3, wrong: 0, tooClose: 0 },
      misordered: [],
    })
  })

  it('is unknown where intervals overlap, and no question where MACs are equal or absent', () => {
    const models = [ranked('a', 1, 2), ranked('b', 2, 2.01), ranked('c', 2, 1), ranked('none', 0, 1)]
    // a and b overlap, a is faster than c, b and c have the same MACs
    expect(orderByMacs(models, referenceMs).order).toEqual({ pairs: 2, right: 1, wrong: 0, tooClose: 1 })
  })

  it('is wrong where fewer MACs take longer, explained by what takes longer', () => {
    // 10 ms: 2 arithmetic, 5 layout, 3 memory; 5 ms: 4 arithmetic, 1 memory
    const shuffled = ranked('shuffled', 100, 1, { arithmetic: 0.2, layout: 0.5, memory: 0.3 })
    const plain = ranked('plain', 200, 2, { arithmetic: 0.8, memory: 0.2 })
    const { order, misordered } = orderByMacs([plain, shuffled], referenceMs)
    expect(order).toEqual({ pairs: 1, right: 0, wrong: 1, tooClose: 0 })
    expect(misordered).toMatchObject([{ fewerMacs: 'shuffled', moreMacs: 'plain', macsRatio: 2, latencyRatio: 2 }])
    const causes = misordered[0]?.causes ?? []
    expect(causes.map(({ cause }) => cause)).toEqual(['layout', 'memory'])
    expect(causes.map(({ ms }) => ms)).toEqual([expect.closeTo(5, 12), expect.closeTo(2, 12)])
    expect(causes.map(({ share }) => share)).toEqual([expect.closeTo(1, 12), expect.closeTo(0.4, 12)])
  })

  it('has the worst pair first', () => {
    const models = [ranked('small', 1, 1), ranked('middle', 10, 3), ranked('large', 100, 2)]
    const { order, misordered } = orderByMacs(models, referenceMs)
    expect(order).toEqual({ pairs: 3, right: 1, wrong: 2, tooClose: 0 })
    // 100 times the MACs in half the time before 10 times in a third
    expect(misordered.map(({ moreMacs }) => moreMacs)).toEqual(['large', 'middle'])
  })

  it('explains every wrong pair: what takes longer is at least the difference', () => {
    const models = [
      ranked('a', 1, 1, { arithmetic: 0.1, layout: 0.6, dispatch: 0.3 }),
      ranked('b', 2, 1.7, { arithmetic: 0.5, layout: 0.1, runtime: 0.4 }),
      ranked('c', 3, 2.9, { arithmetic: 0.9, runtime: 0.1 }),
    ]
    for (const { causes } of orderByMacs(models, referenceMs).misordered) {
      expect(causes.reduce((sum, { share }) => sum + share, 0)).toBeGreaterThanOrEqual(1 - 1e-12)
    }
  })
})
