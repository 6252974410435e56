import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
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
    if (!stats.isFile()) throw new FlopgapError('not-a-file', 'not a file', 'Give the path of an ONNX file.')
    const file = new FileWindow(fd, stats.size)
    if (isLfsPointer(file, stats.size)) throw onlyPointer()
    return decodeModel(readSkeleton(file, stats.size), resolve(path), stats.size)
  } catch (error) {
    throw error instanceof FlopgapError ? named(path, error) : error
  } finally {
    closeSync(fd)
  }
}

function open(path: string): number {
  try {
    // a pipe would otherwise be waited for
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
    if (isMissing) throw new FlopgapError('no-such-file', `there is no file ${path}`, 'Check the path.')
    const reason = code === 'EACCES' ? 'permission denied' : code
    throw new FlopgapError('not-a-file', `cannot read ${path}: ${reason}`, 'Give a file that you may read.')
  }
}

const named = (path: string, { code, message, hint }: FlopgapError) =>
  new FlopgapError(code, `${path}: ${message}`, hint ?? 'Give a file that was exported as ONNX.')

const lfsPointer = 'version https://git-lfs.github.com/spec/'

/** @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const isLfsPointer = (file: FileWindow, size: number): boolean =>
  size >= lfsPointer.length && Buffer.from(file.copy(0, lfsPointer.length)).toString('latin1') === lfsPointer

const onlyPointer = () =>
  new FlopgapError(
    'not-onnx',
    'not an ONNX model but a Git LFS pointer: the model itself was not downloaded',
    'Run git lfs pull in its repository.',
  )
