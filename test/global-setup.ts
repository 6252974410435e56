import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A cache of its own for the run: calibration happens once, and no earlier one is used. It takes two minutes, and is not checked
 * at each use, since tests keep the machine busy.
 */
export function setup(): (() => void) | undefined {
  if (process.env.FLOPGAP_CACHE_DIR !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'flopgap-cache-'))
  process.env.FLOPGAP_CACHE_DIR = folder
  const { status, stderr } = spawnSync(process.execPath, ['bin/flopgap.js', 'calibrate'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the machine could not be calibrated: ${stderr}`)
  process.env.FLOPGAP_KEEP_CEILINGS = '1'
  return () => rmSync(folder, { recursive: true, force: true })
}
