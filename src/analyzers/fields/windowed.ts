import { fieldRule, reading, type Step } from './rule.js'
import { contracted, type Reading, read, type Seen } from './seen.js'
import { halfOf, isPointwise, samplingOf, type Taps, tapsOf } from './taps.js'
import { nothing, type Sampling } from './window.js'

const readingOf = (taps: Taps | null): Reading => {
  if (taps === null) return 'unknown'
  return isPointwise(taps) ? 'same' : samplingOf(taps)
}

const channelAxis: ReadonlySet<number> = new Set([1])

/** Every output sees all channels, or all of its group, and what its window does. */
const convolved =
  (weights: number, along: (step: Step, axis: number) => Reading) =>
  (step: Step): Seen => {
    const channels = contracted(step.sees, step.x, channelAxis)
    return read(channels, (axis) => (axis < 2 || step.inputs[weights] === undefined ? 'same' : along(step, axis)))
  }

/** x [N, C, D…], w [M, C/group, k…], y [N, M, D'…]. */
const convolution = (ops: readonly string[], weights: number, domain = '') =>
  fieldRule(
    ops,
    convolved(weights, (step, axis) => readingOf(tapsOf(step, axis, step.inputs[weights]))),
    domain,
  )

/** x [N, C, D…], y [N, C, D'…]: a mean or a maximum over a window of one channel. */
const pooling = reading(['MaxPool', 'AveragePool', 'LpPool'], (step, axis) =>
  axis < 2 ? 'same' : readingOf(tapsOf(step, axis)),
)

/** x [N, C, D…], y [N, C, 1…]. */
const globalPooling = fieldRule(['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'], ({ sees, x }) =>
  contracted(sees, x, new Set(x.map((_, axis) => axis).slice(2))),
)

/**
 * x [N, C, D…], w [C, M/group, k…], y [N, M, D'…]: input j adds to the outputs j · stride − before + t · dilation, so
 * that stride neighbours may each see other inputs, or none.
 * @see https://onnx.ai/onnx/operators/onnx__ConvTranspose.html
 */
const transposed = fieldRule(
  ['ConvTranspose'],
  convolved(1, (step, axis) => {
    const taps = tapsOf(step, axis, step.inputs[1])
    return taps === null ? 'unknown' : transposedSampling({ ...taps, before: cutBefore(step, taps, axis) })
  }),
)

/** What is cut off in front; where only the output's size is told, from that. */
function cutBefore({ x, y, attributes }: Step, taps: Taps, axis: number): number {
  const mode = attributes.string('auto_pad', 'NOTSET')
  const isSame = mode === 'SAME_UPPER' || mode === 'SAME_LOWER'
  if (!isSame && attributes.ints('output_shape') === undefined) return mode === 'VALID' ? 0 : taps.before
  const { kernel, stride, dilation } = taps
  const added = attributes.ints('output_padding')?.[axis - 2] ?? 0
  const whole = ((x[axis] ?? 0) - 1) * stride + added + (kernel - 1) * dilation + 1
  return halfOf(Math.max(0, whole - (y[axis] ?? 0)), mode === 'SAME_UPPER')
}

const transposedSampling = ({ kernel, stride, dilation, before }: Taps): Sampling => ({
  up: stride,
  down: 1,
  sources(output) {
    const sourceAt = (tap: number) => (output + before - tap * dilation) / stride
    // which taps meet an input repeats after a stride of them
    const near = tapsFrom(0, Math.min(kernel, stride), 1).find((tap) => Number.isInteger(sourceAt(tap)))
    const far = tapsFrom(kernel - 1, Math.min(kernel, stride), -1).find((tap) => Number.isInteger(sourceAt(tap)))
    return near === undefined || far === undefined ? nothing : { start: sourceAt(far), end: sourceAt(near) + 1 }
  },
})

const tapsFrom = (first: number, count: number, step: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index * step)

export const windowed = [
  convolution(['Conv', 'ConvInteger'], 1),
  convolution(['QLinearConv'], 3),
  convolution(['FusedConv'], 1, 'com.microsoft'),
  pooling,
  globalPooling,
  transposed,
]
