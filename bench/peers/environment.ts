import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import envPaths from 'env-paths'

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url))

/** Name and version of each package that the tools need. */
export const pinned = (): [name: string, version: string][] =>
  readFileSync(requirements, 'utf8')
    .split('\n')
    .filter((line) => line.includes('=='))
    .map((line) => line.split('==') as [string, string])

/** Where the virtual environment is kept unless `--venv` says otherwise. */
const defaultFolder = () => join(envPaths('flopgap', { suffix: '' }).cache, 'bench-peers')

/**
 * The Python of a virtual environment that has the tools, made where it is missing: some gigabytes, once.
 *
 * @returns its path, or why there is none
 */
export function pythonWithPeers(folder = defaultFolder()): { python: string } | { missing: string } {
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (!existsSync(python)) {
    console.error(`making a virtual environment in ${folder}`)
    const made = run('python3', ['-m', 'venv', folder])
    if (made !== null) return { missing: `Python 3 with venv is not to be had: ${made}` }
  }
  const pip = (...options: string[]) =>
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...options, '-r', requirements])
  // without an index pip only says whether all is there
  if (pip('--no-index', '--no-deps') === null) return { python }
  console.error(`installing ${requirements}; PyTorch is large`)
  const installed = pip()
  return installed === null ? { python } : { missing: `the packages are not to be had: ${installed}` }
}

/** Null, or why it failed. */
function run(command: string, args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  if (status === 0) return null
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `status ${status}`
}
