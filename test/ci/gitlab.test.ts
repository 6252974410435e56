import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { block, callsOf, each, variablesFor, workspace } from './clone.js'
import { bash } from './shell.js'

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

  it.each(each)('leaves its artifacts and the exit code: $name', ({ record, code, verdict }) => {
    const own = Object.entries(job?.variables ?? {}).map(([key, value]) => [key, String(value)])
    const variables = variablesFor(record, {
      ...{ CI_MERGE_REQUEST_DIFF_BASE_SHA: 'HEAD', ...Object.fromEntries(own) },
    })
    const lines = [...(job?.before_script ?? []), ...(job?.script ?? [])]
    expect(bash(lines.join('\n'), workspace, variables).code).toBe(code)
    expect(callsOf(variables)[0]).toMatchObject({ against: 'old.onnx', positionals: ['models/net.onnx'] })
    const { reports = {}, paths = [], when } = job?.artifacts ?? {}
    expect(when).toBe('always')
    // it died before it could write any
    if (record === null) return
    expect(readFileSync(join(workspace, reports.junit ?? ''), 'utf8')).toMatch(/^<\?xml.*<\/testsuites>\s*$/s)
    expect(readFileSync(join(workspace, reports.dotenv ?? ''), 'utf8')).toBe(`FLOPGAP_VERDICT=${verdict}\n`)
    for (const path of paths) expect(existsSync(join(workspace, path)), path).toBe(true)
  })
})
