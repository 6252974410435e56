import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { axisField } from '../../src/analyzers/fields/axis-field.js'
import { grid } from '../../src/analyzers/fields/seen.js'
import { hull, lengthWithin, spanAt } from '../../src/analyzers/fields/window.js'
import { receptiveFields } from '../../src/analyzers/receptive-field.js'
import type { AxisReceptiveField } from '../../src/types.js'
import { type Chain, chainGraph, type Line } from './chain.js'

/** Of each output, along height, behind a 3x3 convolution of stride 2 that pads by 1: 12 rows seen of 24. */
async function behindStem(
  lines: readonly Line[],
  rest: Partial<Chain> = {},
): Promise<(AxisReceptiveField | undefined)[]> {
  const stem: Line = ['Conv x stem -> a', { strides: [2, 2], pads: [1, 1, 1, 1] }]
  const { ones, ...others } = rest
  const graph = await chainGraph({
    x: [1, 2, 24, 24],
    nodes: [stem, ...lines],
    ones: { stem: [4, 2, 3, 3], ...ones },
    ...others,
  })
  return (receptiveFields(graph)?.outputs ?? []).map(({ axes }) => axes[0])
}

const kept = { size: 3, stride: 2, offset: -1, inside: 3, global: false }
/** All twelve rows: from −1 to 23. */
const all = { size: 25, stride: null, offset: -1, inside: 24, global: true }
const scattered = { size: 3, stride: null, offset: null, inside: null, global: false }
const lost = { size: null, stride: null, offset: null, inside: null, global: false }

