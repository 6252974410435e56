import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { positionsRead, type Taps } from '../../src/analyzers/fields/taps.js'
import { memoryAccess } from '../../src/analyzers/memory.js'
import { build } from '../../src/models/spec.js'
import { noBinding } from '../../src/onnx/bind.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import type { Attribute, ConvolutionAccess, Graph, ModelNode } from '../../src/types.js'
import { graph, node } from './graph.js'

const ints = (...value: number[]): Attribute => ({ type: 'ints', value })
const int = (value: number): Attribute => ({ type: 'int', value })

/** One convolution by its shapes. */
function convolution(shapes: {
  readonly x: readonly number[]
  readonly w: readonly number[]
  readonly y: readonly number[]
  readonly attributes?: Readonly<Record<string, Attribute>>
}): ConvolutionAccess {
  const { x, w, y, attributes = {} } = shapes
  const only = { ...node('Conv', 'x w', 'y'), attributes }
  const [found] = memoryAccess(
    graph({ inputs: { x }, outputs: 'y', nodes: [only], shapes: { y }, weights: { w } }),
  ).convolutions
  if (found === undefined) throw new Error('no convolution')
  return found
}

const pointwise = (c1: number, c2: number, size = 56): ConvolutionAccess =>
  convolution({ x: [1, c1, size, size], w: [c2, c1, 1, 1], y: [1, c2, size, size] })

describe('G1: equal channel widths minimize the memory access cost (ShuffleNet V2, equation 1)', () => {
  it('counts hw (c1 + c2) + c1 c2 elements and B = hw c1 c2', () => {
    const found = pointwise(24, 58, 28)
    expect(found.inputElements).toBe(784 * 24)
    expect(found.outputElements).toBe(784 * 58)
    expect(found.weightElements).toBe(24 * 58)
    expect(found.accessElements).toBe(784 * 82 + 1392)
    expect(found.macs).toBe(784 * 1392)
  })

  test.each([1, 8, 24, 128, 1000])('the bound is attained where %i channels become as many', (c) => {
    // 2 √(hw · hw c²) + c² = hw · 2c + c²
    const { bound, accessElements } = pointwise(c, c)
    expect(bound?.accessElements).toBeCloseTo(accessElements, 6)
    expect(bound?.excess).toBeCloseTo(0, 12)
    expect(bound?.groupElements).toBeCloseTo(0, 6)
  })

  it('and nowhere else', () => {
    for (const c1 of [1, 7, 32, 100]) {
      for (const c2 of [2, 6, 33, 99]) expect(pointwise(c1, c2, 14).bound?.excess).toBeGreaterThan(0)
    }
  })

  // Table 1's layers at 56 x 56, of about the same B. Without the weights the ratio is (1 + r) / (2 √r) for c2 = r c1:
  // 1.0607, 1.4289, 1.8764. With them (hw (c1 + c2) + c1 c2) / (2 hw √(c1 c2) + c1 c2), hw = 3136:
  test.each([
    [128, 128, 1, 819_200, 819_200],
    // 3136 · 270 + 16200; 6272 · √16200 + 16200 = 6272 · 127.27922 + 16200
    [90, 180, 2, 862_920, 814_495.28],
    // 3136 · 364 + 16224; 6272 · √16224 + 16224 = 6272 · 127.37347 + 16224
    [52, 312, 6, 1_157_728, 815_110.41],
    // 3136 · 468 + 15552; 6272 · √15552 + 15552 = 6272 · 124.70766 + 15552
    [36, 432, 12, 1_483_200, 797_718.42],
  ])('%i to %i, 1 : %i, moves %i elements where %f would do', (c1, c2, ratio, access, least) => {
    const { accessElements, bound } = pointwise(c1, c2)
    expect(accessElements).toBe(access)
    expect(bound?.accessElements).toBeCloseTo(least, 1)
    expect(bound?.excess).toBeCloseTo(access / least - 1, 6)
    expect(bound?.unequalWidthElements).toBeCloseTo(access - least, 1)
    // as hw grows, weights count for nothing
    const large = pointwise(c1, c2, 100_000)
    expect(1 + (large.bound?.excess ?? 0)).toBeCloseTo((1 + ratio) / (2 * Math.sqrt(ratio)), 4)
  })
})

