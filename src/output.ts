import {
  accessSync,
  closeSync,
  constants,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { FlopgapError } from './errors.js'
import { undoOnInterrupt } from './interrupt.js'

/**
 * Writes a file beside its place and renames it there, so that the place holds the old file or the whole new one.
 *
 * `check` sees the finished file first and keeps it from its place by throwing.
 * @throws FlopgapError `unwritable-output`
 */
export async function writeAtomically(
  path: string,
  pieces: Iterable<string | Uint8Array>,
  check: (path: string) => Promise<void> = async () => {},
): Promise<void> {
  checkPlace(path)
  const place = realPath(path)
  // a pipe or a device cannot be replaced, only written to
  const beside = isSpecial(path) ? null : join(dirname(place), `.${basename(place)}.${process.pid}-${writes++}.part`)
  const remove = () => (beside === null ? undefined : rmSync(beside, { force: true }))
  const done = undoOnInterrupt(remove)
  try {
    await writePieces(openSync(beside ?? place, 'w'), pieces)
    if (beside === null) return
    await check(beside)
    await listen()
    renameSync(beside, place)
  } catch (error) {
    remove()
    throw unwritable(path, error)
  } finally {
    done()
  }
}

/**
 * Whether a file can be written there, as far as can be told before.
 *
 * @throws FlopgapError `unwritable-output`
 */
export function checkPlace(path: string): void {
  const place = realPath(path)
  try {
    const stats = statSync(place, { throwIfNoEntry: false })
    if (path === '') throw cannotWrite('""', 'it names no file')
    if (stats?.isDirectory()) throw cannotWrite(path, reasons.EISDIR)
    if (stats !== undefined) accessSync(place, constants.W_OK)
    if (!isSpecial(path)) accessSync(dirname(place), constants.W_OK)
  } catch (error) {
    throw unwritable(path, error)
  }
}

/** Tells apart what this process writes at once. */
let writes = 0

async function writePieces(fd: number, pieces: Iterable<string | Uint8Array>): Promise<void> {
  try {
    let unheard = 0
    for (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      unheard += bytes.length
      if (unheard < listenEveryBytes) continue
      unheard = 0
      await listen()
    }
  } finally {
    closeSync(fd)
  }
}

/** Often enough for an interrupt to be heard within a second. */
const listenEveryBytes = 8 * 1024 * 1024

/** Lets an interrupt that came meanwhile be heard. */
const listen = () => new Promise(setImmediate)

/** Where a link leads, so that the file is replaced and not the link; a pipe has no other path. */
function realPath(path: string): string {
  try {
    return isSpecial(path) ? path : realpathSync(path)
  } catch {
    return path
  }
}

function isSpecial(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats !== undefined && !stats.isFile() && !stats.isDirectory()
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the disk',
  EEXIST: 'it is a folder that is not empty',
  ENOTEMPTY: 'it is a folder that is not empty',
  ENAMETOOLONG: 'the name is too long',
}

/** What the system says against writing, as an error a person can act on; any other error as it is. */
export function unwritable(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  return code === undefined || syscall === undefined ? error : cannotWrite(path, reasons[code] ?? code)
}

const cannotWrite = (path: string, reason: string | undefined): FlopgapError =>
  new FlopgapError(
    'unwritable-output',
    `cannot write ${path}: ${reason}`,
    'Give a file in a folder that exists and that you may write to.',
  )
