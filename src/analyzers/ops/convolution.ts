import { elements } from '../../onnx/element-types.js'
import type { KernelClass } from '../../types.js'
import { interpolation } from './resize.js'
import { type RuleInput, rule, type Shape } from './rule.js'

/** Kinds of convolution by how many input channels each filter sees and how large it is: filter [M, C/group, k…]. */
export function convolutionClass(filter: Shape, group: number): KernelClass {
  if (group > 1) return filter[1] === 1 ? 'depthwise-conv' : 'grouped-conv'
  return elements(filter.slice(2)) === 1 ? 'pointwise-conv' : 'dense-conv'
}

const biasFlops = (bias: Shape | undefined, y: Shape): number => (bias === undefined ? 0 : elements(y))

/**
 * Convolution over any number of spatial axes: x [N, C, D…], w [M, C/group, k…], y [N, M, D'…].
 *
 * Each output element is one dot product over a filter; products with padding count as any other.
 * @see https://onnx.ai/onnx/operators/onnx__Conv.html
 */
const conv = rule(['Conv'], {
  formula: 'MACs |y| · C/group · k…; FLOPs + |y| with a bias',
  cost: ({ w, b, y }) => ({ macs: elements(y) * elements(w.slice(1)), flops: biasFlops(b, y) }),
  kernelClass: ({ w, attributes }) => convolutionClass(w, attributes.int('group', 1)),
})

/** The class by the filter that undoes the convolution: [C, M/group, k…] sees C/group channels. */
export function transposedClass({ w, attributes }: RuleInput): KernelClass {
  const group = attributes.int('group', 1)
  return convolutionClass([w[1] ?? 1, (w[0] ?? 1) / group, ...w.slice(2)], group)
}

/**
 * Transposed convolution: x [N, C, D…], w [C, M/group, k…], y [N, M, D'…].
 *
 * Each input element is multiplied with every weight of its filter; products that `pads` cuts off count as any other.
 * @see https://onnx.ai/onnx/operators/onnx__ConvTranspose.html
 */
const convTranspose = rule(['ConvTranspose'], {
  formula: 'MACs |x| · M/group · k…; FLOPs + |y| with a bias',
  cost: ({ x, w, b, y }) => ({ macs: elements(x) * elements(w.slice(1)), flops: biasFlops(b, y) }),
  kernelClass: transposedClass,
})

/**
 * Deformable convolution: x [N, C, D…], w [M, C/group, k…], offset, bias [M], mask, y [N, M, D'…].
 *
 * Every tap of every channel is interpolated at a place of its own and, with a mask, scaled. Turning offsets into tap
 * weights, once for all channels of an offset group, is not counted.
 * @see https://onnx.ai/onnx/operators/onnx__DeformConv.html
 */
const deformConv = rule(['DeformConv'], {
  formula:
    "MACs |y| · C/group · k…; FLOPs 2 · 2^r · taps, taps = N · C · k… · D'… over r axes; + taps with a mask; + |y| with a bias",
  cost: ({ x, w, y, inputs }) => {
    const taps = elements(x.slice(0, 2)) * elements(w.slice(2)) * elements(y.slice(2))
    const perTap = interpolation('linear', x.length - 2) + (inputs[4] === undefined ? 0 : 1)
    return { macs: elements(y) * elements(w.slice(1)), flops: taps * perTap + biasFlops(inputs[3], y) }
  },
  role: (index) => (index === 2 || index === 4 ? 'operand' : 'param'),
  kernelClass: ({ w, attributes }) => convolutionClass(w, attributes.int('group', 1)),
})

/**
 * x [N, C · k…, L], y [N, C, D…]: each column's elements are added to their places in the image.
 * @see https://onnx.ai/onnx/operators/onnx__Col2Im.html
 */
const col2Im = rule(['Col2Im'], {
  formula: 'FLOPs |x|: addition',
  cost: ({ x }) => ({ flops: elements(x) }),
  role: (index) => (index === 0 ? 'operand' : 'setting'),
  kernelClass: 'data-movement',
})

export const convolution = [conv, convTranspose, deformConv, col2Im]
