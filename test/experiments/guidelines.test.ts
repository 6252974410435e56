import { describe, expect, it, test } from 'vitest'
import type { Guideline, Row } from '../../src/experiments/guidelines/guideline.js'
import { guidelineNamed, guidelines } from '../../src/experiments/guidelines/index.js'
import { experimentOf } from '../../src/pipeline/experiment.js'
import type { ExperimentCost, Scale, WidthSet } from '../../src/types.js'

const hw = 56 * 56
const places = [
  ['gpu', 1],
  ['gpu', 2],
  ['gpu', 4],
  ['arm', 1],
  ['arm', 2],
  ['arm', 4],
] as const satisfies readonly (readonly [WidthSet, Scale])[]

async function costsOf(id: string, widths: WidthSet, scale: Scale, batch = 1): Promise<ExperimentCost[]> {
  const { rows } = await experimentOf(guidelineNamed(id), { widths, scale, batch }, [])
  return rows.map(({ cost }) => cost)
}

describe.each(places)('the networks for the widths of %s x%i', (widths, scale) => {
  it('of G1 do 2 hw c1 c2 MACs a block and move 2 (hw (c1 + c2) + c1 c2) elements (equation 1)', async () => {
    const printed = { gpu: [128, 128, 90, 180, 52, 312, 36, 432], arm: [32, 32, 22, 44, 13, 78, 9, 108] }[widths]
    const costs = await costsOf('g1', widths, scale)
    for (const [index, { macs, channels, memoryAccess }] of costs.entries()) {
      const [c1 = 0, c2 = 0] = printed.slice(2 * index).map((c) => c * scale)
      expect(channels).toEqual([c1, c2])
      expect(macs).toBe(10 * 2 * hw * c1 * c2)
      expect(memoryAccess?.accessElements).toBe(10 * 2 * (hw * (c1 + c2) + c1 * c2))
      const b = hw * c1 * c2
      expect(memoryAccess?.boundElements).toBeCloseTo(10 * 2 * (2 * Math.sqrt(hw * b) + b / hw), 3)
    }
    const excess = costs.map(({ memoryAccess: m }) => (m?.accessElements ?? 0) / (m?.boundElements ?? 0) - 1)
    expect(excess[0]).toBeCloseTo(0, 12)
    // further above the bound, the more unequal the widths
    expect(excess.slice(1).every((value, index) => value > (excess[index] ?? 0) + 0.01)).toBe(true)
  })

  it('of G2 do hw c² / g MACs a layer and move 2 hw c + c² / g elements (equation 2)', async () => {
    const printed = { gpu: [128, 180, 256, 360], arm: [64, 90, 128, 180] }[widths]
    const costs = await costsOf('g2', widths, scale)
    for (const [index, { macs, channels, memoryAccess }] of costs.entries()) {
      const groups = 2 ** index
      // 180 is no multiple of 8
      const c = widths === 'arm' && scale === 1 && groups === 8 ? 184 : (printed[index] ?? 0) * scale
      expect(channels).toEqual([c, c])
      expect(macs).toBe((10 * hw * c * c) / groups)
      expect(memoryAccess?.accessElements).toBe(10 * (2 * hw * c + (c * c) / groups))
    }
  })

  it('of G3 do n hw c² MACs a block, whether in series or in parallel', async () => {
    const one = { gpu: 128, arm: 64 }[widths]
    const costs = await costsOf('g3', widths, scale)
    const fragments = [1, 2, 4, 2, 4]
    for (const [index, { macs, channels, memoryAccess }] of costs.entries()) {
      const n = fragments[index] ?? 0
      // the paper's c is of one fragment; of n it is c / √n for equal FLOPs
      const c = Math.floor(one / Math.sqrt(n)) * scale
      expect(channels).toEqual([c, c])
      expect(macs).toBe(10 * n * hw * c * c)
      expect(memoryAccess?.accessElements).toBe(10 * n * (2 * hw * c + c * c))
    }
  })

  it('of G4 do as many MACs with ReLU and shortcut as without', async () => {
    const c = 32 * scale
    const inner = c / 4
    for (const { macs, channels, memoryAccess } of await costsOf('g4', widths, scale)) {
      expect(channels).toEqual([c, inner])
      expect(macs).toBe(10 * hw * (c * inner + 9 * inner ** 2 + inner * c))
      expect(memoryAccess).toBeNull()
    }
  })

  test.each(guidelines)('of $id do equally many MACs, as far as whole channels allow', async ({ id }) => {
    const [first, ...others] = await costsOf(id, widths, scale)
    // 32 · 32 and 22 · 44, the furthest apart, are 5.5 % so
    for (const { macs } of others) expect(Math.abs(macs / (first?.macs ?? 0) - 1)).toBeLessThan(0.056)
  })
})

