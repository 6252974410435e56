import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { windowOf } from '../../../src/analyzers/kernel-time/window.js'
import { convolution, tensor } from './convolutions.js'

describe('the window of a convolution', () => {
  it('is that of its filters', () => {
    const kernel = convolution('', {
      batch: 2,
      channels: 24,
      filters: 48,
      size: [10, 14],
      kernel: 3,
      stride: 2,
      groups: 4,
    })
    expect(windowOf(kernel)).toEqual({
      ...{ batch: 2, groups: 4, filters: 12, channels: 6, taps: 9, kernelWidth: 3, stride: 2, rows: 4, columns: 6 },
      // no padding: each column's window lies in the image
      innerColumns: 6,
    })
  })

  it.each([
    // 3 wide on 14 columns with one of padding: the first and the last see the border
    [{ size: [14, 14], kernel: 3, padding: 1 }, 14, 12],
    [{ size: [14, 14], kernel: 1 }, 14, 14],
    [{ size: [14, 14], kernel: 5, padding: 2 }, 14, 10],
    // 3 wide at stride 2 on 14: windows begin at -1, 1, …, 11, of which the first alone leaves the image
    [{ size: [14, 14], kernel: 3, padding: 1, stride: 2 }, 7, 6],
    // 7 wide at stride 2 on 224: windows begin at -3, -1, …, 219, and those of 1 to 217 lie in the image
    [{ size: [224, 224], kernel: 7, padding: 3, stride: 2 }, 112, 109],
    // 3 wide and 2 apart reaches 5 columns: two of padding on either side
    [{ size: [14, 14], kernel: 3, padding: 2, dilation: 2 }, 14, 10],
    // a window wider than the image: each sees a border
    [{ size: [2, 2], kernel: 5, padding: 2 }, 2, 0],
    [{ size: [8, 1], kernel: 3, padding: 1 }, 1, 0],
  ] as const)('of %j has %i columns, %i of them inside', (given, columns, inner) => {
    const kernel = convolution('', { channels: 8, filters: 8, ...given })
    expect(windowOf(kernel)).toMatchObject({ columns, innerColumns: inner })
  })

  it('counts inside what lies inside', () => {
    const given = fc.record({
      width: fc.integer({ min: 1, max: 40 }),
      kernel: fc.integer({ min: 1, max: 7 }),
      stride: fc.integer({ min: 1, max: 4 }),
      padding: fc.integer({ min: 0, max: 3 }),
      dilation: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(given, ({ width, kernel, stride, padding, dilation }) => {
        const reach = dilation * (kernel - 1)
        fc.pre(width + 2 * padding > reach)
        const size = [width, width] as const
        const window = windowOf(convolution('', { channels: 1, filters: 1, size, kernel, stride, padding, dilation }))
        const starts = Array.from({ length: window?.columns ?? 0 }, (_, column) => column * stride - padding)
        expect(window?.innerColumns).toBe(starts.filter((start) => start >= 0 && start + reach < width).length)
      }),
    )
  })

  it('is none where images are not two-dimensional or sizes not known', () => {
    const known = convolution('', { channels: 8, filters: 8, size: [4, 4] })
    const [x = tensor(), w = tensor()] = known.inputs
    expect(windowOf({ ...known, inputs: [tensor(1, 8, 4), tensor(8, 8, 1)], outputs: [tensor(1, 8, 4)] })).toBeNull()
    expect(windowOf({ ...known, inputs: [x] })).toBeNull()
    expect(windowOf({ ...known, inputs: [], outputs: [] })).toBeNull()
    expect(windowOf({ ...known, inputs: [x, w], outputs: [] })).toBeNull()
  })
})
