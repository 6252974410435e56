import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A cache of its own for the run, so that calibration happens once at most and no earlier one is used. */
export function setup(): (() => void) | undefined {
  if (process.env.FLOPGAP_CACHE_DIR !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'flopgap-cache-'))
  process.env.FLOPGAP_CACHE_DIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
