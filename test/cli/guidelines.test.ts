import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { guidelines as measure } from 'flopgap'
import { describe, expect, it } from 'vitest'
import type { GuidelinesReport } from '../../src/types.js'
import { put } from '../onnx/files.js'
import { run, start, temporaryFolder, until } from './run.js'

const recorded = fileURLToPath(new URL('../../fixtures/guidelines.json', import.meta.url))
const folder = temporaryFolder()
const short = ['--widths', 'arm', '--max-time', '300ms']
const reportIn = (path: string): GuidelinesReport => JSON.parse(readFileSync(path, 'utf8'))
const namesOf = (report: {
  readonly tables: readonly { readonly guideline: string; readonly widths: string; readonly scale: number }[]
}) => report.tables.map(({ guideline, widths, scale }) => [guideline, widths, scale])

describe('flopgap guidelines', () => {
  it('runs the networks of a table by turns, and saves what it replays', async () => {
    const path = join(folder, 'g3.json')
    const measured = await run(['guidelines', 'G3', ...short, '-o', path])
    expect(measured).toMatchObject({ code: 0, stdout: '', stderr: 'measured g3 arm x1, 1 of 1\n' })
    const report = reportIn(path)
    const [table] = report.tables
    expect(namesOf(report)).toEqual([['g3', 'arm', 1]])
    expect(table?.rows.map(({ variant }) => variant)).toEqual(table?.measurement.models.map(({ label }) => label))
    const runs = table?.measurement.models.map(({ runsMs }) => runsMs.length) ?? []
    expect(runs).toHaveLength(5)
    expect(new Set(runs).size).toBe(1)
    // next to nothing is handed over: one number a channel
    expect(table?.measurement.models.map(({ outputBytes }) => outputBytes)).toEqual([256, 180, 128, 180, 128])
    expect(['holds', 'does-not-hold', 'cannot-tell']).toContain(table?.verdict)
    // 64 and 32 channels are whole blocks of 8 or 16, 45 are not
    expect(table?.rows.map(({ kernels }) => kernels?.convolutions)).toEqual([10, 20, 40, 20, 40])

    const replayed = await run(['guidelines', '--replay', path, '--format', 'json'])
    expect(replayed).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(replayed.stdout)).toEqual(report)
  })

  it('runs with a batch, on threads, and prints nothing but JSON where that is asked for', async () => {
    const { code, stdout } = await run([
      'guidelines',
      'g4',
      ...short,
      ...['--batch', '2', '--threads', '2', '--format', 'json'],
    ])
    expect(code).toBe(0)
    const report: GuidelinesReport = JSON.parse(stdout)
    expect(report).toMatchObject({ batch: 2, environment: { provider: 'cpu', threads: 2 }, schemaVersion: 1 })
    // 10 blocks of 32 → 8, 3 x 3 on 8 and 8 → 32, two images
    expect(report.tables[0]?.rows[0]?.macs).toBe(2 * 10 * 3136 * (256 + 576 + 256))
  })

  it('keeps each table that was measured where it is interrupted', async () => {
    const output = join(folder, 'interrupted.json')
    const { child, finished } = start(['guidelines', 'g1', 'g2', '--widths', 'arm', '--max-time', '2s', '-o', output])
    await until(() => existsSync(output))
    child.kill('SIGINT')
    expect(await finished).toMatchObject({ code: 130, stdout: '' })
    expect(namesOf(reportIn(output))).toEqual([['g1', 'arm', 1]])
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  })

  it('is a function of the library', async () => {
    const stages = new Set<string>()
    const report = await measure({
      ...{ guidelines: ['g2'], widths: ['arm'], maxTimeMs: 200, launches: 2 },
      onProgress: (stage) => stages.add(stage),
    })
    expect(namesOf(report)).toEqual([['g2', 'arm', 1]])
    expect(report.tables[0]?.measurement.models[0]?.launches).toHaveLength(2)
    expect([...stages]).toContain('measuring g2 arm x1')
  })
})

