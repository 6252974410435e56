import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claims as check } from 'flopgap'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ClaimsReport } from '../../src/types.js'
import { run, start, temporaryFolder, until } from './run.js'

const folder = temporaryFolder()
const options = { cwd: folder }
const short = ['--max-time', '300ms']
const reportIn = (path: string): ClaimsReport => JSON.parse(readFileSync(path, 'utf8'))
const setsOf = ({ measurements }: ClaimsReport) => measurements.map(({ set }) => set)

describe('flopgap claims --counted', () => {
  it('counts, and measures nothing', async () => {
    const { code, stdout, stderr } = await run(['claims', '--counted', '--format', 'json'])
    expect([code, stderr]).toEqual([0, ''])
    const report: ClaimsReport = JSON.parse(stdout)
    expect(report).toMatchObject({ measurements: [], failed: [], missing: [] })
    expect(report.claims.every(({ kind }) => kind === 'counted')).toBe(true)
    const { holds, doesNotHold, cannotTell } = report.totals
    expect([holds + doesNotHold, cannotTell]).toEqual([report.claims.length, 0])
  })

  it('shows a table by paper, or one claim in detail', async () => {
    const table = (await run(['claims', '--counted'])).stdout
    expect(table).toMatch(/MobileNet, arXiv 1704\.04861 +published +here +verdict/)
    expect(table).toMatch(/pointwise-share +94\.86 % +94\.86 % +holds/)
    expect(table).toMatch(/first-convolution-share +1\.19 % +1\.906 % +does not hold/)
    expect(table).toMatch(/\d+ hold, \d+ do not \(\d+ of them because the published figure is\s+wrong/)
    const detail = (await run(['claims', 'squeezenet-beside'])).stdout
    expect(detail).toMatch(/^squeezenet-beside {2}does not hold, the published figure is wrong/)
    expect(detail).toMatch(/MACs +22 x +10\.88 x +does not hold\n +accepted: 19\.8 to 24\.2 x/)
    expect(detail).toContain('count a multiplication and an addition each')
    expect(detail).not.toContain('pointwise-share')
  })

  it('writes Markdown where a file is named so', async () => {
    const path = join(folder, 'claims.md')
    expect(await run(['claims', '--counted', '-o', path])).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const text = readFileSync(path, 'utf8')
    expect(text).toContain('## MobileNet, arXiv 1704.04861\n\n| claim | published | here | verdict |')
    expect(text).toContain('### yolo-row: does not hold')
    const printed = await run(['claims', '--counted', '--format', 'markdown'])
    expect(printed.stdout).toBe(text)
  })
})

describe('flopgap claims', () => {
  const path = join(folder, 'claims.json')
  let report: ClaimsReport
  beforeAll(async () => {
    const measured = await run(['claims', 'ssdlite-time', 'separable-cost', ...short, '-o', path])
    expect(measured).toMatchObject({ code: 0, stdout: '', stderr: 'measured detectors, 0 claims left\n' })
    report = reportIn(path)
  })

  it('runs the models of a measured claim by turns', () => {
    expect(report.claims.map(({ id }) => id)).toEqual(['separable-cost', 'ssdlite-time'])
    const [one] = report.measurements
    expect(one?.measurement.models.map(({ label }) => label)).toEqual(['ssdlite-mobilenet-v1', 'ssdlite-mobilenet-v2'])
    const [first = 0, second] = one?.measurement.models.map(({ runsMs }) => runsMs.length) ?? []
    expect(first).toBe(second)
    expect(first).toBeGreaterThan(9)
    const [figure] = report.claims[1]?.figures ?? []
    // 1.3 G and 0.8 G MACs: by whatever, but measured with an interval
    expect(figure?.found).toMatchObject({ point: expect.any(Number), lower: expect.any(Number) })
    expect(['holds', 'does-not-hold', 'cannot-tell']).toContain(report.claims[1]?.verdict)
  })

  it('judges what was saved again, all or some of it', async () => {
    const replay = ['claims', '--replay', path, '--format', 'json']
    const some = JSON.parse((await run([...replay, 'ssdlite-time', 'separable-cost'])).stdout)
    expect(some).toEqual(report)
    const { claims, missing } = JSON.parse((await run(replay)).stdout) as ClaimsReport
    // the other measured claims are still to be made
    expect(claims.filter(({ kind }) => kind === 'measured').map(({ id }) => id)).toEqual(['ssdlite-time'])
    expect(missing).toContain('se-cpu-time')
  })

  it('keeps with --resume what is measured, under the same circumstances', async () => {
    const again = await run(['claims', 'ssdlite-time', ...short, '-o', path, '--resume'])
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(reportIn(path).measurements).toEqual(report.measurements)
    const other = await run(['claims', 'ssdlite-time', ...short, '--threads', '2', '-o', path, '--resume'])
    expect(other).toMatchObject({ code: 2, stdout: '' })
    expect(other.stderr).toMatch(/cannot be resumed.*another environment/)
    expect((await run(['claims', '--resume', '-o', join(folder, 'x.md')])).stderr).toMatch(/--resume needs a JSON file/)
  })

  it('measures models again that have changed, and does not replay them', async () => {
    const [one] = report.measurements
    const stale = { ...report, measurements: [{ ...one, structures: ['another', one?.structures[1]] }] }
    const changed = join(folder, 'changed.json')
    writeFileSync(changed, JSON.stringify(stale))
    const replayed = await run(['claims', '--replay', changed])
    expect(replayed).toMatchObject({ code: 2, stdout: '' })
    expect(replayed.stderr).toMatch(/the models of "detectors" are others now/)
    const resumed = await run(['claims', 'ssdlite-time', ...short, '-o', changed, '--resume'])
    expect(resumed).toMatchObject({ code: 0, stderr: 'measured detectors, 0 claims left\n' })
    expect(reportIn(changed).measurements[0]?.structures).toEqual(one?.structures)
  })

  it('loses at most the set in hand where it is interrupted', async () => {
    const output = join(folder, 'interrupted.json')
    const ids = ['equal-channel-width', 'fragmentation']
    const { child, finished } = start(['claims', ...ids, '--max-time', '4s', '-o', output], options)
    await until(() => existsSync(output))
    child.kill('SIGINT')
    expect(await finished).toMatchObject({ code: 130, stdout: '' })
    const kept = reportIn(output)
    expect([setsOf(kept), kept.missing]).toEqual([['g1'], ['fragmentation']])
    const rest = await run(['claims', ...ids, ...short, '-o', output, '--resume'])
    expect(rest).toMatchObject({ code: 0, stderr: 'measured g3, 0 claims left\n' })
    expect(reportIn(output).measurements[0]).toEqual(kept.measurements[0])
  })

  it('names the nearest claim, and what cannot be replayed', async () => {
    const unknown = await run(['claims', 'pointwise-shar'])
    expect(unknown).toMatchObject({ code: 2, stdout: '' })
    expect(unknown.stderr).toMatch(/there is no claim "pointwise-shar"; did you mean pointwise-share\?/)
    writeFileSync(join(folder, 'other.json'), '{"measurements": [{"set": 1}], "failed": []}')
    const bad = await run(['claims', '--replay', 'other.json'], options)
    expect(bad.stderr).toMatch(/other\.json is not a report that can be replayed: measurements\.0\.set/)
    expect((await run(['claims', '--replay', 'nowhere.json'], options)).stderr).toMatch(/no file nowhere\.json/)
    expect((await run(['claims', '--replay', path, '--max-time', '1s'])).code).toBe(2)
  })

  it('is a function of the library too', async () => {
    const { claims, totals } = await check(['separable-cost'])
    expect(claims).toMatchObject([{ id: 'separable-cost', verdict: 'holds' }])
    expect(totals).toEqual({ holds: 1, doesNotHold: 0, cannotTell: 0, publishedIsWrong: 0 })
  })
})
