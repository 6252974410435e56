import type { Attributes, Shape } from '../ops/rule.js'
import { lengthWithin, type Sampling } from './window.js'

/** A window along one axis: output i reads i · stride − before + t · dilation for every t < kernel. */
export interface Taps {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly before: number
}

interface Windowed {
  readonly x: Shape
  readonly attributes: Attributes
}

/**
 * The window of a convolution or a pooling along axis `axis` of x [N, C, D…]; null where its size is not known. A `filter`
 * [M, C/group, k…] tells it where no attribute does.
 *
 * `ceil_mode` only adds windows at the end. SAME pads as TensorFlow does: to ⌈D / stride⌉ outputs, the odd one at the
 * end (SAME_UPPER) or in front.
 * @see https://onnx.ai/onnx/operators/onnx__Conv.html
 */
export function tapsOf({ x, attributes }: Windowed, axis: number, filter?: Shape): Taps | null {
  const kernel = attributes.ints('kernel_shape')?.[axis - 2] ?? filter?.[axis]
  if (kernel === undefined) return null
  const stride = attributes.ints('strides')?.[axis - 2] ?? 1
  const dilation = attributes.ints('dilations')?.[axis - 2] ?? 1
  const before = paddingBefore(attributes, { kernel, stride, dilation }, { size: x[axis] ?? 0, axis })
  return { kernel, stride, dilation, before }
}

function paddingBefore(
  attributes: Attributes,
  { kernel, stride, dilation }: Omit<Taps, 'before'>,
  { size, axis }: { size: number; axis: number },
): number {
  const mode = attributes.string('auto_pad', 'NOTSET')
  if (mode === 'NOTSET') return attributes.ints('pads')?.[axis - 2] ?? 0
  if (mode === 'VALID') return 0
  const reach = (Math.ceil(size / stride) - 1) * stride + (kernel - 1) * dilation + 1
  return halfOf(Math.max(0, reach - size), mode === 'SAME_UPPER')
}

/** The part of a padding that comes in front; the odd one may come at the end. */
export const halfOf = (padding: number, oddAtEnd: boolean): number =>
  oddAtEnd ? Math.floor(padding / 2) : Math.ceil(padding / 2)

export const samplingOf = ({ kernel, stride, dilation, before }: Taps): Sampling => ({
  up: 1,
  down: stride,
  sources(output) {
    const start = output * stride - before
    return { start, end: start + (kernel - 1) * dilation + 1 }
  },
})

export const isPointwise = ({ kernel, stride, before }: Taps): boolean => kernel === 1 && stride === 1 && before === 0

/** How many of `size` positions some of `outputs` windows read; null where that is not worth its time. */
export function positionsRead(taps: Taps, outputs: number, size: number): number | null {
  const { kernel, stride, dilation, before } = taps
  if (stride > (kernel - 1) * dilation) return readApart(taps, outputs, size)
  if (dilation === 1) return lengthWithin({ start: -before, end: (outputs - 1) * stride - before + kernel }, size)
  return stride === 1 ? readInRows(taps, outputs, size) : readHereAndThere(taps, outputs, size)
}

/** Windows do not overlap: each tap reads positions of its own, a stride apart. */
function readApart({ kernel, stride, dilation, before }: Taps, outputs: number, size: number): number {
  let read = 0
  for (let tap = 0; tap < kernel; tap++) {
    const place = tap * dilation - before
    const first = Math.max(0, Math.ceil(-place / stride))
    const last = Math.min(outputs - 1, Math.floor((size - 1 - place) / stride))
    read += Math.max(0, last - first + 1)
  }
  return read
}

/** Each tap reads as many positions in a row as there are outputs. */
function readInRows({ kernel, dilation, before }: Taps, outputs: number, size: number): number {
  let [read, reached] = [0, 0]
  for (let tap = 0; tap < kernel; tap++) {
    const start = Math.max(reached, tap * dilation - before)
    const end = Math.min(size, tap * dilation - before + outputs)
    read += Math.max(0, end - start)
    reached = Math.max(reached, end)
  }
  return read
}

const mostPositions = 1 << 24

function readHereAndThere(taps: Taps, outputs: number, size: number): number | null {
  const { kernel, stride, dilation, before } = taps
  if (Math.max(size, outputs * kernel) > mostPositions) return null
  const read = new Uint8Array(size)
  for (let output = 0; output < outputs; output++) {
    for (let tap = 0; tap < kernel; tap++) {
      const position = output * stride - before + tap * dilation
      if (position >= 0 && position < size) read[position] = 1
    }
  }
  return read.reduce((count, one) => count + one, 0)
}
