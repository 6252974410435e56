import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

/** The command line, as built in dist. */
export const bin = fileURLToPath(new URL('../../bin/flopgap.js', import.meta.url))

export interface Finished {
  readonly stdout: string
  readonly stderr: string
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Options {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
  /** In a process group of its own, as a terminal makes one for each command. */
  readonly detached?: boolean
}

/** A folder that is gone after the tests of the file that asks for it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'test-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts the command line and tells how it ends. */
export function start(
  args: readonly string[],
  { cwd, env = {}, uid, detached = false }: Options = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_OPTIONS: ___, ...inherited } = process.env
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
    // nothing that hangs outlives its test for long
    timeout: 150_000,
    killSignal: 'SIGKILL',
    env: { ...inherited, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
    })
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ ...text, code, signal }))
  })
  return { child, finished }
}

/** Runs the command line to its end. */
export const run = (args: readonly string[], options: Options = {}): Promise<Finished> => start(args, options).finished

/** Waits until something is so; the test's own time limit ends the wait. */
export async function until<T>(found: () => T | undefined | false): Promise<T> {
  for (;;) {
    const value = found()
    if (value !== undefined && value !== false) return value
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
