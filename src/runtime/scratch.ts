import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { undoOnInterrupt } from '../interrupt.js'

/** A temporary folder for the length of `use`, removed whatever happens. */
export async function withScratchFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'flopgap-'))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  const done = undoOnInterrupt(remove)
  try {
    return await use(folder)
  } finally {
    done()
    remove()
  }
}
