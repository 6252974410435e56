import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
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
  const place = realPath(path)
  // a pipe or a device cannot be replaced, only written to
  const beside = isSpecial(place) ? null : join(dirname(place), `.${basename(place)}.${process.pid}.part`)
  const remove = () => (beside === null ? undefined : rmSync(beside, { force: true }))
  const done = undoOnInterrupt(remove)
  try {
    await writePieces(openSync(beside ?? place, 'w'), pieces)
    if (beside === null) return
    await check(beside)
    renameSync(beside, place)
  } catch (error) {
    remove()
    throw unwritable(path, error)
  } finally {
    done()
  }
}

async function writePieces(fd: number, pieces: Iterable<string | Uint8Array>): Promise<void> {
  try {
    let unheard = 0
    for (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      unheard += bytes.length
      if (unheard < listenEveryBytes) continue
      unheard = 0
      await new Promise(setImmediate)
    }
  } finally {
    closeSync(fd)
  }
}

/** Often enough for an interrupt to be heard within a second. */
const listenEveryBytes = 8 * 1024 * 1024

/** Where a link leads, so that the file is replaced and not the link. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function isSpecial(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats !== undefined && !stats.isFile() && !stats.isDirectory()
}

function unwritable(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
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
  const reason = code === undefined ? undefined : reasons[code]
  return reason === undefined ? error : new FlopgapError('unwritable-output', `cannot write ${path}: ${reason}`)
}
