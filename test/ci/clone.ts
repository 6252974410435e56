import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect } from 'vitest'
import { json } from '../../src/report/json.js'
import type { GateReport } from '../../src/types.js'
import { temporaryFolder } from '../cli/run.js'
import { check, report, slower, unjudged } from '../report/gate/reports.js'
import { onPath, type Variables } from './shell.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const page = readFileSync(join(root, 'docs/ci.md'), 'utf8')

/** The block of code under a heading of the page. */
export function block(heading: string, language: string): string {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [, text = ''] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(section.split('\n## ')[0] ?? '') ?? []
  expect(text).not.toBe('')
  return text
}

const undecided = { ...slower, verdict: 'inconclusive' } as const
export const outcomes: Readonly<Record<string, { record: GateReport | null; code: number; verdict: string }>> = {
  passed: { record: report({ verdict: 'passed', checks: [check()] }), code: 0, verdict: 'passed' },
  failed: { record: report(), code: 1, verdict: 'regressed' },
  'could not measure': { record: unjudged, code: 3, verdict: 'error' },
  'cannot tell': { record: report({ verdict: 'inconclusive', checks: [undecided] }), code: 0, verdict: 'inconclusive' },
  'cannot tell, strict': {
    ...{
      record: report({ verdict: 'inconclusive', strict: true, checks: [undecided] }),
      code: 4,
      verdict: 'inconclusive',
    },
  },
  died: { record: null, code: 3, verdict: 'error' },
}
export const each = Object.entries(outcomes).map(([name, one]) => ({ name, ...one }))

const folder = temporaryFolder()
export const workspace = join(folder, 'work')
export const temporary = join(folder, 'runner temp')
const programs = join(folder, 'bin')

/** A clone with a model on the main branch and another beside it, and nothing else that a runner has. */
beforeEach(() => {
  for (const old of [workspace, temporary]) rmSync(old, { recursive: true, force: true })
  for (const made of [join(workspace, 'models'), temporary]) mkdirSync(made, { recursive: true })
  writeFileSync(join(workspace, 'models/net.onnx'), 'old')
  const git = (...args: string[]) => execFileSync('git', args, { cwd: workspace, stdio: 'pipe' })
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first')
  git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  writeFileSync(join(workspace, 'models/net.onnx'), 'new')
})

let runs = 0

/** What a step may see: the programs that stand in for those of a runner, and what the gate is to find. */
export function variablesFor(record: GateReport | null, more: Variables = {}): Variables & { GATE_CALLS: string } {
  const GATE_CALLS = join(folder, `calls-${runs++}`)
  writeFileSync(GATE_CALLS, '')
  const standIn = fileURLToPath(new URL('./recorded-gate.ts', import.meta.url))
  const loader = join(root, 'node_modules/tsx/dist/loader.mjs')
  const PATH = onPath(programs, {
    flopgap: `[[ $1 == gate ]] || exit 127\nshift\nexec "${process.execPath}" --import "${loader}" "${standIn}" "$@"\n`,
    // npx takes options and the package before what the package takes
    npx: 'echo "npx $*" >> "$GATE_CALLS.npx"\nwhile [[ $1 == --* ]]; do shift; done\nshift\nexec flopgap "$@"\n',
    npm: '[[ $* == ci ]]\n',
    gh: 'printf "%s\\n" "$*" >> "$GATE_CALLS.gh"\n[[ $2 != --paginate ]] || printf "%s" "$GH_COMMENTS"\n',
  })
  const written = record === null ? {} : { GATE_RECORD: join(folder, 'record.json') }
  if (record !== null) writeFileSync(join(folder, 'record.json'), json('0.1.0', record))
  return { PATH, HOME: folder, GATE_CALLS, ...written, ...more }
}

export const callsOf = ({ GATE_CALLS }: { GATE_CALLS: string }) =>
  readFileSync(GATE_CALLS, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** Where GitHub runs steps. */
export const place = (variables: Variables) => ({
  ...{ workspace, temporary, variables: { ...variables, RUNNER_TEMP: temporary, GITHUB_WORKSPACE: workspace } },
  conditions: {},
})

/** The same with npx itself, and flopgap where npm puts it. */
export function withNpx<T extends Variables>(variables: T): T {
  const bin = join(workspace, 'node_modules/.bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(join(programs, 'flopgap'), join(bin, 'flopgap'))
  return { ...variables, PATH: process.env.PATH ?? '' }
}
