import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { GateReport } from '../../src/types.js'
import { failing, report } from '../report/gate/reports.js'
import { callsOf, each, outcomes, page, place, root, temporary, variablesFor, withNpx, workspace } from './clone.js'
import type { Variables } from './shell.js'
import { action, type JobResult, logOf, obeyed, runSteps } from './workflow.js'

/** The action by itself, with these inputs. */
function runAction(
  record: GateReport | null,
  inputs: Variables,
  variables = variablesFor(record),
): { job: JobResult; calls: ReturnType<typeof callsOf>; npx: string } {
  const steps = [{ id: 'gate', uses: 'OWNER/flopgap@v1', with: inputs }]
  const job = runSteps(steps, { 'runner.temp': temporary }, place(variables))
  return { job, calls: callsOf(variables), npx: read(`${variables.GATE_CALLS}.npx`) }
}

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

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
    expect(npx.split('\n')[0]).toMatch(/^npx --no -- flopgap gate /)
  })

  it('takes a model whose name begins like an option', () => {
    expect(runAction(outcomes.passed?.record ?? null, { model: '--strict' }).calls[0]).toEqual({
      ...{ format: 'json', output: join(temporary, 'flopgap-gate.json'), positionals: ['--strict'] },
    })
  })

  it('gives the gate nothing where nothing is given, and runs the version that is asked for', () => {
    const { calls, npx } = runAction(outcomes.passed?.record ?? null, { version: '1.2.3' })
    expect(calls[0]).toEqual({ format: 'json', output: join(temporary, 'flopgap-gate.json'), positionals: [] })
    for (const line of npx.split('\n').filter(Boolean)) expect(line).toMatch(/^npx --yes -- flopgap@1\.2\.3 gate /)
  })

  it('runs what the project has installed, by npx itself', () => {
    const { job, calls } = runAction(null, { args: '--strict' }, withNpx(variablesFor(report())))
    expect(job.results.map(({ code }) => code)).toEqual([0, 1])
    expect(calls.map(({ format = 'table' }) => format)).toEqual(['json', 'table', 'summary', 'annotations'])
    expect(calls[0]).toMatchObject({ strict: true })
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
    const dead = logOf(runAction(null, {}).job)
    expect(dead).toContain('::error::a name that looks like a command')
    expect(obeyed(dead)).toEqual([expect.stringMatching(/^::error title=flopgap gate::flopgap left with exit code 3/)])
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
