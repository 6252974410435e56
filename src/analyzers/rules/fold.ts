import type { FoldedWeight } from '../../types.js'

/** Reads a weight's values by its name. */
export type ValuesOf = (name: string) => Float32Array

/**
 * The values of a weight into which a normalization is folded, computed in double precision.
 *
 * Filters are [M, C/group, k…], of a transposed convolution [C, M/group, k…].
 */
export function foldedValues(folded: FoldedWeight, values: ValuesOf): Float32Array {
  const { scale, shift } = affineOf(folded, values)
  switch (folded.kind) {
    case 'scaled-outputs':
      return filtersTimes(folded, values, scale, 'output')
    case 'scaled-inputs':
      return filtersTimes(folded, values, scale, 'input')
    case 'shifted-bias': {
      const bias = folded.weight === null ? null : values(folded.weight)
      return Float32Array.from(shift, (t, channel) => (bias?.[channel] ?? 0) * (scale[channel] ?? 0) + t)
    }
    case 'input-bias':
      return biasThrough(folded, values, shift)
  }
}

/** What a normalization does to a channel: x · scale + shift. */
function affineOf({ normalization: { epsilon, ...names } }: FoldedWeight, values: ValuesOf) {
  const [gamma, beta, mean, variance] = [names.scale, names.bias, names.mean, names.variance].map(values)
  const scale = Float64Array.from(gamma ?? [], (g, channel) => g / Math.sqrt((variance?.[channel] ?? 0) + epsilon))
  const shift = Float64Array.from(scale, (s, channel) => (beta?.[channel] ?? 0) - (mean?.[channel] ?? 0) * s)
  return { scale, shift }
}

interface Place {
  readonly input: number
  readonly output: number
}

/** Which channels an element of the filters joins. */
function placeOf({ group, isTransposed, filterDims }: FoldedWeight, element: number): Place {
  const [first = 1, second = 1, ...kernel] = filterDims
  const taps = kernel.reduce((product, size) => product * size, 1)
  const outer = Math.floor(element / (second * taps))
  const inner = Math.floor(element / taps) % second
  const acrossGroups = Math.floor(outer / (first / group)) * second + inner
  return isTransposed ? { input: outer, output: acrossGroups } : { input: acrossGroups, output: outer }
}

const filtersTimes = (folded: FoldedWeight, values: ValuesOf, scale: Float64Array, side: keyof Place): Float32Array =>
  values(folded.weight ?? '').map((w, element) => w * (scale[placeOf(folded, element)[side]] ?? 0))

/** What the shifts of the inputs add to each output, where every tap of the filters is inside the input. */
function biasThrough(folded: FoldedWeight, values: ValuesOf, shift: Float64Array): Float32Array {
  const bias = folded.weight === null ? null : values(folded.weight)
  const sums = Float64Array.from({ length: folded.dims[0] ?? 0 }, (_, output) => bias?.[output] ?? 0)
  for (const [element, w] of values(folded.through ?? '').entries()) {
    const { input, output } = placeOf(folded, element)
    sums[output] = (sums[output] ?? 0) + w * (shift[input] ?? 0)
  }
  return Float32Array.from(sums)
}
