import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ProcessCost {
  /** Wall time from the start of the process to its end. */
  readonly ms: number
  /** Largest resident set, or null where nothing here can tell it. */
  readonly peakBytes: number | null
  /** Exit status; null where a signal ended it. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Place {
  readonly cwd?: string
  readonly timeoutMs?: number
}

/** A folder that is gone afterwards. */
export async function inTemporaryFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'flopgap-bench-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs a command to its end and tells what that took. */
export function wholeProcess(command: string, args: readonly string[], { cwd, timeoutMs }: Place = {}): ProcessCost {
  const folder = mkdtempSync(join(tmpdir(), 'flopgap-bench-'))
  try {
    const note = join(folder, 'peak')
    const [first = command, ...rest] = [...watcher(note), command, ...args]
    const start = process.hrtime.bigint()
    const { status, stdout, stderr } = spawnSync(first, rest, {
      cwd: cwd ?? process.cwd(),
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      timeout: timeoutMs ?? 600_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ms = Number(process.hrtime.bigint() - start) / 1e6
    return { ms, peakBytes: peakBytes(note), status, stdout, stderr }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * What writes a child's peak to `note` in KiB: GNU time, else Python's wait4. Both start the command from a small process
 * of their own; a child of Node's would have Node's peak for its floor on Linux.
 */
function watcher(note: string): string[] {
  if (hasGnuTime) return ['/usr/bin/time', '-f', '%M', '-o', note]
  return hasPython ? ['python3', '-c', waitFour, note] : []
}

const runs = (command: string, args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
const hasGnuTime = runs('/usr/bin/time', ['-f', '%M', 'true'])
const hasPython = !hasGnuTime && process.platform !== 'win32' && runs('python3', ['-c', '0'])

const waitFour = `
import os, sys
child = os.fork()
if child == 0: os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
unit = 1024 if sys.platform == 'darwin' else 1
open(sys.argv[1], 'w').write(str(usage.ru_maxrss // unit))
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`

function peakBytes(note: string): number | null {
  try {
    // a command that fails gets a line of its own before
    const kib = Number(readFileSync(note, 'utf8').trim().split('\n').at(-1))
    return Number.isFinite(kib) && kib > 0 ? kib * 1024 : null
  } catch {
    return null
  }
}
