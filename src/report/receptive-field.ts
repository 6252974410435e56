import type { AxisReceptiveField, LayerReceptiveField, ReceptiveFields } from '../types.js'
import { shape, shorten, visible } from './format.js'
import { columns, indent, left, type Page, paragraphs, right } from './page.js'

/**
 * What the layers of a network see of its image, for a terminal: the widest field, what reaches the outputs, and the
 * layers that change it, or with `all` every layer.
 */
export function receptiveFieldText(fields: ReceptiveFields | null, page: Page, { all }: { all: boolean }): string {
  if (fields === null)
    return paragraphs([indent('No receptive field: no input is an image that a layer reads in windows.')])
  return paragraphs([
    `${page.paint.bold('receptive field')}  of ${visible(fields.input)} ${shape(fields.inputShape)}, in pixels`,
    indent(summary(fields)),
    layersTable(fields, page, all),
    ...(fields.layers.some(({ axes }) => axes.some(({ global }) => global)) ? [page.paint.dim(indent(legend))] : []),
  ])
}

const legend =
  'global: a path brings the same pixels to every output, as pooling over all positions does; where other paths\nkeep positions apart, the size is theirs.'

function summary({ widest, outputs }: ReceptiveFields): string {
  const rows = [
    ...(widest === null ? [] : [['widest', `${sizes(widest.axes)}  ${placed(widest.axes)}`, visible(widest.name)]]),
    ...outputs.map(({ name, axes }) => ['output', axes.length === 0 ? 'nothing' : said(axes), visible(name)]),
  ]
  return rows.map(([what = '', field = '', name = '']) => `${what.padEnd(8)}  ${field}  (${name})`).join('\n')
}

const said = (axes: readonly AxisReceptiveField[]): string =>
  isWhole(axes) ? `${each(axes, ({ inside }) => inside)}, all that any output sees` : `${sizes(axes)}  ${placed(axes)}`

const isWhole = (axes: readonly AxisReceptiveField[]): boolean =>
  axes.every(({ global, stride }) => global && stride === null)

const placed = (axes: readonly AxisReceptiveField[]): string =>
  `stride ${each(axes, ({ stride }) => stride)}, offset ${each(axes, ({ offset }) => offset)}, ${inside(axes)} inside the image`

function layersTable({ layers }: ReceptiveFields, page: Page, all: boolean): string {
  const shown = all ? layers : layers.filter(({ changed }) => changed)
  const titles = ['size', 'stride', 'offset', 'inside'].map(right)
  return columns([left('layer'), left('operator'), left('output'), ...titles, left('')], shown.map(row(page)), page)
}

const row =
  ({ width }: Page) =>
  ({ name, op, outputShape, axes }: LayerReceptiveField): string[] => [
    shorten(name, Math.max(16, width - 74)),
    shorten(op, 20),
    shape(outputShape),
    sizes(axes),
    isWhole(axes) ? '-' : each(axes, ({ stride }) => stride),
    each(axes, ({ offset }) => offset),
    inside(axes),
    axes.some(({ global }) => global) ? 'global' : '',
  ]

const sizes = (axes: readonly AxisReceptiveField[]): string => each(axes, ({ size }) => size)
const inside = (axes: readonly AxisReceptiveField[]): string => each(axes, (axis) => axis.inside)

/** One figure where all axes have the same: `527`, `11x7`, `?`. */
function each(axes: readonly AxisReceptiveField[], value: (axis: AxisReceptiveField) => number | null): string {
  const texts = axes.map((axis) => figure(value(axis)))
  return new Set(texts).size === 1 ? (texts[0] ?? '') : texts.join('x')
}

const figure = (value: number | null): string => {
  if (value === null) return '?'
  return Number.isInteger(value) ? String(value) : value.toFixed(2)
}
