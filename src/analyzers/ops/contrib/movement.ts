import { rule } from '../rule.js'
import { contribRule } from './contrib-rule.js'
import { roles } from './parts.js'

/**
 * The same elements under another shape or name; BitmaskDropout is the identity at inference.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.ExpandDims
 */
const views = contribRule(['ExpandDims', 'SampleOp', 'BitmaskDropout'], {
  formula: 'the input under another shape or name',
  cost: 'free',
  role: roles('operand'),
  kernelClass: 'data-movement',
  traffic: 'view',
})

/**
 * Elements are moved, repeated or left out, as sizes and indices say.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Pad
 */
const placed = contribRule(['Pad', 'Trilu', 'UnfoldTensor', 'Unique', 'RemovePadding', 'RestorePadding'], {
  formula: 'elements in another place, or as often as they occur',
  cost: 'free',
  role: roles('operand'),
  kernelClass: 'data-movement',
})

/**
 * Only what is selected is read; a constant first input is an embedding table.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GatherND
 */
const selected = contribRule(['GatherND', 'TorchEmbedding'], {
  formula: 'elements that indices select',
  cost: 'free',
  role: roles('operand'),
  kernelClass: 'data-movement',
  traffic: 'gather',
})

/**
 * start, limit, delta: numbers written from three.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Range
 */
const filled = contribRule(['Range'], {
  formula: 'numbers written from a start and a step',
  cost: 'free',
  role: roles('setting'),
  kernelClass: 'data-movement',
})

/**
 * Strings cut into strings.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Tokenizer
 */
const tokenizer = contribRule(['Tokenizer'], {
  formula: 'strings cut into strings',
  cost: 'free',
  role: roles('setting'),
  kernelClass: 'data-movement',
})

/**
 * Copies between the memories of two providers, which onnxruntime inserts; their domain is ai.onnx.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/session/environment.cc
 */
const copied = rule(['MemcpyFromHost', 'MemcpyToHost'], {
  formula: 'the input in another memory',
  cost: 'free',
  role: roles('operand'),
  kernelClass: 'layout',
})

export const contribMovement = [views, placed, selected, filled, tokenizer, copied]