describe('a replay', () => {
  it('shows the tables that are chosen', async () => {
    const { stdout, code } = await run([
      'guidelines',
      'g2',
      '--replay',
      recorded,
      '--widths',
      'gpu',
      '--format',
      'json',
    ])
    expect(code).toBe(0)
    expect(namesOf(JSON.parse(stdout))).toEqual([['g2', 'gpu', 1]])
  })

  it.each([60, 72, 80, 100, 160])('fits a page %i wide', async (width) => {
    const { guidelinesText } = await import('../../src/report/guidelines.js')
    const { plain } = await import('../../src/report/page.js')
    const { replayGuidelines } = await import('../../src/pipeline/saved-guidelines.js')
    const text = guidelinesText(await replayGuidelines(recorded), { width, paint: plain })
    const longest = text.split('\n').reduce((most, line) => Math.max(most, [...line].length), 0)
    expect(longest).toBeLessThanOrEqual(width)
    for (const word of ['here', 'GPU', 'ARM', 'G4']) expect(text).toContain(word)
  })
})

describe('wrong usage of guidelines', () => {
  const broken = (change: (report: GuidelinesReport) => unknown): string =>
    JSON.stringify(change(JSON.parse(readFileSync(recorded, 'utf8'))))
  const withModels = (
    report: GuidelinesReport,
    change: (models: GuidelinesReport['tables'][0]['measurement']['models']) => unknown,
  ) => {
    const [first, ...others] = report.tables as [GuidelinesReport['tables'][0]]
    const measurement = { ...first.measurement, models: change(first.measurement.models) }
    return { ...report, tables: [{ ...first, measurement }, ...others] }
  }
  put(folder, 'other.json', '{"tables": 1}')
  put(
    folder,
    'one.json',
    broken((report) => ({ ...report, tables: report.tables.slice(0, 1) })),
  )
  put(
    folder,
    'fewer.json',
    broken((report) => withModels(report, (models) => models.slice(1))),
  )
  put(
    folder,
    'uneven.json',
    broken((report) =>
      withModels(report, ([first, ...others]) => [
        first,
        ...others.map((model) => ({
          ...model,
          runsMs: model.runsMs.slice(0, model.launches[0]?.runs),
          launches: model.launches.slice(0, 1),
        })),
      ]),
    ),
  )

  it.each([
    ['an unknown guideline', ['g5'], /no guideline "g5".*g1, g2, g3, g4/],
    ['unknown widths', ['--widths', 'tpu'], /--widths.*gpu, arm, both/],
    ['a scale that the paper lacks', ['--scale', '3'], /--scale.*1, 2 or 4/],
    ['a scale twice', ['--scale', '2,2'], /--scale.*1, 2 or 4/],
    ['no batch', ['--batch', '0'], /--batch.*whole number from 1/],
    ['an unknown provider', ['--provider', 'abacus'], /no provider "abacus"/],
    ['no time', ['--max-time', 'soon'], /--max-time.*time from 100ms/],
    ['a replay on threads', ['--replay', recorded, '--threads', '2'], /--replay.*cannot be used with.*--threads/],
    ['no file to replay', ['--replay', 'nowhere.json'], /no file nowhere\.json/],
    ['another file to replay', ['--replay', 'other.json'], /other\.json is not a report/],
    ['a table that was not saved', ['g4', '--replay', 'one.json'], /none of these tables.*It has g1/],
    ['a replay without a row', ['--replay', 'fewer.json'], /g1 has the rows 1:1, 1:2, 1:6, 1:12, and not 1:2/],
    ['a replay of runs without turns', ['--replay', 'uneven.json'], /did not take turns/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await run(['guidelines', ...args], { cwd: folder })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^flopgap: .*\n( {2}.*\n)?$/)
    expect(stderr.replace('\n', ' ')).toMatch(message)
  })
})
