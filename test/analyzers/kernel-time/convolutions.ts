import type { PlacedKernel, PlacedTensor } from '../../../src/analyzers/kernel-time/placed.js'

export const tensor = (...dims: readonly number[]): PlacedTensor => {
  const bytes = 4 * dims.reduce((product, dim) => product * dim, 1)
  return { dims, bytes, distance: bytes }
}

export interface Convolution {
  readonly batch?: number
  readonly channels: number
  readonly filters: number
  /** Height and width of the image. */
  readonly size: readonly [number, number]
  readonly kernel?: number
  readonly stride?: number
  readonly padding?: number
  readonly dilation?: number
  readonly groups?: number
  readonly activation?: string
  /** Whether it adds another tensor to its output. */
  readonly sums?: boolean
}

/** A convolution as onnxruntime runs it, in blocks of channels or not. */
export function convolution(domain: '' | 'com.microsoft.nchwc', given: Convolution): PlacedKernel {
  const { batch = 1, channels, filters, size, kernel = 1, stride = 1, padding = 0, dilation = 1, groups = 1 } = given
  const out = size.map((side) => Math.floor((side + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1)
  const y = tensor(batch, filters, ...out)
  const bias = tensor(filters)
  return {
    op: domain === '' ? 'FusedConv' : 'Conv',
    domain,
    attributes: {
      group: groups,
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      dilations: [dilation, dilation],
      pads: Array(4).fill(padding),
      ...(given.activation === undefined ? {} : { activation: given.activation }),
    },
    inputs: [
      tensor(batch, channels, ...size),
      tensor(filters, channels / groups, kernel, kernel),
      bias,
      ...(given.sums ? [y] : []),
    ],
    outputs: [y],
    runBytes: 0,
  }
}
