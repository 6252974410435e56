import { elements } from '../../onnx/element-types.js'
import type { KernelClass } from '../../types.js'
import { type RuleInput, rule, type Shape } from './rule.js'

/** Kinds of convolution by how many input channels each filter sees and how large it is. */
function convolutionClass(filter: Shape, group: number): KernelClass {
  if (group > 1) return filter[1] === 1 ? 'depthwise-conv' : 'grouped-conv'
  return elements(filter.slice(2)) === 1 ? 'pointwise-conv' : 'dense-conv'
}

const biasFlops = ({ b, y }: RuleInput): number => (b === undefined ? 0 : elements(y))

/**
 * Convolution over any number of spatial axes: x [N, C, D…], w [M, C/group, k…], y [N, M, D'…].
 *
 * Each output element is one dot product over a filter of C/group · k… weights; a bias adds one operation.
 * @see https://onnx.ai/onnx/operators/onnx__Conv.html
 */
const conv = rule(['Conv'], {
  cost: (input) => ({ macs: elements(input.y) * elements(input.w.slice(1)), flops: biasFlops(input) }),
  kernelClass: ({ w, attributes }) => convolutionClass(w, attributes.int('group', 1)),
})

/**
 * Transposed convolution: x [N, C, D…], w [C, M/group, k…], y [N, M, D'…].
 *
 * Each input element is multiplied with every weight of its filter, M/group · k….
 * @see https://onnx.ai/onnx/operators/onnx__ConvTranspose.html
 */
const convTranspose = rule(['ConvTranspose'], {
  cost: (input) => ({ macs: elements(input.x) * elements(input.w.slice(1)), flops: biasFlops(input) }),
  kernelClass: ({ w, attributes }) => convolutionClass(w, attributes.int('group', 1)),
})

export const convolution = [conv, convTranspose]
