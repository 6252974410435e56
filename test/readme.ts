import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
export const readmePath = join(root, 'README.md')

/** A command that the README shows, and what it says the command prints. */
export interface Shown {
  readonly command: string
  readonly output: string
  /** A saved report whose measurement stands in for a new one, since times differ from run to run. */
  readonly replays: string | null
}

const block = /(?:<!-- replays (\S+) -->\n)?```console\n\$ npx flopgap (.*)\n([\s\S]*?)```/g

export const shownCommands = (readme: string): Shown[] =>
  [...readme.matchAll(block)].map(([, replays, command = '', output = '']) => ({
    command,
    output,
    replays: replays ?? null,
  }))

/** What the command really prints, run in an empty folder. */
export function run({ command, replays }: Shown): string {
  const folder = mkdtempSync(join(tmpdir(), 'flopgap-readme-'))
  try {
    const replay = replays === null ? [] : ['--replay', join(root, replays)]
    const args = [join(root, 'bin/flopgap.js'), ...command.split(' '), ...replay]
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    return status === 0 ? stdout : `left with ${status}: ${stderr}`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `npm run readme` writes what the commands print into the README. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const readme = readFileSync(readmePath, 'utf8')
  const updated = shownCommands(readme).reduce((text, shown) => {
    const at = `$ npx flopgap ${shown.command}\n`
    return text.replace(`${at}${shown.output}\`\`\``, () => `${at}${run(shown)}\`\`\``)
  }, readme)
  writeFileSync(readmePath, updated)
}
