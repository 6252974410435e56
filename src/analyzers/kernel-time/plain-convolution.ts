import type { Describe, Features } from './features.js'
import { windowOf } from './window.js'

/**
 * Convolution as matrix products, one a group: the image is first unfolded into a matrix of a column for each output pixel,
 * where the window is more than one pixel.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/convolve.cpp
 */
export const plainConvolution: Describe = (kernel, { beyondCache }) => {
  const isConvolution = ['Conv', 'FusedConv'].includes(kernel.op) && kernel.domain !== 'com.microsoft.nchwc'
  const window = isConvolution ? windowOf(kernel) : null
  if (window === null) return null
  const { batch, groups, filters, channels, taps, rows, columns, stride } = window
  const [x, w, , sum] = kernel.inputs
  const [y] = kernel.outputs
  const products = batch * groups
  const unfolded = products * channels * taps * rows * columns
  const isDirect = taps === 1 && stride === 1
  const kind = filters === 1 && channels === 1 ? 'depthwise' : isDirect ? 'pointwise' : 'unfolded'
  return {
    kind: `plain ${kind} convolution`,
    features: {
      call: 1,
      products,
      ...rowsOf(filters, unfolded),
      packed: unfolded,
      unfolded: isDirect || stride > 1 ? 0 : unfolded,
      unfoldedStrided: stride > 1 ? unfolded : 0,
      unfoldedRows: isDirect ? 0 : products * channels * taps * rows,
      inputBytes: x?.bytes ?? 0,
      outputBytes: y?.bytes ?? 0,
      inputBeyondCache: beyondCache(x),
      outputBeyondCache: beyondCache(y),
      weightsBeyondCache: beyondCache(w),
      addedBytes: sum === undefined ? 0 : (y?.bytes ?? 0),
    },
  }
}

/** A matrix product of `rows` rows takes them twelve, six, three and one at a time; `steps` is what each of them costs. */
export function rowsOf(rows: number, steps: number): Features {
  const twelves = Math.floor(rows / 12)
  const sixes = Math.floor((rows % 12) / 6)
  const threes = Math.floor((rows % 6) / 3)
  return {
    rowsByTwelve: steps * twelves,
    rowsBySix: steps * sixes,
    rowsByThree: steps * threes,
    rowsByOne: steps * (rows % 3),
  }
}