describe('G2: groups increase it (equation 2)', () => {
  it('counts hw (c1 + c2) + c1 c2 / g, and B / g', () => {
    const found = convolution({
      x: [1, 240, 28, 28],
      w: [60, 80, 1, 1],
      y: [1, 60, 28, 28],
      attributes: { group: int(3) },
    })
    expect(found.accessElements).toBe(784 * 300 + 4800)
    expect(found.macs).toBe((784 * 240 * 60) / 3)
  })

  // c1 = c2 = 90, g = 9: as many MACs as 30 → 30, whose access is the least: hw · 60 + 900
  it('tells what is due to groups from what is due to widths', () => {
    const equal = convolution({
      x: [1, 90, 10, 10],
      w: [90, 10, 1, 1],
      y: [1, 90, 10, 10],
      attributes: { group: int(9) },
    })
    expect(equal.bound?.accessElements).toBeCloseTo(100 * 60 + 900, 6)
    expect(equal.bound?.unequalWidthElements).toBeCloseTo(0, 6)
    expect(equal.bound?.groupElements).toBeCloseTo(100 * 120, 6)
    expect(equal.accessElements).toBe(100 * 180 + 900)
  })
})

describe('other convolutions', () => {
  it('a batch counts as more positions, and shares the weights', () => {
    const found = convolution({ x: [8, 16, 7, 7], w: [16, 16, 1, 1], y: [8, 16, 7, 7] })
    expect(found.accessElements).toBe(8 * 49 * 32 + 256)
    expect(found.bound?.excess).toBeCloseTo(0, 12)
  })

  it('a strided 1 x 1 reads every other row and column only', () => {
    const found = convolution({
      x: [1, 10, 7, 8],
      w: [10, 10, 1, 1],
      y: [1, 10, 4, 4],
      attributes: { strides: ints(2, 2) },
    })
    expect(found.inputElements).toBe(160)
    expect(found.bound?.excess).toBeCloseTo(0, 12)
  })

  it('one that pads has no bound', () => {
    const found = convolution({
      x: [1, 4, 5, 5],
      w: [4, 4, 1, 1],
      y: [1, 4, 7, 7],
      attributes: { pads: ints(1, 1, 1, 1) },
    })
    expect(found.inputElements).toBe(100)
    expect(found.bound).toBeNull()
  })

  it('a 3 x 3 reads its whole input, and has no bound', () => {
    const found = convolution({
      x: [1, 3, 9, 9],
      w: [8, 3, 3, 3],
      y: [1, 8, 9, 9],
      attributes: { pads: ints(1, 1, 1, 1) },
    })
    expect(found).toMatchObject({ inputElements: 243, weightElements: 216, outputElements: 648, bound: null })
    expect(found.kernel).toEqual([3, 3])
  })

  it.each([
    // rows 0 to 6 of 9: two windows of three, three apart, leave the last three
    ['a row that no window reaches', 9, 3, { strides: ints(4, 1), kernel: 3 }, 2, 6],
    // 0 2 4 and 1 3 5 and 2 4 6
    ['a dilated one', 7, 3, { strides: ints(1, 1), dilations: ints(2, 1), kernel: 3 }, 3, 7],
    // 0 3 and 5 8: not 1, 2, 4, 6, 7
    ['a dilated one with gaps', 9, 2, { strides: ints(5, 1), dilations: ints(3, 1), kernel: 2 }, 2, 4],
  ])('%s', (_, rows, kernel, { kernel: __, ...attributes }, outputs, read) => {
    const found = convolution({ x: [1, 2, rows, 1], w: [2, 2, kernel, 1], y: [1, 2, outputs, 1], attributes })
    expect(found.inputElements).toBe(2 * read)
  })

  it('of unknown shape is named and not counted', () => {
    const nodes = [{ ...node('Conv', 'x w', 'a'), name: 'first' }, node('Conv', 'a w', 'y')]
    const open = graph({
      inputs: { x: [1, 2, 4, 4] },
      outputs: 'y',
      nodes,
      shapes: { a: [1, 2, 4, 4] },
      weights: { w: [2, 2, 1, 1] },
    })
    const found = memoryAccess(open)
    expect(found.unknown).toEqual(['y'])
    expect(found.convolutions.map(({ name }) => name)).toEqual(['first'])
  })
})

