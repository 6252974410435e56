import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import envPaths from 'env-paths'

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url))

/** The tools' versions as installed, and Python's. */
export const versions = (python: string): string =>
  spawnSync(python, ['-c', tellVersions, requirements], { encoding: 'utf8' }).stdout.trim()

const tellVersions = `
import platform, re, sys
from importlib.metadata import version
names = sorted({re.split('[=;]', line)[0] for line in open(sys.argv[1]) if '==' in line})
print(', '.join(['Python ' + platform.python_version()] + [f'{name} {version(name)}' for name in names]))
`

/** Where the virtual environment is kept unless `--venv` says otherwise. */
const defaultFolder = () =>
  join(process.env.FLOPGAP_CACHE_DIR || envPaths('flopgap', { suffix: '' }).cache, 'bench-peers')

/**
 * The Python of a virtual environment that has the tools, made where it is missing: some gigabytes, once.
 *
 * @returns its path, or why there is none
 */
export function pythonWithPeers(folder = defaultFolder()): { python: string } | { missing: string } {
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (!existsSync(python)) {
    console.error(`making a virtual environment in ${folder}`)
    const failure = makeEnvironment(folder)
    if (failure !== null) return { missing: `no Python 3 with venv is to be had: ${failure}` }
  }
  const pip = (...options: string[]) =>
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...options, '-r', requirements])
  // without an index pip only says whether all is there
  if (pip('--no-index', '--no-deps') === null) return { python }
  console.error(`installing ${requirements}; PyTorch is large`)
  const installed = pip()
  return installed === null ? { python } : { missing: `the packages are not to be had: ${installed}` }
}

/** onnx-opcounter's newest version wants 3.12. */
const pythons = ['python3.13', 'python3.12', 'python3', 'python']

/** Null, or why no Python could. */
function makeEnvironment(folder: string): string | null {
  let failure: string | null = null
  for (const python of pythons) {
    failure = run(python, ['-m', 'venv', folder])
    if (failure === null) break
  }
  return failure
}

/** Null, or why it failed. */
function run(command: string, args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  if (status === 0) return null
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `status ${status}`
}
