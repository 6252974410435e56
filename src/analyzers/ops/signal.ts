import { elements } from '../../onnx/element-types.js'
import { dataThenSettings, type RuleInput, rule } from './rule.js'

/**
 * FLOPs of one Fourier transform of n numbers, whatever n factors into: 5 · n · log₂ n, half of it where the numbers on one
 * side are real.
 * @see http://www.fftw.org/speed/ the convention of FFTW's benchmarks
 */
const transformFlops = (n: number, isReal: boolean): number =>
  Math.round((isReal ? 2.5 : 5) * n * Math.log2(Math.max(1, n)))

/** The signal axes of x [N, D…, 1 or 2] that may be transformed; of several the data (the axis is an input) choose. */
function transformedAxes({ x, y, inputs, attributes }: RuleInput): number[] {
  const last = x.length - 1
  const given = attributes.int('axis', 0)
  if (given !== 0) return [given < 0 ? given + x.length : given]
  const signal = Array.from({ length: last }, (_, axis) => axis).filter((axis) => axis > 0 || last === 1)
  const resized = signal.filter((axis) => x[axis] !== y[axis])
  if (resized.length === 1) return resized
  // left out, the axis is 1 before opset 20 and the last signal axis from then on
  return inputs[2] === undefined ? signal.filter((axis) => axis === 1 || axis === last - 1) : signal
}

/** Length of the transform along an axis: that of y, of which onesided keeps n/2 + 1 forward. */
function transformLength({ x, y, attributes }: RuleInput, axis: number): number {
  const kept = y[axis] ?? 1
  if (attributes.int('onesided', 0) === 0 || attributes.int('inverse', 0) === 1) return kept
  const whole = x[axis] ?? 1
  return Math.floor(whole / 2) + 1 === kept ? whole : 2 * (kept - 1)
}

/**
 * x [N, D…, 1 or 2], y the same with the axis at the length of the transform.
 *
 * The first axis is taken for the batch. Padding is not counted, and the inverse divides by n.
 * @see https://onnx.ai/onnx/operators/onnx__DFT.html
 */
const dft = rule(['DFT'], {
  formula:
    "FLOPs 5 · n · log₂ n for each line of n, half of it where x or y is real; + |y| with inverse; not known where signal axes differ in size and neither an attribute nor y's shape tells the axis",
  cost: (input) => {
    const { x, y, attributes } = input
    const [axis, ...others] = transformedAxes(input)
    if (axis === undefined || others.some((other) => x[other] !== x[axis])) return null
    const lines = elements(x.slice(0, -1)) / (x[axis] ?? 1)
    const scaled = attributes.int('inverse', 0) === 1 ? elements(y) : 0
    const isReal = x.at(-1) === 1 || y.at(-1) === 1
    return { flops: lines * transformFlops(transformLength(input, axis), isReal) + scaled }
  },
  role: dataThenSettings,
  kernelClass: 'other',
})

/**
 * signal [N, L, 1 or 2], frame_step, window [n], frame_length, y [N, frames, n/2 + 1 or n, 2]. Without a window, a onesided n is
 * taken for even.
 * @see https://onnx.ai/onnx/operators/onnx__STFT.html
 */
const stft = rule(['STFT'], {
  formula: 'FLOPs 5 · n · log₂ n a frame, half of it of a real signal, + n or 2 · n with a window',
  cost: ({ x, b, y, attributes }) => {
    const bins = y[2] ?? 1
    const n = b?.[0] ?? (attributes.int('onesided', 1) === 1 ? 2 * (bins - 1) : bins)
    const parts = x.length === 3 ? (x[2] ?? 1) : 1
    const windowed = b === undefined ? 0 : n * parts
    return { flops: elements(y.slice(0, 2)) * (transformFlops(n, parts === 1) + windowed) }
  },
  role: dataThenSettings,
  kernelClass: 'other',
})

/**
 * a₀ − a₁ · cos(2πn / N).
 * @see https://onnx.ai/onnx/operators/onnx__HannWindow.html
 */
const hann = rule(['HannWindow', 'HammingWindow'], {
  formula: 'FLOPs 4 · |y|: angle, cosine, multiplication, subtraction',
  cost: ({ y }) => ({ flops: 4 * elements(y) }),
  role: () => 'setting',
  kernelClass: 'elementwise',
})

/**
 * a₀ − a₁ · cos(2πn / N) + a₂ · cos(4πn / N).
 * @see https://onnx.ai/onnx/operators/onnx__BlackmanWindow.html
 */
const blackman = rule(['BlackmanWindow'], {
  formula: 'FLOPs 8 · |y|: the four of HannWindow; angle, cosine, multiplication, addition',
  cost: ({ y }) => ({ flops: 8 * elements(y) }),
  role: () => 'setting',
  kernelClass: 'elementwise',
})

/**
 * y [dft_length/2 + 1, num_mel_bins], triangles between edges evenly spread over mels: an edge's mels take a multiplication
 * and an addition, its hertz a division, power, subtraction and multiplication, its bin a multiplication, division and
 * rounding. A bin is on the slopes of at most two triangles, a subtraction and a division each.
 * @see https://onnx.ai/onnx/operators/onnx__MelWeightMatrix.html
 */
const melWeightMatrix = rule(['MelWeightMatrix'], {
  formula: 'FLOPs 9 · (num_mel_bins + 2) for the edges, 4 · (dft_length/2 + 1) for the slopes, a bound',
  cost: ({ y }) => ({ flops: 9 * ((y[1] ?? 0) + 2) + 4 * (y[0] ?? 0) }),
  role: () => 'setting',
  kernelClass: 'other',
})

export const signal = [dft, stft, hann, blackman, melWeightMatrix]