test('what windows read is what they read one by one', () => {
  const size = fc.integer({ min: 1, max: 6 })
  const cases = fc.record({ kernel: size, stride: size, dilation: size, before: fc.integer({ min: -3, max: 6 }) })
  const oneByOne = ({ kernel, stride, dilation, before }: Taps, outputs: number, extent: number): number => {
    const read = new Set<number>()
    for (let i = 0; i < outputs; i++) for (let t = 0; t < kernel; t++) read.add(i * stride - before + t * dilation)
    return [...read].filter((position) => position >= 0 && position < extent).length
  }
  const extents = fc.integer({ min: 1, max: 30 })
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 12 }), extents, (taps, outputs, extent) => {
      expect(positionsRead(taps, outputs, extent)).toBe(oneByOne(taps, outputs, extent))
    }),
    { seed: 1, numRuns: 5000 },
  )
})

test('totals are over the convolutions, and over those 1 x 1', async () => {
  const found = memoryAccess(await inferShapes(build('shufflenet-v2'), noBinding))
  expect(found.unknown).toEqual([])
  // a stem, 16 units with 1 depthwise, 3 of them with a second, and 2 pointwise each, 3 with a third, conv5
  expect(found.convolutions).toHaveLength(1 + 16 + 3 + 32 + 3 + 1)
  expect(found.pointwise.layers).toBe(36)
  const sum = found.convolutions.reduce((total, { bound, accessElements }) => total + (bound ? accessElements : 0), 0)
  expect(found.pointwise.accessElements).toBe(sum)
  // its 13 units of equal width attain the bound
  const equal = found.convolutions.filter(({ name }) => /unit[2-8]\/right\/(enter|leave)/.test(name))
  expect(equal).toHaveLength(26)
  for (const { bound } of equal) expect(bound?.excess).toBeCloseTo(0, 12)
})

test('no network has less than the bound', async () => {
  for (const spec of ['mobilenet-v2', 'shufflenet-v1', 'resnet-50', 'inception-v3', 'condensenet-74', 'squeezenet']) {
    const { convolutions } = memoryAccess(await inferShapes(build(spec), noBinding))
    for (const { name, bound } of convolutions) if (bound) expect(bound.excess, name).toBeGreaterThan(-1e-9)
  }
})

/** As many 1 x 1 convolutions. */
function deep(layers: number): Graph {
  const shape = [1, 8, 56, 56]
  const nodes: ModelNode[] = Array.from({ length: layers }, (_, i) => node('Conv', `t${i} w`, `t${i + 1}`))
  const shapes = Object.fromEntries(nodes.flatMap(({ outputs }) => outputs.map((name) => [name, shape])))
  return graph({ inputs: { t0: shape }, outputs: `t${layers}`, nodes, shapes, weights: { w: [8, 8, 1, 1] } })
}

test('50,000 layers take well below a second', () => {
  const large = deep(50_000)
  const times = [1, 2, 3].map(() => {
    const start = performance.now()
    memoryAccess(large)
    return performance.now() - start
  })
  expect(Math.min(...times)).toBeLessThan(1000)
  expect(memoryAccess(large).pointwise.layers).toBe(50_000)
})
