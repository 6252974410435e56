import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { GateReport } from '../../src/types.js'
import { failing, report } from '../report/gate/reports.js'
import { block, callsOf, each, place, temporary, variablesFor, workspace } from './clone.js'
import { type JobResult, runSteps, type Workflow } from './workflow.js'

describe('the workflow for GitHub', () => {
  const workflow: Workflow = parse(block('GitHub', 'yaml'))
  const [job] = Object.values(workflow.jobs)
  const own = 'github.event.pull_request.head.repo.full_name == github.repository'

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
    const conditions = { [`!cancelled() && ${own}`]: !isFork, '!cancelled()': true }
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
