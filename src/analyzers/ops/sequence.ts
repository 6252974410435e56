import { dataThenSettings, rule } from './rule.js'

/**
 * Tensors to sequences and back; onnxruntime copies them.
 * @see https://onnx.ai/onnx/operators/onnx__SequenceConstruct.html
 */
const joined = rule(['SequenceConstruct', 'ConcatFromSequence'], {
  formula: 'reads and writes every tensor once',
  cost: 'free',
  role: () => 'operand',
  kernelClass: 'data-movement',
})

/**
 * A sequence or tensor, then a place or sizes.
 * @see https://onnx.ai/onnx/operators/onnx__SequenceAt.html
 */
const divided = rule(['SequenceAt', 'SequenceErase', 'SplitToSequence'], {
  formula: 'reads and writes every tensor of y once',
  cost: 'free',
  role: dataThenSettings,
  kernelClass: 'data-movement',
  traffic: 'gather',
})

/**
 * A sequence, a tensor, a place.
 * @see https://onnx.ai/onnx/operators/onnx__SequenceInsert.html
 */
const inserted = rule(['SequenceInsert'], {
  formula: 'reads and writes every tensor once',
  cost: 'free',
  role: (index) => (index < 2 ? 'operand' : 'setting'),
  kernelClass: 'data-movement',
})

/**
 * A length, or whether there is anything, without its elements.
 * @see https://onnx.ai/onnx/operators/onnx__SequenceLength.html
 */
const described = rule(['SequenceEmpty', 'SequenceLength', 'OptionalHasElement'], {
  formula: 'no element is read or written',
  cost: 'free',
  role: () => 'setting',
  kernelClass: 'data-movement',
  traffic: 'none',
})

/**
 * A tensor or sequence that may be missing.
 * @see https://onnx.ai/onnx/operators/onnx__Optional.html
 */
const wrapped = rule(['Optional', 'OptionalGetElement'], {
  formula: 'the memory of the input under another type',
  cost: 'free',
  role: () => 'operand',
  kernelClass: 'data-movement',
  traffic: 'view',
})

export const sequence = [joined, divided, inserted, described, wrapped]