describe('operators that keep, move or lose the field, by hand', () => {
  test.each<[string, readonly Line[], readonly Partial<AxisReceptiveField>[], Partial<Chain>?]>([
    ['halves of the channels', [['Split a -> y z', { axis: 1 }]], [kept, kept]],
    // the second half begins six rows of two pixels later
    ['halves of the rows', [['Split a -> y z', { axis: 2 }]], [kept, { ...kept, offset: 11 }]],
    ['some channels', [['Gather a i -> y', { axis: 1 }]], [kept], { integers: { i: [3, 0] } }],
    ['some rows, in any order', [['Gather a i -> y', { axis: 2 }]], [scattered], { integers: { i: [3, 0] } }],
    ['maps side by side', [['Concat a a -> y', { axis: 2 }]], [scattered]],
    // 3 and, of the next map, 7 rows of two channels each
    [
      'heads of two maps of one size',
      [
        ['Conv a w -> b', { pads: [1, 1, 1, 1] }],
        ['Reshape a n -> c'],
        ['Reshape b n -> d'],
        ['Concat c d -> y', { axis: 1 }],
      ],
      [{ ...scattered, size: 7 }],
      { ones: { w: [4, 4, 3, 3] }, integers: { n: [1, -1, 2] } },
    ],
    ['maps on each other', [['Relu a -> b'], ['Concat a b -> y', { axis: 1 }]], [kept]],
    ['channels repeated', [['Tile a n -> y']], [kept], { integers: { n: [1, 3, 1, 1] } }],
    ['rows repeated', [['Tile a n -> y']], [lost], { integers: { n: [1, 1, 2, 1] } }],
    ['a mean repeated', [['GlobalMaxPool a -> b'], ['Expand b n -> y']], [all], { integers: { n: [1, 4, 12, 12] } }],
    // row 0 alone, from −1 to 1, is everyone's
    [
      'the first row for all',
      [['Slice a zero one two -> b'], ['Expand b n -> y']],
      [{ size: 3, stride: null, offset: -1, inside: 2, global: true }],
      { integers: { zero: [0], one: [1], two: [2], n: [1, 4, 12, 12] } },
    ],
    ['running sums over channels', [['CumSum a one -> y']], [kept], { integers: { one: [1] } }],
    ['running sums over rows', [['CumSum a two -> y']], [lost], { integers: { two: [2] } }],
    [
      'the strongest channel',
      [
        ['ArgMax a -> b', { axis: 1, keepdims: 0 }],
        ['Cast b -> y', { to: 1 }],
      ],
      [kept],
    ],
    [
      'the strongest row',
      [
        ['ArgMax a -> b', { axis: 2 }],
        ['Cast b -> y', { to: 1 }],
      ],
      [all],
    ],
    [
      'padding that reflects',
      [['Pad a n -> y', { mode: 'reflect' }]],
      [{ ...kept, offset: -5 }],
      { integers: { n: [0, 0, 2, 0, 0, 0, 0, 0] } },
    ],
    [
      'rows backwards',
      [['Slice a from to two step -> y']],
      [lost],
      { integers: { from: [11], to: [-100], two: [2], step: [-1] } },
    ],
    // per pixel: rows and columns are not summed over
    [
      'a matrix a pixel',
      [['Transpose a -> b', { perm: [0, 2, 3, 1] }], ['MatMul b w -> y']],
      [kept],
      { ones: { w: [4, 5] } },
    ],
    ['rows against a vector', [['MatMul a v -> y']], [kept], { ones: { v: [12] } }],
    ['columns of rows against a matrix', [['MatMul w a -> y']], [all], { ones: { w: [5, 12] } }],
    ['its own shape', [['Shape a -> s'], ['Reshape a s -> y']], [kept]],
    ['its mask, unused', [['Dropout a -> y']], [kept]],
    [
      'a type and back',
      [
        ['Cast a -> b', { to: 11 }],
        ['Cast b -> y', { to: 1 }],
      ],
      [kept],
    ],
    // each of three rows becomes ⌊i / 2⌋: two rows see the same
    [
      'a resize by a size',
      [['Resize a _ _ n -> y', { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }]],
      [{ ...kept, stride: 1 }],
      { integers: { n: [1, 4, 24, 24] } },
    ],
    // 12 rows become 23, corner on corner: every other one lies between two, 2 pixels apart
    [
      'a resize of the corners',
      [['Resize a _ _ n -> y', { mode: 'linear', coordinate_transformation_mode: 'align_corners' }]],
      [{ ...kept, stride: 1, size: 5, inside: 5 }],
      { integers: { n: [1, 4, 23, 23] } },
    ],
    // four rows around each: three strides more; the first begins two rows before its own, −0.25 being behind −1
    [
      'a cubic resize',
      [['Resize a _ _ n -> y', { mode: 'cubic' }]],
      [{ ...kept, stride: 1, size: 9, inside: 9, offset: -5 }],
      { integers: { n: [1, 4, 24, 24] } },
    ],
    [
      'a resize whose scale does not divide the size',
      [['Resize a _ s -> y', { mode: 'linear' }]],
      [lost],
      { floats: { s: [1, 1, 1.3, 1] } },
    ],
  ])('%s', async (_, lines, expected, rest) => {
    expect(await behindStem(lines, rest)).toEqual(expected)
  })

  test('Upsample, before Resize', async () => {
    const [axis] = await behindStem([['Upsample a s -> y']], { opset: 9, floats: { s: [1, 1, 2, 2] } })
    expect(axis).toEqual({ ...kept, stride: 1 })
  })

  test('bounds as attributes, before opset 10', async () => {
    const [axis] = await behindStem([['Slice a -> y', { axes: [2], starts: [-4], ends: [12] }]], { opset: 9 })
    expect(axis).toEqual({ ...kept, offset: 15 })
  })

  test('Softmax over all that is behind its axis, before opset 13', async () => {
    expect(await behindStem([['Softmax a -> y', { axis: 1 }]], { opset: 11 })).toEqual([
      { ...kept, inside: 24, global: true },
    ])
  })
})

it('counts the most pixels inside the image over all positions', () => {
  const spans = fc
    .tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 1, max: 30 }))
    .map(([start, length]) => ({ start, end: start + length }))
  const cases = fc.record({
    phases: fc.array(spans, { minLength: 1, maxLength: 3 }),
    step: fc.integer({ min: 1, max: 9 }),
    count: fc.integer({ min: 1, max: 12 }),
    shared: fc.option(spans),
    extent: fc.integer({ min: 1, max: 40 }),
  })
  fc.assert(
    fc.property(cases, ({ phases, step, count, shared, extent }) => {
      const window = { phases, step }
      const each = Array.from({ length: count }, (_, position) => spanAt(window, position))
      const inside = each.map((span) => lengthWithin(shared === null ? span : hull(span, shared), extent))
      expect(axisField(grid(0, window, shared), [count], extent).inside).toBe(Math.max(...inside))
    }),
    { seed: 1, numRuns: 2000 },
  )
})
