import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { surfaceNames } from '../../src/report/gate/index.js'
import { json } from '../../src/report/json.js'
import type { GateReport } from '../../src/types.js'
import { temporaryFolder } from '../cli/run.js'
import { check, failing, report, slower, unjudged } from '../report/gate/reports.js'
import { bash, onPath, type Ran, type Variables } from './shell.js'
import { action, type JobResult, runSteps, type Workflow } from './workflow.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/ci.md'), 'utf8')

/** The block of code under a heading of the page. */
function block(heading: string, language: string): string {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [, text = ''] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(section.split('\n## ')[0] ?? '') ?? []
  expect(text).not.toBe('')
  return text
}

const undecided = { ...slower, verdict: 'inconclusive' } as const
const outcomes: Readonly<Record<string, { record: GateReport | null; code: number; verdict: string }>> = {
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
const each = Object.entries(outcomes).map(([name, one]) => ({ name, ...one }))

/** A clone with a model on the main branch and another beside it, and nothing else that a runner has. */
const folder = temporaryFolder()
const workspace = join(folder, 'work')
const temporary = join(folder, 'runner temp')
const programs = join(folder, 'bin')

beforeAll(() => {
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
function variablesFor(record: GateReport | null, more: Variables = {}): Variables & { GATE_CALLS: string } {
  const GATE_CALLS = join(folder, `calls-${runs++}`)
  writeFileSync(GATE_CALLS, '')
  const gate = `exec "${process.execPath}" --import "${join(root, 'node_modules/tsx/dist/loader.mjs')}" "${join(root, 'test/ci/recorded-gate.ts')}"`
  const PATH = onPath(programs, {
    // npx takes options and the package before what the package takes
    npx: `echo "npx $*" >> "$GATE_CALLS.npx"\nwhile [[ $1 == --* ]]; do shift; done\n[[ $1 == flopgap* && $2 == gate ]] || exit 127\nshift 2\n${gate} "$@"\n`,
    npm: '[[ $* == ci ]]\n',
    gh: 'printf "%s\\n" "$*" >> "$GATE_CALLS.gh"\n[[ $2 != --paginate ]] || printf "%s" "$GH_COMMENTS"\n',
  })
  const written = record === null ? {} : { GATE_RECORD: join(folder, 'record.json') }
  if (record !== null) writeFileSync(join(folder, 'record.json'), json('0.1.0', record))
  return { PATH, HOME: folder, GATE_CALLS, ...written, ...more }
}

const callsOf = ({ GATE_CALLS }: { GATE_CALLS: string }) =>
  readFileSync(GATE_CALLS, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** The commands that GitHub's runner obeys: none between `stop-commands` and its token, however far they are indented. */
function obeyed(log: string): string[] {
  let token: string | null = null
  return log.split('\n').filter((line) => {
    const [, stop] = /^\s*::stop-commands::(.*)$/.exec(line) ?? []
    if (stop !== undefined) token = stop
    else if (token !== null && line.trim() === `::${token}::`) token = null
    else return token === null && line.trimStart().startsWith('::')
    return false
  })
}

const place = (variables: Variables) => ({
  ...{ workspace, temporary, variables: { ...variables, RUNNER_TEMP: temporary, GITHUB_WORKSPACE: workspace } },
  conditions: {},
})

/** The action by itself, with these inputs. */
function runAction(
  record: GateReport | null,
  inputs: Variables,
): { job: JobResult; calls: ReturnType<typeof callsOf>; npx: string } {
  const variables = variablesFor(record)
  const steps = [{ id: 'gate', uses: 'OWNER/flopgap@v1', with: inputs }]
  const job = runSteps(steps, { 'runner.temp': temporary }, place(variables))
  return { job, calls: callsOf(variables), npx: readFileSync(`${variables.GATE_CALLS}.npx`, 'utf8') }
}

const logOf = ({ results }: JobResult): string => results.map(({ log }) => log).join('')

describe('the action', () => {
  it.each(each)('leaves with the exit code of the gate and shows what it found: $name', ({ record, code, verdict }) => {
    const { job } = runAction(record, { model: 'models/net.onnx' })
    expect(job.results.map((result) => result.code)).toEqual([0, code])
    expect(job.failed).toBe(code !== 0)
    expect(job.context['steps.gate.outputs.verdict']).toBe(verdict)
    expect(job.context['steps.gate.outputs.exit-code']).toBe(String(code))
    expect(job.summary).toMatch(/^## flopgap gate: /)
    const errors = obeyed(logOf(job)).filter((line) => line.startsWith('::error'))
    expect(errors.length > 0).toBe(code !== 0)
    if (record?.error) expect(job.summary + errors.join('')).toContain(record.error.message)
    for (const { message } of record?.checks ?? []) expect(logOf(job)).toContain(message)
  })

  it('gives every input to the gate, and none of them to the shell', () => {
    const nasty = '$(touch hacked); `touch hacked` "quoted" \'x\' *'
    const { calls, npx } = runAction(outcomes.passed?.record ?? null, {
      ...{ model: `${nasty}.onnx`, against: nasty, baseline: `b ${nasty}`, config: `c ${nasty}`, threshold: '3%' },
      args: '--strict\n  --max-time 90s',
    })
    expect(calls[0]).toEqual({
      ...{ format: 'json', output: join(temporary, 'flopgap-gate.json'), positionals: [`${nasty}.onnx`] },
      ...{
        against: nasty,
        baseline: `b ${nasty}`,
        config: `c ${nasty}`,
        threshold: '3%',
        strict: true,
        'max-time': '90s',
      },
    })
    expect(existsSync(join(workspace, 'hacked'))).toBe(false)
    expect(npx.split('\n')[0]).toMatch(/^npx --no flopgap gate /)
  })

  it('takes a model whose name begins like an option', () => {
    expect(runAction(outcomes.passed?.record ?? null, { model: '--strict' }).calls[0]).toEqual({
      ...{ format: 'json', output: join(temporary, 'flopgap-gate.json'), positionals: ['--strict'] },
    })
  })

  it('gives the gate nothing where nothing is given, and runs the version that is asked for', () => {
    const { calls, npx } = runAction(outcomes.passed?.record ?? null, { version: '1.2.3' })
    expect(calls[0]).toEqual({ format: 'json', output: join(temporary, 'flopgap-gate.json'), positionals: [] })
    for (const line of npx.split('\n').filter(Boolean)) expect(line).toMatch(/^npx --yes flopgap@1\.2\.3 gate /)
  })

  it('shows no report of an earlier run where the gate dies', () => {
    runAction(outcomes.failed?.record ?? null, {})
    const { job } = runAction(null, {})
    expect(job.summary).toContain('could not judge')
    expect(logOf(job)).not.toContain(failing().message)
    expect(job.context['steps.gate.outputs.verdict']).toBe('error')
  })

  it('lets no name in a model give commands to the runner', () => {
    const name = '::add-mask::a'
    const { job } = runAction(report({ checks: [failing({ model: name, message: `::set-env name=A::${name}` })] }), {})
    expect(logOf(job)).toContain('::set-env name=A::')
    expect(obeyed(logOf(job)).filter((line) => !/^::(error|warning|notice) title=flopgap gate/.test(line))).toEqual([])
    expect(obeyed(logOf(runAction(null, {}).job)).map((line) => line.replace(/::.* /, ''))).toHaveLength(1)
  })

  it('describes each input and output, and uses each input', () => {
    const text = readFileSync(join(root, 'action.yml'), 'utf8')
    for (const [name, { description }] of Object.entries(action.inputs)) {
      expect(description, name).toMatch(/\.$/)
      expect(text, name).toContain(`\${{ inputs.${name} }}`)
      expect(page, name).toContain(`\`${name}\``)
    }
    for (const name of Object.keys(action.outputs)) expect(page, name).toContain(`\`${name}\``)
  })
})

describe('the workflow for GitHub', () => {
  const workflow: Workflow = parse(block('GitHub', 'yaml'))
  const [job] = Object.values(workflow.jobs)
  const fork = '${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}'

  function runJob(
    record: GateReport | null,
    comments = '',
    isFork = false,
  ): { ran: JobResult; gh: string[]; calls: unknown[] } {
    const variables = variablesFor(record, {
      ...{ GITHUB_BASE_REF: 'main', GITHUB_REPOSITORY: 'me/net', GH_COMMENTS: comments, ...job?.env },
    })
    const context = {
      ...{ 'runner.temp': temporary, 'github.token': 'token', 'github.event.pull_request.number': '12' },
    }
    const conditions = { [fork]: !isFork, '${{ !cancelled() }}': true }
    const ran = runSteps(job?.steps ?? [], context, { ...place(variables), conditions })
    const log = `${variables.GATE_CALLS}.gh`
    const gh = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []
    return { ran, gh, calls: callsOf(variables) }
  }

  it.each(each)('runs step by step: $name', ({ record, code }) => {
    const { ran, gh, calls } = runJob(record)
    expect(ran.failed).toBe(code !== 0)
    expect(ran.results.map(({ step }) => step)).toEqual([
      ...['npm ci', 'The model before the change', 'Judge', 'Show and leave with its exit code', 'Comment'],
    ])
    expect(ran.results.map((result) => result.code)).toEqual([0, 0, 0, code, record === null ? expect.any(Number) : 0])
    expect(calls[0]).toMatchObject({
      against: join(temporary, 'old.onnx'),
      threshold: '5%',
      positionals: ['models/net.onnx'],
    })
    expect(readFileSync(join(temporary, 'old.onnx'), 'utf8')).toBe('old')
    if (record !== null) {
      expect(gh.at(-1)).toBe('pr comment 12 --body-file gate.md')
      expect(readFileSync(join(workspace, 'gate.md'), 'utf8')).toMatch(/^<!-- flopgap gate -->\n## flopgap gate: /)
    }
  })

  it('writes over its last comment', () => {
    expect(runJob(report(), '7\n31\n').gh.at(-1)).toBe('api -X PATCH repos/me/net/issues/comments/31 -F body=@gate.md')
  })

  it('does not comment from a fork, and fails all the same', () => {
    const { ran, gh } = runJob(report(), '', true)
    expect([gh, ran.failed]).toEqual([[], true])
    expect(ran.summary).toContain(failing().message)
  })
})

describe('the job for GitLab', () => {
  interface Job {
    readonly variables: Readonly<Record<string, string | number>>
    readonly before_script: readonly string[]
    readonly script: readonly string[]
    readonly artifacts: {
      readonly when: string
      readonly reports: Readonly<Record<string, string>>
      readonly paths: string[]
    }
  }
  const [job] = Object.values(parse(block('GitLab', 'yaml')) as Readonly<Record<string, Job>>)

  it.each(each.filter(({ record }) => record !== null))(
    'leaves its artifacts and the exit code: $name',
    ({ record, code, verdict }) => {
      const own = Object.entries(job?.variables ?? {}).map(([key, value]) => [key, String(value)])
      const variables = variablesFor(record, {
        ...{ CI_MERGE_REQUEST_DIFF_BASE_SHA: 'HEAD', ...Object.fromEntries(own) },
      })
      const lines = [...(job?.before_script ?? []), ...(job?.script ?? [])]
      expect(bash(lines.join('\n'), workspace, variables).code).toBe(code)
      expect(callsOf(variables)[0]).toMatchObject({ against: 'old.onnx', positionals: ['models/net.onnx'] })
      const { reports = {}, paths = [], when } = job?.artifacts ?? {}
      expect(when).toBe('always')
      expect(readFileSync(join(workspace, reports.junit ?? ''), 'utf8')).toMatch(/^<\?xml[^]*<\/testsuites>\s*$/)
      expect(readFileSync(join(workspace, reports.dotenv ?? ''), 'utf8')).toBe(`FLOPGAP_VERDICT=${verdict}\n`)
      for (const path of paths) expect(existsSync(join(workspace, path)), path).toBe(true)
    },
  )
})

describe('the script for a plain shell', () => {
  const script = block('A plain shell', 'bash')
  const said: Readonly<Record<number, RegExp>> = {
    0: /fit to merge/,
    1: /larger or slower/,
    3: /nothing was judged \(exit code 3\)/,
    4: /cannot tell here/,
  }

  it.each(each)('says what came of it and leaves with the exit code: $name', ({ record, code }) => {
    const ran: Ran = bash(script, workspace, variablesFor(record))
    expect(ran.code).toBe(code)
    expect(ran.log).toMatch(said[code] ?? /^$/)
  })
})

describe('the page', () => {
  it('names every format', () => {
    for (const name of surfaceNames) expect(page).toContain(`| \`${name}\` |`)
  })
})