test('a batch multiplies MACs and feature maps, and not weights', async () => {
  const [one, eight] = await Promise.all([costsOf('g1', 'arm', 1), costsOf('g1', 'arm', 1, 8)])
  expect(eight[0]?.macs).toBe(8 * (one[0]?.macs ?? 0))
  expect(eight[0]?.memoryAccess?.accessElements).toBe(10 * 2 * (8 * hw * 64 + 32 * 32))
})

describe('what is between the convolutions', () => {
  const operatorsOf = ({ build }: Guideline, row: Row): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const { op } of build(row, { widths: 'arm', scale: 1, batch: 1 }).nodes) counts[op] = (counts[op] ?? 0) + 1
    return counts
  }
  const all = (id: string) => guidelineNamed(id).rows.map((row) => operatorsOf(guidelineNamed(id), row))

  it('is nothing in G1 and G2', () => {
    for (const counts of all('g1')) expect(counts).toEqual({ Conv: 20, GlobalAveragePool: 1 })
    for (const counts of all('g2')) expect(counts).toEqual({ Conv: 10, GlobalAveragePool: 1 })
  })

  it('is the sum of parallel fragments in G3', () => {
    expect(all('g3')).toEqual([
      { Conv: 10, GlobalAveragePool: 1 },
      { Conv: 20, GlobalAveragePool: 1 },
      { Conv: 40, GlobalAveragePool: 1 },
      { Conv: 20, Add: 10, GlobalAveragePool: 1 },
      { Conv: 40, Add: 30, GlobalAveragePool: 1 },
    ])
  })

  it('is what is removed in G4', () => {
    expect(all('g4')).toEqual([
      { Conv: 30, Relu: 30, Add: 10, GlobalAveragePool: 1 },
      { Conv: 30, Relu: 30, GlobalAveragePool: 1 },
      { Conv: 30, Add: 10, GlobalAveragePool: 1 },
      { Conv: 30, GlobalAveragePool: 1 },
    ])
  })
})

/** What the paper's text says of its tables, which no slip in a figure would leave true. */
describe('the published speeds', () => {
  const speeds = (id: string, widths: WidthSet, column = 0): number[] =>
    guidelineNamed(id).rows.map(({ published }) => published[widths][column] ?? Number.NaN)

  it.each(places)('of G1 fall from 1:1 to 1:12 (%s x%i)', (widths, scale) => {
    const column = [1, 2, 4].indexOf(scale)
    const falling = speeds('g1', widths, column)
    expect(falling).toEqual([...falling].sort((a, b) => b - a))
  })

  it('of G2: with 8 groups more than two times slower on the GPU, up to 30 % slower on ARM', () => {
    const [one = 0, , , eight = 0] = speeds('g2', 'gpu')
    expect(one / eight).toBeGreaterThan(2)
    const [oneArm = 0, , , eightArm = 0] = speeds('g2', 'arm')
    expect(Math.round(100 * (1 - eightArm / oneArm))).toBe(30)
  })

  it('of G3: four fragments about 3 times slower on the GPU; on ARM the reduction is relatively small', () => {
    const [one = 0, , series = 0, , parallel = 0] = speeds('g3', 'gpu')
    for (const four of [series, parallel]) expect(one / four).toBeCloseTo(3.4, 0)
    const [oneArm = 0, ...others] = speeds('g3', 'arm')
    for (const other of others) expect(oneArm / other).toBeLessThan(1.25)
  })

  it('of G4: around 20 % faster without ReLU and shortcut on both', () => {
    for (const widths of ['gpu', 'arm'] as const) {
      const [both = 0, , , neither = 0] = speeds('g4', widths)
      expect(neither / both - 1).toBeCloseTo(0.2, 1)
    }
  })

  it('imply what the devices can do, at a batch of one', async () => {
    // 3,584 CUDA cores at 1.58 GHz; 4 MACs a cycle at 2 GHz
    const most = { gpu: 3584 * 1.58e9, arm: 4 * 2e9 }
    for (const { id } of guidelines) {
      for (const [widths, scale] of places) {
        const costs = await costsOf(id, widths, scale)
        const rates = speeds(id, widths, [1, 2, 4].indexOf(scale)).map((speed, row) => speed * (costs[row]?.macs ?? 0))
        for (const rate of rates) expect([id, widths, scale, rate < most[widths]]).toEqual([id, widths, scale, true])
      }
    }
  })
})

test('guidelines are found by their names in either case, and only those', () => {
  expect(guidelines.map(({ id }) => guidelineNamed(id.toUpperCase()).id)).toEqual(['g1', 'g2', 'g3', 'g4'])
  expect(() => guidelineNamed('g5')).toThrow(
    expect.objectContaining({
      code: 'unknown-guideline',
      exitCode: 2,
      hint: expect.stringContaining('g1, g2, g3, g4'),
    }),
  )
})
