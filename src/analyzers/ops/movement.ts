import { elements } from '../../onnx/element-types.js'
import { dataThenSettings, rule } from './rule.js'

/**
 * The same elements in the same order, under another shape or name. Dropout is the identity at inference.
 * @see https://onnx.ai/onnx/operators/onnx__Reshape.html
 */
const views = rule(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Dropout', 'BitCast'], {
  formula: 'the memory of the input under another shape or name',
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
  formula: 'known before the run',
  cost: 'free',
  role: () => 'setting',
  kernelClass: 'data-movement',
  traffic: 'none',
})

/**
 * Tensors written from a few numbers: one value, a class number.
 * @see https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html
 */
const filled = rule(['ConstantOfShape', 'OneHot'], {
  formula: 'reads the inputs, writes every element of y',
  cost: 'free',
  role: () => 'setting',
  kernelClass: 'data-movement',
})

/**
 * A diagonal in the shape of the input, whose elements are not read.
 * @see https://onnx.ai/onnx/operators/onnx__EyeLike.html
 */
const eyeLike = rule(['EyeLike'], {
  formula: 'writes every element of y',
  cost: 'free',
  role: () => 'setting',
  kernelClass: 'data-movement',
  traffic: 'write',
})

/**
 * start, start + delta, … up to limit.
 * @see https://onnx.ai/onnx/operators/onnx__Range.html
 */
const range = rule(['Range'], {
  formula: 'FLOPs |y|: addition of delta',
  cost: ({ y }) => ({ flops: elements(y) }),
  role: () => 'setting',
  kernelClass: 'data-movement',
})

/**
 * All inputs are data, in another order, place or type.
 * @see https://onnx.ai/onnx/operators/onnx__Transpose.html
 */
const rearranged = rule(['Transpose', 'Concat', 'DepthToSpace', 'SpaceToDepth', 'Cast'], {
  formula: 'reads and writes every element once',
  cost: 'free',
  role: () => 'operand',
  kernelClass: 'data-movement',
})

/**
 * The second input lends its type and is not read.
 * @see https://onnx.ai/onnx/operators/onnx__CastLike.html
 */
const castLike = rule(['CastLike'], {
  formula: 'reads and writes every element of the first input once',
  cost: 'free',
  role: dataThenSettings,
  kernelClass: 'data-movement',
  traffic: 'first',
})

/**
 * As sizes, pads, indices or a triangle say.
 * @see https://onnx.ai/onnx/operators/onnx__Split.html
 */
const placed = rule(
  [...['Split', 'Pad', 'CenterCropPad', 'Tile', 'Expand', 'ReverseSequence', 'Trilu', 'MaxUnpool', 'TensorScatter']],
  {
    formula: 'reads every element once, writes it once or as often as sizes, pads or indices say',
    cost: 'free',
    role: dataThenSettings,
    kernelClass: 'data-movement',
  },
)

/**
 * A constant first input is an embedding table, which is trained.
 * @see https://onnx.ai/onnx/operators/onnx__Gather.html
 */
const selected = rule(['Slice', 'Gather', 'GatherElements', 'GatherND', 'Compress'], {
  formula: 'reads and writes what is selected',
  cost: 'free',
  role: dataThenSettings,
  kernelClass: 'data-movement',
  traffic: 'gather',
})

/**
 * Where x is not zero: y is as long as there are such elements.
 * @see https://onnx.ai/onnx/operators/onnx__NonZero.html
 */
const nonZero = rule(['NonZero'], {
  formula: 'FLOPs |x|: comparison with zero',
  cost: ({ x }) => ({ flops: elements(x) }),
  ofInputs: true,
  role: () => 'operand',
  kernelClass: 'data-movement',
})

/**
 * data, indices, updates [u…]: updates replace elements of a copy of the data, or are combined with them.
 * @see https://onnx.ai/onnx/operators/onnx__ScatterElements.html
 */
const scattered = rule(['Scatter', 'ScatterElements', 'ScatterND'], {
  formula: 'FLOPs 0; |updates| with a reduction: addition, multiplication or comparison',
  cost: ({ b, attributes }) => ({
    flops: attributes.string('reduction', 'none') === 'none' ? 0 : elements(b ?? []),
  }),
  role: dataThenSettings,
  kernelClass: 'data-movement',
})

export const movement = [
  ...[views, known, filled, eyeLike, range, rearranged, castLike, placed, selected, nonZero, scattered],
]
