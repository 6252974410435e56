import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configurationSchema } from '../src/pipeline/config.js'
import { claimsPage, claimsText } from './claims-page.js'
import { operatorsPage, operatorsText } from './operators.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The published schema of the configuration, and its text. */
export const schemaPath = join(root, 'schema/flopgap.config.schema.json')
export const schemaText = (): string => `${JSON.stringify(configurationSchema(), null, 2)}\n`

/** Every page that shows commands: the README and one a command. */
export const pages = ['README.md', ...readdirSync(join(root, 'docs/commands')).map((name) => `docs/commands/${name}`)]

/** A command that a page shows, and what the page says it prints. */
interface Shown {
  readonly page: string
  readonly command: string
  readonly output: string
  /** A saved report whose measurement stands in for a new one, since times differ from run to run. */
  readonly replays: string | null
}

const block = /(?:<!-- replays (\S+) -->\n)?```console\n\$ npx flopgap (.*)\n([\s\S]*?)```/g

export const commandsOf = (page: string): Shown[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(block)].map(([, replays, command = '', output = '']) => ({
    page,
    command,
    output,
    replays: replays ?? null,
  }))

/** What the command really prints, in a folder with nothing but the packages. */
export function run({ command, replays }: Shown): string {
  const folder = mkdtempSync(join(tmpdir(), 'flopgap-docs-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const flag = command.startsWith('lint ') ? '--profile' : '--replay'
    const replay = replays === null ? [] : [flag, join(root, replays)]
    const args = [join(root, 'bin/flopgap.js'), ...command.split(' '), ...replay]
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    return status === 0 ? stdout : `left with ${status}: ${stderr}`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `npm run docs` writes what the commands print into the pages, and the tables of operators and claims, and the configuration's schema. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(operatorsPage, await operatorsText())
  writeFileSync(claimsPage, claimsText())
  writeFileSync(schemaPath, schemaText())
  for (const page of pages) {
    const path = join(root, page)
    const updated = commandsOf(page).reduce(
      (text, shown) => {
        const at = `$ npx flopgap ${shown.command}\n`
        return text.replace(`${at}${shown.output}\`\`\``, () => `${at}${run(shown)}\`\`\``)
      },
      readFileSync(path, 'utf8'),
    )
    writeFileSync(path, updated)
  }
}
