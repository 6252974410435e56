import type { ConvolutionAccess, LiveTensor, MemoryAccess, PeakActivations } from '../types.js'
import { bytes, count, percent, shape, shorten, visible } from './format.js'
import { columns, indent, left, type Page, paragraphs, right } from './page.js'

/** As many of the most as are shown of a list, unless all are asked for. */
const most = 10

/**
 * What convolutions read and write at least, those 1 x 1 first that are furthest above the least, and what is in memory
 * when most is; for a terminal.
 */
export function memoryText(
  { access, peak }: { readonly access: MemoryAccess; readonly peak: PeakActivations | null },
  page: Page,
  { all }: { all: boolean },
): string {
  return paragraphs([accessHeading(access, page), accessTable(access, page, all), ...peakText(peak, page, all)])
}

function accessHeading({ convolutions, accessElements, pointwise, unknown }: MemoryAccess, { paint }: Page): string {
  const lines = [
    `${paint.bold('memory access')}  ${count(accessElements)} elements of ${convolutions.length} convolutions`,
    pointwise.excess === null
      ? '  no 1x1 convolution'
      : `  ${pointwise.layers} of them 1x1: ${count(pointwise.accessElements)}, ${percent(pointwise.excess)} above the least for their MACs (ShuffleNet V2, G1)`,
    unknown.length === 0 ? '' : `  not known of ${unknown.length}, ${visible(unknown[0] ?? '')} first`,
  ]
  return lines.filter(Boolean).join('\n')
}

function accessTable({ convolutions }: MemoryAccess, page: Page, all: boolean): string {
  const pointwise = convolutions.filter(({ bound }) => bound !== null).sort((a, b) => excessOf(b) - excessOf(a))
  const others = convolutions.filter(({ bound }) => bound === null)
  const shown = all ? [...pointwise, ...others] : pointwise.filter((one) => excessOf(one) >= 0.5).slice(0, most)
  if (shown.length === 0) return ''
  const titles = ['channels', 'group', 'access', 'above least', '', 'by widths', 'by groups'].map(right)
  return columns([left('convolution'), left('kernel'), ...titles], shown.map(accessRow(page)), page)
}

/** Elements above the bound. */
const excessOf = ({ accessElements, bound }: ConvolutionAccess): number =>
  bound === null ? 0 : accessElements - bound.accessElements

const accessRow =
  ({ width }: Page) =>
  (one: ConvolutionAccess): string[] => [
    shorten(one.name, Math.max(16, width - 74)),
    shape(one.kernel),
    `${one.inputChannels}→${one.outputChannels}`,
    String(one.group),
    count(one.accessElements),
    ...(one.bound === null
      ? ['-', '', '-', '-']
      : [
          count(Math.round(excessOf(one))),
          percent(one.bound.excess),
          count(Math.round(one.bound.unequalWidthElements)),
          count(Math.round(one.bound.groupElements)),
        ]),
  ]

function peakText(peak: PeakActivations | null, page: Page, all: boolean): string[] {
  if (peak === null) return [`${page.paint.bold('peak activations')}  not known`]
  const where = peak.layer === null ? 'the inputs alone' : `at ${visible(peak.layer)}`
  const shown = all ? peak.tensors : peak.tensors.slice(0, most)
  const more = peak.tensors.length - shown.length
  const titles = [left('tensor'), left('shape'), left('type'), right('memory'), left('written by')]
  return [
    `${page.paint.bold('peak activations')}  ${bytes(peak.bytes)} ${where}, ${peak.tensors.length} tensors alive`,
    columns(titles, shown.map(tensorRow(page)), page),
    ...(more > 0 ? [page.paint.dim(indent(`and ${more} smaller`))] : []),
  ]
}

const tensorRow =
  ({ width }: Page) =>
  (tensor: LiveTensor): string[] => [
    shorten(tensor.name, Math.max(16, Math.floor((width - 50) / 2))),
    shape(tensor.shape),
    tensor.elementType,
    bytes(tensor.bytes),
    tensor.layer === null ? 'the caller' : shorten(tensor.layer, Math.max(16, Math.floor((width - 50) / 2))),
  ]
