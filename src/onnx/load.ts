import { closeSync, fstatSync, openSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { FlopgapError } from '../errors.js'
import type { Model } from '../types.js'
import { decodeModel } from './decode.js'
import { FileWindow } from './file-window.js'
import { readSkeleton } from './skeleton.js'

/**
 * Loads the structure of an ONNX file; weights stay on disk.
 *
 * @throws FlopgapError `no-such-file`, `not-a-file`, `not-onnx`, `truncated-model` or `bad-external-data`
 */
export function load(path: string): Model {
  const fd = open(path)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new FlopgapError('not-a-file', `${path} is not a file`)
    const skeleton = readSkeleton(new FileWindow(fd, stats.size), stats.size)
    return decodeModel(skeleton, basename(path), resolve(path))
  } catch (error) {
    throw error instanceof FlopgapError ? named(path, error) : error
  } finally {
    closeSync(fd)
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') throw new FlopgapError('no-such-file', `there is no file ${path}`)
    throw new FlopgapError('not-a-file', `cannot read ${path} (${code})`)
  }
}

const named = (path: string, error: FlopgapError) =>
  error.message.includes(path) ? error : new FlopgapError(error.code, `${path}: ${error.message}`, error.hint)
