import { realpathSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { FlopgapError } from '../errors.js'
import type { TensorData } from '../types.js'
import { byteSize, elements, elementTypeName } from './element-types.js'
import type { Onnx } from './proto.js'

/**
 * Where the values of an externally stored tensor lie, checked but not read.
 *
 * The file must be inside the model's folder, links followed, and long enough.
 * @see https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
 * @throws FlopgapError `bad-external-data`
 */
export function externalRange(tensor: Onnx.ITensorProto, folder: string): TensorData {
  const entries = new Map((tensor.externalData ?? []).map((entry) => [entry.key ?? '', entry.value ?? '']))
  const name = tensor.name ?? ''
  const location = entries.get('location') ?? ''
  const path = insideFolder(name, location, folder)
  const size = sizeOf(name, location, path)
  const offset = wholeNumber(name, 'offset', entries.get('offset') ?? '0')
  const needed = byteSize(elementTypeName(tensor.dataType ?? 0), elements((tensor.dims ?? []).map(Number)))
  const length = entries.get('length')
  const byteLength = length === undefined ? (needed ?? Math.max(0, size - offset)) : wholeNumber(name, 'length', length)
  if (offset + byteLength > size) {
    throw bad(name, `needs bytes ${offset} to ${offset + byteLength} of ${quote(location)}, which has ${size}`)
  }
  if (needed !== null && byteLength !== needed) {
    throw bad(name, `has ${byteLength} bytes in ${quote(location)}, but its shape needs ${needed}`)
  }
  return { kind: 'file', path, offset, byteLength }
}

function insideFolder(tensor: string, location: string, folder: string): string {
  if (location === '' || isAbsolute(location) || location.includes('\0')) {
    throw bad(tensor, `is in ${quote(location)}, which is not a path relative to the model`)
  }
  const path = resolve(folder, location)
  const outside = (root: string, file: string) => {
    const steps = relative(root, file)
    return steps === '..' || steps.startsWith(`..${sep}`) || isAbsolute(steps)
  }
  if (outside(resolve(folder), path)) throw bad(tensor, `is in ${quote(location)}, outside the model's folder`)
  let real: string
  try {
    real = realpathSync(path)
  } catch {
    throw bad(tensor, `is in ${quote(location)}, which does not exist beside the model`)
  }
  if (outside(realpathSync(folder), real)) {
    throw bad(tensor, `is in ${quote(location)}, a link that leaves the model's folder`)
  }
  return real
}

function sizeOf(tensor: string, location: string, path: string): number {
  const stats = statSync(path)
  if (!stats.isFile()) throw bad(tensor, `is in ${quote(location)}, which is not a file`)
  return stats.size
}

function wholeNumber(tensor: string, key: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw bad(tensor, `has an invalid ${key} ${quote(text)}`)
  return value
}

const quote = (text: string) => JSON.stringify(text)

const bad = (tensor: string, what: string) =>
  new FlopgapError(
    'bad-external-data',
    `the external data of the model is not usable: tensor ${quote(tensor)} ${what}`,
    'Keep the model beside the data file it was saved with.',
  )
