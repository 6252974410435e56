import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeKernel, type Features, type Machine, machineOf } from '../../../src/analyzers/kernel-time/features.js'
import type { PlacedKernel } from '../../../src/analyzers/kernel-time/placed.js'
import { rowsOf } from '../../../src/analyzers/kernel-time/plain-convolution.js'
import { ceilings } from '../ceilings.js'
import { type Convolution, convolution, tensor } from './convolutions.js'

/** Everything lies in the nearest cache. */
const machine: Machine = { block: 16, beyondCache: () => 0 }

const blocked = (given: Convolution, block = 16) =>
  describeKernel(convolution('com.microsoft.nchwc', given), { ...machine, block })
const plain = (given: Convolution) => describeKernel(convolution('', given), machine)
const kernel = (given: Partial<PlacedKernel>): PlacedKernel => ({
  ...{ op: 'Relu', domain: '', attributes: {}, inputs: [], outputs: [], runBytes: 0 },
  ...given,
})

/** Those that are not zero. */
const amounts = (features: Features) =>
  Object.fromEntries(Object.entries(features).filter(([, amount]) => amount !== 0))

describe('a blocked convolution', () => {
  it('computes tiles of six columns by four blocks of filters, and its edges one by one', () => {
    const { kind, features } = blocked({ channels: 32, filters: 64, size: [14, 14], kernel: 3, padding: 1 })
    expect(kind).toBe('blocked convolution')
    // 14 rows of 32 channels and 9 taps: 4032 steps. 12 inner columns are 2 tiles, of one set of 4 blocks; 2 edges
    // one wide, which are 4 sums in hand and take the time of 8; 2 blocks of input channels add to the output each
    expect(amounts(features)).toEqual({
      call: 1,
      tilesOf4: 4032 * 2,
      tilesOneWide: 4032 * 2 * 8,
      rows: 14 * 2,
      outputPasses: 2 * (4 * 64 * 14 * 14),
      inputBytes: 4 * 32 * 14 * 14,
      outputBytes: 4 * 64 * 14 * 14,
      weightBytes: 4 * 64 * 32 * 9,
    })
  })

  it('has narrower tiles where a row does not come out even, and smaller sets of blocks', () => {
    // 96 filters are 6 blocks: a set of 4 and one of 2. 13 inner columns are 2 tiles of 6 and one left over; a row of 15
    const { features } = blocked({ channels: 16, filters: 96, size: [1, 15], kernel: 3, padding: 1 })
    const steps = 16 * 9
    // one left over and two edges, each 4 sums in the one set and 2 in the other: 8 each
    expect(features).toMatchObject({
      ...{ tilesOf4: steps * 2, tilesOf3: 0, tilesOf2: steps * 2, tilesOf1: 0 },
      ...{ tilesThreeWide: 0, tilesTwoWide: 0, tilesOneWide: steps * 3 * 16 },
    })
    // 11 inner columns: a tile of 6, one of 3, one of 2
    expect(blocked({ channels: 16, filters: 96, size: [1, 13], kernel: 3, padding: 1 }).features).toMatchObject({
      ...{ tilesOf4: steps, tilesOf2: steps },
      // 3 wide: 12 and 8 (for 6) sums; 2 wide: 8 and 8 (for 4)
      ...{ tilesThreeWide: steps * 20, tilesTwoWide: steps * 16, tilesOneWide: steps * 2 * 16 },
    })
  })

  it('has tiles of three columns where blocks are of eight', () => {
    const { features } = blocked({ channels: 32, filters: 32, size: [14, 14], kernel: 3, padding: 1 }, 8)
    expect(features).toMatchObject({ tilesOf4: 14 * 32 * 9 * 4, tilesThreeWide: 0, tilesOneWide: 14 * 32 * 9 * 2 * 8 })
  })

  it('of an image with fewer channels than a block is the first one', () => {
    expect(blocked({ channels: 3, filters: 32, size: [224, 224], kernel: 3, stride: 2, padding: 1 }).kind).toBe(
      'blocked first convolution',
    )
  })

  it('of one pixel takes all rows as one, unless it skips some', () => {
    const flat = blocked({ channels: 64, filters: 64, size: [7, 7] })
    expect(flat.kind).toBe('blocked pointwise convolution')
    // 49 pixels are 8 tiles and one over; 64 channels are added up before they are written
    expect(flat.features).toMatchObject({ tilesOf4: 64 * 8, tilesOneWide: 64 * 8, outputPasses: 4 * 64 * 49 })
    const strided = blocked({ channels: 64, filters: 64, size: [14, 14], stride: 2 })
    // seven rows of seven: a tile and one over each
    expect(strided.features).toMatchObject({ tilesOf4: 64 * 7, tilesOneWide: 64 * 7 * 8 })
    expect(blocked({ channels: 144, filters: 64, size: [7, 7] }).features.outputPasses).toBe(2 * 4 * 64 * 49)
  })

  it('of one channel a filter is depthwise: taps, and edges among them', () => {
    const { kind, features } = blocked({ channels: 32, filters: 32, size: [14, 14], kernel: 3, padding: 1, groups: 32 })
    expect(kind).toBe('blocked depthwise convolution')
    // two blocks of 14 rows
    expect(features).toMatchObject({ rows: 28, taps: 28 * 9 * 14, edges: 28 * 9 * 2 })
  })

  it('in groups of whole blocks is a convolution, once a group', () => {
    const one = blocked({ channels: 16, filters: 16, size: [14, 14], kernel: 3, padding: 1 })
    const four = blocked({ channels: 64, filters: 64, size: [14, 14], kernel: 3, padding: 1, groups: 4 })
    expect(four.kind).toBe('blocked convolution')
    expect(four.features.tilesOf1).toBe(4 * (one.features.tilesOf1 ?? 0))
  })

  it('moves what it adds, and goes over its output again for what ReLU is not', () => {
    const given: Convolution = { channels: 16, filters: 16, size: [8, 8] }
    const bytes = 4 * 16 * 64
    expect(blocked(given).features).toMatchObject({ addedBytes: 0, activatedBytes: 0 })
    expect(blocked({ ...given, activation: 'Relu' }).features.activatedBytes).toBe(0)
    expect(blocked({ ...given, activation: 'Clip', sums: true }).features).toMatchObject({
      ...{ addedBytes: bytes, activatedBytes: bytes },
    })
  })
})

