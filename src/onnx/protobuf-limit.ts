import { FlopgapError } from '../errors.js'
import type { Model, Warning } from '../types.js'

/**
 * The longest message of protobuf, in bytes. Our own reader has no such limit, onnxruntime and all others do.
 * @see https://protobuf.dev/programming-guides/proto-limits/
 */
const limit = 2 ** 31 - 1

const remedy = 'Save it with external data: onnx.save(model, path, save_as_external_data=True).'

/** That a file can be counted here, but not run anywhere; none for others. */
export const limitWarnings = (model: Model): Warning[] =>
  isOver(model) ? [{ code: 'too-large-model', message: messageOf(model), hint: remedy }] : []

/** @throws FlopgapError `too-large-model` where onnxruntime could not read the model */
export function checkLimit(model: Model): void {
  if (isOver(model)) throw new FlopgapError('too-large-model', messageOf(model), remedy)
}

const isOver = ({ origin }: Model): boolean => origin.kind === 'file' && origin.byteLength > limit

const messageOf = ({ name, origin }: Model): string => {
  const size = origin.kind === 'file' ? (origin.byteLength / 1e9).toFixed(1) : '?'
  return `${name} has ${size} GB in one file: protobuf, and so onnxruntime, reads 2 GiB at most`
}
