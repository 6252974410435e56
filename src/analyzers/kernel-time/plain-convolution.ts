import type { Describe, Features } from './features.js'
import type { PlacedKernel } from './placed.js'
import { type Window, windowOf } from './window.js'

/**
 * Convolution as matrix products, one a group: the image is first unfolded into a matrix of a column for each output pixel,
 * where the window is more than one pixel.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/convolve.cpp
 */
export const plainConvolution: Describe = (kernel, { beyondCache }) => {
  const isConvolution = ['Conv', 'FusedConv'].includes(kernel.op) && kernel.domain !== 'com.microsoft.nchwc'
  const window = isConvolution ? windowOf(kernel) : null
  if (window === null) return null
  const [x, w] = kernel.inputs
  const [y] = kernel.outputs
  return {
    kind: `plain ${kindOf(window)} convolution`,
    features: {
      ...work(window),
      ...bytes(kernel),
      inputBeyondCache: beyondCache(x),
      outputBeyondCache: beyondCache(y),
      weightsBeyondCache: beyondCache(w),
    },
  }
}

function kindOf(window: Window): string {
  if (window.filters === 1 && window.channels === 1) return 'depthwise'
  return isDirect(window) ? 'pointwise' : 'unfolded'
}

/** True where the image is the matrix already. */
const isDirect = ({ taps, stride }: Window): boolean => taps === 1 && stride === 1

function work(window: Window): Features {
  const { batch, groups, filters, channels, taps, rows, columns, stride } = window
  const products = batch * groups
  const matrix = products * channels * taps * rows * columns
  const unfolded = isDirect(window) ? 0 : matrix
  return {
    products,
    ...rowsOf(filters, matrix),
    packed: matrix,
    unfolded: stride === 1 ? unfolded : 0,
    unfoldedStrided: stride === 1 ? 0 : unfolded,
    unfoldedRows: unfolded / columns,
  }
}

function bytes({ inputs: [x, , , sum], outputs: [y] }: PlacedKernel): Features {
  const [inputBytes, outputBytes] = [x?.bytes ?? 0, y?.bytes ?? 0]
  return { inputBytes, outputBytes, addedBytes: sum === undefined ? 0 : outputBytes }
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