describe('a plain convolution', () => {
  it('is a matrix product of its filters and the unfolded image', () => {
    const { kind, features } = plain({ channels: 10, filters: 20, size: [14, 14], kernel: 3, padding: 1 })
    expect(kind).toBe('plain unfolded convolution')
    const matrix = 10 * 9 * 14 * 14
    // 20 rows are 12 + 6 + 0 · 3 + 2
    expect(features).toMatchObject({
      ...{ products: 1, packed: matrix, unfolded: matrix, unfoldedStrided: 0, unfoldedRows: matrix / 14 },
      ...{ rowsByTwelve: matrix, rowsBySix: matrix, rowsByThree: 0, rowsByOne: 2 * matrix },
    })
  })

  it('of one pixel needs no unfolding, unless it skips some', () => {
    const direct = plain({ channels: 10, filters: 20, size: [14, 14] })
    expect(direct.kind).toBe('plain pointwise convolution')
    expect(direct.features).toMatchObject({ unfolded: 0, unfoldedStrided: 0, unfoldedRows: 0 })
    const strided = plain({ channels: 10, filters: 20, size: [14, 14], stride: 2 })
    expect(strided.kind).toBe('plain unfolded convolution')
    expect(strided.features).toMatchObject({ unfolded: 0, unfoldedStrided: 10 * 49 })
  })

  it('is a product for each group, and depthwise where each has one filter and one channel', () => {
    const grouped = plain({ channels: 24, filters: 12, size: [8, 8], groups: 3 })
    expect(grouped.features).toMatchObject({
      products: 3,
      packed: 3 * 8 * 64,
      rowsByThree: 3 * 8 * 64,
      rowsByOne: 3 * 8 * 64,
    })
    expect(plain({ channels: 24, filters: 24, size: [8, 8], kernel: 3, padding: 1, groups: 24 }).kind).toBe(
      'plain depthwise convolution',
    )
  })
})

