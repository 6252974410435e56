import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What a step left with and wrote to its log. */
export interface Ran {
  readonly code: number | null
  readonly log: string
}

export type Variables = Readonly<Record<string, string>>

/** Runs a script as CI does: `bash -e -o pipefail`, with nothing of this process but what is given. */
export function bash(script: string, cwd: string, variables: Variables): Ran {
  const { status, stdout, stderr, error } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script],
    { cwd, env: { ...variables }, encoding: 'utf8', timeout: 120_000, killSignal: 'SIGKILL' },
  )
  if (error !== undefined) throw error
  return { code: status, log: `${stdout}${stderr}` }
}

/** Puts programs of that name and script before all others. */
export function onPath(folder: string, programs: Variables): string {
  mkdirSync(folder, { recursive: true })
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${script}`)
    chmodSync(join(folder, name), 0o755)
  }
  return `${folder}${delimiter}${process.env.PATH}`
}
