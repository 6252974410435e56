import type { PlacedKernel } from './placed.js'

/** A convolution's window on images [N, C, H, W] and filters [M, C/group, kH, kW]. */
export interface Window {
  readonly batch: number
  readonly groups: number
  /** Filters and channels of one group. */
  readonly filters: number
  readonly channels: number
  readonly taps: number
  readonly kernelWidth: number
  readonly stride: number
  readonly rows: number
  readonly columns: number
  /** Columns whose window lies in the image as a whole. */
  readonly innerColumns: number
}

/** Null for anything but a convolution of images whose sizes are known. */
export function windowOf({ attributes, inputs, outputs }: PlacedKernel): Window | null {
  const [x, w] = inputs
  const [batch, , rows, columns] = outputs[0]?.dims ?? []
  const [filters, channels, kernelHeight, kernelWidth] = w?.dims ?? []
  if (x?.dims.length !== 4 || w?.dims.length !== 4) return null
  if (batch === undefined || rows === undefined || columns === undefined) return null
  if (filters === undefined || channels === undefined || kernelHeight === undefined || kernelWidth === undefined)
    return null
  const groups = numberOf(attributes.group) ?? 1
  const stride = last(attributes.strides) ?? 1
  const dilation = last(attributes.dilations) ?? 1
  const left = numbersOf(attributes.pads)?.[1] ?? 0
  const reach = dilation * (kernelWidth - 1)
  const first = Math.ceil(left / stride)
  const inner = Math.floor(((x.dims[3] ?? 0) + left - reach - 1) / stride) - first + 1
  return {
    ...{ batch, groups, channels, rows, columns, stride, kernelWidth },
    filters: filters / groups,
    taps: kernelHeight * kernelWidth,
    innerColumns: Math.max(0, Math.min(columns, inner)),
  }
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
const numbersOf = (value: unknown): readonly number[] | undefined => (Array.isArray(value) ? value : undefined)
const last = (value: unknown): number | undefined => numbersOf(value)?.at(-1)