describe('a matrix product', () => {
  const product = (a: readonly number[], b: readonly number[], y: readonly number[], op = 'MatMul') =>
    describeKernel(kernel({ op, inputs: [tensor(...a), tensor(...b)], outputs: [tensor(...y)] }), machine)

  it.each([
    [1, [0, 0, 0, 1]],
    [5, [0, 0, 1, 2]],
    [11, [0, 1, 1, 2]],
    [12, [1, 0, 0, 0]],
    [23, [1, 1, 1, 2]],
    [36, [3, 0, 0, 0]],
  ])('of %i rows takes them twelve, six, three and one at a time', (rows, [twelves, sixes, threes, ones]) => {
    const steps = 7 * 10
    expect(product([rows, 7], [7, 10], [rows, 10]).features).toMatchObject({
      rowsByTwelve: steps * (twelves as number),
      rowsBySix: steps * (sixes as number),
      rowsByThree: steps * (threes as number),
      rowsByOne: steps * (ones as number),
    })
  })

  it('takes all of its rows one way or another', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), (rows, steps) => {
        const { rowsByTwelve = 0, rowsBySix = 0, rowsByThree = 0, rowsByOne = 0 } = rowsOf(rows, steps)
        expect(12 * rowsByTwelve + 6 * rowsBySix + 3 * rowsByThree + rowsByOne).toBe(rows * steps)
      }),
    )
  })

  it('of a batch with one matrix has as many more rows; of a batch of both is one for each', () => {
    expect(product([4, 3, 7], [7, 10], [4, 3, 10])).toMatchObject({
      kind: 'matrix product',
      features: { products: 1, rowsByTwelve: 70 },
    })
    expect(product([4, 3, 7], [4, 7, 10], [4, 3, 10])).toMatchObject({
      kind: 'batch of matrix products',
      features: { products: 4, rowsByThree: 4 * 70 },
    })
  })

  it.each(['Gemm', 'FusedGemm', 'FusedMatMul'])('is %s too', (op) => {
    expect(product([1, 7], [7, 10], [1, 10], op).kind).toBe('matrix product')
  })
})

describe('any other kernel', () => {
  it('reads, writes, and has rows', () => {
    const x = tensor(2, 3, 4, 5)
    expect(describeKernel(kernel({ inputs: [x], outputs: [x] }), machine)).toEqual({
      kind: 'Relu',
      features: {
        ...{ call: 1, farCall: 0, inputBytes: 480, outputBytes: 480, inputBeyondCache: 0, outputBeyondCache: 0 },
        rows: 24,
      },
    })
  })

  it('has taps where it has a window', () => {
    const pool = kernel({
      ...{ op: 'MaxPool', domain: 'com.microsoft.nchwc', attributes: { kernel_shape: [3, 3] } },
      ...{ inputs: [tensor(1, 16, 8, 8)], outputs: [tensor(1, 16, 4, 4)] },
    })
    const { kind, features } = describeKernel(pool, machine)
    expect(kind).toBe('com.microsoft.nchwc.MaxPool')
    expect(features.taps).toBe(9 * 16 * 16)
  })

  it('is of another kind where its operands are not of one shape', () => {
    const [x, gate] = [tensor(1, 16, 8, 8), tensor(1, 16, 1, 1)]
    const kindOf = (...inputs: PlacedKernel['inputs']) =>
      describeKernel(kernel({ op: 'Mul', inputs, outputs: [x] }), machine).kind
    expect(kindOf(x, x)).toBe('Mul')
    expect(kindOf(x, gate)).toBe('Mul of unequal shapes')
    expect(kindOf(gate, x)).toBe('Mul of unequal shapes')
    // indices are no operand of arithmetic
    const gathering = kernel({ op: 'Gather', inputs: [x, tensor(16)], outputs: [x] })
    expect(describeKernel(gathering, machine).kind).toBe('Gather')
  })

  it('is a convolution whose sizes are not known', () => {
    expect(describeKernel(kernel({ op: 'Conv' }), machine).kind).toBe('Conv')
  })
})

