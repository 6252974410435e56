import { elements } from '../../onnx/element-types.js'
import { dataThenSettings, rule } from './rule.js'

/**
 * The same elements in the same order, under another shape or name. Dropout is the identity at inference.
 * @see https://onnx.ai/onnx/operators/onnx__Reshape.html
 */
const views = rule(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Dropout', 'BitCast'], {
  cost: 'free',
  role: dataThenSettings,
  kernelClass: 'data-movement',
  traffic: 'view',
})

/**
 * What is known before the run: a constant, or a size that is read from a shape and not from its elements.
 * @see https://onnx.ai/onnx/operators/onnx__Shape.html
 */
const known = rule(['Constant', 'Shape', 'Size'], {
  cost: 'free',
  role: () => 'setting',
  kernelClass: 'data-movement',
  traffic: 'none',
})

/**
 * Tensors written from a few scalars: one value, a sequence, a diagonal, a class number.
 * @see https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html
 */
const filled = rule(['ConstantOfShape', 'Range', 'EyeLike', 'OneHot'], {
  cost: 'free',
  role: () => 'setting',
  kernelClass: 'data-movement',
})

/**
 * Every element is read and written once, in another order, place or type; all inputs are data.
 * @see https://onnx.ai/onnx/operators/onnx__Transpose.html
 */
const rearranged = rule(['Transpose', 'Concat', 'DepthToSpace', 'SpaceToDepth', 'Cast', 'Unique', 'NonZero'], {
  cost: 'free',
  role: () => 'operand',
  kernelClass: 'data-movement',
})

/**
 * Every element is read and written once or more often, as sizes, pads, indices or a condition say.
 * @see https://onnx.ai/onnx/operators/onnx__Split.html
 */
const placed = rule(
  [
    ...['Split', 'Pad', 'CenterCropPad', 'Tile', 'Expand', 'Compress', 'ReverseSequence', 'Trilu'],
    ...['CastLike', 'MaxUnpool', 'TensorScatter'],
  ],
  { cost: 'free', role: dataThenSettings, kernelClass: 'data-movement' },
)

/**
 * Only what is selected is read. A constant first input is an embedding table, which is trained.
 * @see https://onnx.ai/onnx/operators/onnx__Gather.html
 */
const selected = rule(['Slice', 'Gather', 'GatherElements', 'GatherND'], {
  cost: 'free',
  role: dataThenSettings,
  kernelClass: 'data-movement',
  traffic: 'gather',
})

/**
 * data, indices, updates [u…]: updates replace elements of a copy of the data; with a `reduction` each is added to its
 * element, multiplied or compared with it instead, one operation an update.
 * @see https://onnx.ai/onnx/operators/onnx__ScatterElements.html
 */
const scattered = rule(['Scatter', 'ScatterElements', 'ScatterND'], {
  cost: ({ b, attributes }) => ({
    flops: attributes.string('reduction', 'none') === 'none' ? 0 : elements(b ?? []),
  }),
  role: dataThenSettings,
  kernelClass: 'data-movement',
})

export const movement = [views, known, filled, rearranged, placed, selected, scattered]
