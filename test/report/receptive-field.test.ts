import { expect, test } from 'vitest'
import { plain } from '../../src/report/page.js'
import { receptiveFieldText } from '../../src/report/receptive-field.js'
import type { AxisReceptiveField, LayerReceptiveField, ReceptiveFields } from '../../src/types.js'

const page = { width: 100, paint: plain }

const field = (size: number | null, rest: Partial<AxisReceptiveField> = {}): AxisReceptiveField => ({
  size,
  stride: 2,
  offset: -1,
  inside: size,
  global: false,
  ...rest,
})

const layer = (name: string, axes: readonly AxisReceptiveField[], changed = true): LayerReceptiveField => ({
  name,
  op: 'Conv',
  output: name,
  outputShape: [1, 8, 4, 4],
  axes,
  changed,
})

const wide = layer('wide', [field(7), field(3)])
const all = field(13, { stride: null, inside: 9, global: true })

const fields: ReceptiveFields = {
  input: 'image',
  inputShape: [1, 3, 9, 9],
  spatialAxes: [2, 3],
  layers: [
    layer('stem', [field(3), field(3)]),
    layer('relu', [field(3), field(3)], false),
    wide,
    layer('pool', [all, all]),
  ],
  widest: wide,
  outputs: [
    { name: 'y', axes: [all, all] },
    { name: 'odd', axes: [field(null, { stride: null, offset: null }), field(null, { stride: null, offset: null })] },
    { name: 'constant', axes: [] },
  ],
}

test('the widest field, what outputs see, and the layers that change it', () => {
  expect(receptiveFieldText(fields, page, { all: false })).toBe(`receptive field  of image 1x3x9x9, in pixels

  widest    7x3  stride 2, offset -1, 7x3 inside the image  (wide)
  output    9, all that any output sees  (y)
  output    ?  stride ?, offset ?, ? inside the image  (odd)
  output    nothing  (constant)

  layer  operator  output   size  stride  offset  inside
  stem   Conv      1x8x4x4     3       2      -1       3
  wide   Conv      1x8x4x4   7x3       2      -1     7x3
  pool   Conv      1x8x4x4    13       -      -1       9  global

  global: a path brings the same pixels to every output, as pooling over all positions does; where other paths
  keep positions apart, the size is theirs.
`)
})

test('with all, every layer; without an image, that there is none', () => {
  expect(receptiveFieldText(fields, page, { all: true })).toContain('  relu ')
  expect(receptiveFieldText(null, page, { all: false })).toBe(
    '  No receptive field: no input is an image that a layer reads in windows.\n',
  )
})

test('names from a file do no harm', () => {
  const hostile = { ...fields, input: 'a\u001b[2J', layers: [layer('b\u001b[2J', [field(3), field(3)])] }
  expect(receptiveFieldText(hostile, page, { all: false })).not.toContain('\u001b')
})