describe('the features of any convolution', () => {
  const side = fc.integer({ min: 1, max: 40 })
  const given = fc.record({
    channels: fc.constantFrom(16, 32, 64, 144),
    filters: fc.constantFrom(16, 48, 64, 80, 256),
    size: fc.tuple(side, side),
    kernel: fc.constantFrom(1, 3, 5),
    stride: fc.constantFrom(1, 2),
    sums: fc.boolean(),
  })

  it('are as many more as there are images, but for the call and the weights', () => {
    fc.assert(
      fc.property(given, fc.integer({ min: 2, max: 8 }), fc.boolean(), (given, batch, isBlocked) => {
        const describeIt = isBlocked ? blocked : plain
        const padded = { ...given, padding: (given.kernel - 1) / 2 }
        const [one, all] = [describeIt(padded), describeIt({ ...padded, batch })]
        expect(all.kind).toBe(one.kind)
        for (const [name, amount] of Object.entries(all.features)) {
          const factor = ['call', 'weightBytes'].includes(name) ? 1 : batch
          expect(amount, name).toBeCloseTo((one.features[name] ?? 0) * factor, 6)
        }
      }),
    )
  })

  it('compute each output of a blocked one once', () => {
    // whole tiles of 6 columns by n blocks, and narrower ones of 3, 2 and 1: with no fewer than eight sums in hand each
    // column counts for all of its blocks, so that amounts give the outputs back
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (columns) => {
        const { features } = blocked({ channels: 16, filters: 64, size: [1, columns] })
        const { tilesOf4 = 0, tilesThreeWide = 0, tilesTwoWide = 0, tilesOneWide = 0 } = features
        // 4 blocks: three and two wide are 12 and 8 sums, one wide 4, which count as 8
        const computed = 6 * 4 * tilesOf4 + tilesThreeWide + tilesTwoWide + tilesOneWide / 2
        expect(computed).toBe(16 * 4 * columns)
      }),
    )
  })
})

describe('what lies beyond the nearest cache', () => {
  it('takes as long as the slower bandwidth takes beyond the best', () => {
    const { block, beyondCache } = machineOf({
      ...ceilings,
      vectorBlock: 16,
      bandwidth: [
        { workingSetBytes: 1e6, bytesPerSecond: 10e9 },
        { workingSetBytes: 1e8, bytesPerSecond: 5e9 },
      ],
    })
    expect(block).toBe(16)
    // 1 MB at 10 GB/s is 0.1 ms, at 5 GB/s 0.2
    expect(beyondCache({ bytes: 1e6, distance: 1e6 })).toBeCloseTo(0, 12)
    expect(beyondCache({ bytes: 1e6, distance: 1e9 })).toBeCloseTo(0.1, 12)
    expect(beyondCache(undefined)).toBe(0)
    // what a call needs beside its data, 64 kB, is as far as the last run
    const far = (runBytes: number) => describeKernel(kernel({ runBytes }), { block, beyondCache }).features.farCall
    expect(far(1e6)).toBeCloseTo(0, 12)
    expect(far(1e9)).toBeCloseTo((1000 * 2 ** 16) / 10e9, 12)
  })
})
