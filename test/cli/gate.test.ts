import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { GateCheck, GateReport } from '../../src/types.js'
import { measuringProcess } from './processes.js'
import { type Finished, run, start, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const [crashing, interrupted] = [temporaryFolder(), temporaryFolder()]
// nothing here needs a calibration
const env = { FLOPGAP_CACHE_DIR: join(folder, 'no-cache'), NO_COLOR: '1' }
const flopgap = (...args: string[]) => run(args, { cwd: folder, env })

const lastLine = ({ stderr }: Finished) => stderr.trimEnd().split('\n').at(-1)

async function gate(...args: string[]): Promise<{ report: GateReport; code: number | null; last: string | undefined }> {
  const finished = await flopgap('gate', ...args, '--format', 'json')
  return { report: JSON.parse(finished.stdout), code: finished.code, last: lastLine(finished) }
}

const failing = ({ checks }: GateReport): string[] =>
  checks
    .filter(({ verdict }) => ['regressed', 'missing'].includes(verdict))
    .map(({ model, metric }) => `${model} ${metric}`)
const checkOf = ({ checks }: GateReport, metric: string): GateCheck | undefined =>
  checks.find((check) => check.metric === metric)

const small = 'mobilenet-v1:width=0.5,resolution=128'
const wider = 'mobilenet-v1:width=1,resolution=128'

beforeAll(async () => {
  for (const [spec, path] of [
    [small, 'small.onnx'],
    [wider, 'wider.onnx'],
  ] as const) {
    expect(await flopgap('build', spec, '-o', path)).toMatchObject({ code: 0 })
  }
  expect(await flopgap('baseline', 'write', 'small.onnx')).toMatchObject({ code: 0, stderr: '' })
})

const overwritten = (path: string, by: string) => writeFileSync(join(folder, path), readFileSync(join(folder, by)))

it('passes what is as it was', async () => {
  const { report, code, last } = await gate('small.onnx')
  expect([code, last, report.verdict]).toEqual([0, 'verdict: passed', 'passed'])
  expect(report.against).toEqual({ kind: 'baseline', path: 'flopgap.baseline.json' })
  expect(new Set(report.checks.map(({ verdict }) => verdict))).toEqual(new Set(['passed']))
  const analysis = JSON.parse((await flopgap('analyze', 'small.onnx', '--format', 'json')).stdout)
  expect(checkOf(report, 'macs')?.current).toBe(analysis.totals.macs)
  expect(checkOf(report, 'bytes')?.current).toBe(analysis.totals.readBytes + analysis.totals.writeBytes)
  expect(checkOf(report, 'modelBytes')?.current).toBe(readFileSync(join(folder, 'small.onnx')).length)
})

it('fails what grew, with the layers that did it on the first screen', async () => {
  overwritten('grown.onnx', 'small.onnx')
  await flopgap('baseline', 'write', 'grown.onnx', '--baseline', 'grown.json')
  overwritten('grown.onnx', 'wider.onnx')
  const finished = await flopgap('gate', 'grown.onnx', '--baseline', 'grown.json')
  expect([finished.code, lastLine(finished)]).toEqual([1, 'verdict: regressed'])
  const screen = finished.stdout.split('\n').slice(0, 24).join('\n')
  expect(screen).toMatch(/^failed/)
  expect(screen).toMatch(/failed {2}grown\.onnx {2}macs\n +[\d,]+, was [\d,]+, \d+ % more\n +~ \S+ \(Conv\) \+[\d,]+/)
  expect(screen).toMatch(/flopgap baseline update grown\.onnx/)
  // a red build does not keep it from being accepted
  expect(await flopgap('baseline', 'update', 'grown.onnx', '--baseline', 'grown.json')).toMatchObject({ code: 0 })
  expect((await gate('grown.onnx', '--baseline', 'grown.json')).code).toBe(0)
})

it('compares with an older model, and tells improvements', async () => {
  const { report, code } = await gate('small.onnx', '--against', 'wider.onnx', '--static')
  expect([code, report.verdict]).toEqual([0, 'improved'])
  expect(report.against).toEqual({ kind: 'model', path: 'wider.onnx' })
  const macs = checkOf(report, 'macs')
  const layers = macs?.layers.reduce((sum, { difference }) => sum + difference, 0)
  expect(layers).toBe((macs?.current ?? 0) - (macs?.baseline ?? 0))
})

it('finds the older models in a folder by their paths', async () => {
  mkdirSync(join(folder, 'main'), { recursive: true })
  overwritten('main/wider.onnx', 'small.onnx')
  const { report, code } = await gate('wider.onnx', 'small.onnx', '--against', 'main', '--static')
  expect(code).toBe(1)
  expect(failing(report)).toContain('wider.onnx macs')
  // there is no older one of this
  expect(report.checks).toContainEqual(
    expect.objectContaining({ model: 'small.onnx', metric: 'model', verdict: 'information' }),
  )
})

describe('a model that vanished', () => {
  beforeAll(async () => {
    overwritten('gone.onnx', 'small.onnx')
    expect(await flopgap('baseline', 'write', 'small.onnx', 'gone.onnx', '--baseline', 'two.json')).toMatchObject({
      code: 0,
    })
    rmSync(join(folder, 'gone.onnx'))
  })

  it.each([
    ['from the list', ['small.onnx'], 1],
    ['from the disk', ['small.onnx', 'gone.onnx'], 1],
  ])('%s fails', async (_, models, code) => {
    const judged = await gate(...models, '--baseline', 'two.json')
    expect([judged.code, failing(judged.report)]).toEqual([code, ['gone.onnx model']])
  })

  it('is not missed where only some are to be judged', async () => {
    expect((await gate('small.onnx', '--baseline', 'two.json', '--partial')).code).toBe(0)
  })

  it('goes from the baseline that is updated by the configuration', async () => {
    const config = { gate: { models: [{ model: 'small.onnx' }], baseline: 'two.json' } }
    writeFileSync(join(folder, 'two.config.json'), JSON.stringify(config))
    const { stdout, code } = await flopgap('baseline', 'update', '--config', 'two.config.json')
    expect(stdout).toMatch(/Gone: gone\.onnx/)
    expect(code).toBe(0)
    expect((await gate('--config', 'two.config.json')).code).toBe(0)
  })
})

describe('a baseline that is not there', () => {
  it('is an error, and the report is written all the same', async () => {
    const { report, code, last } = await gate('small.onnx', '--baseline', 'nowhere.json')
    expect([code, last, report.verdict]).toEqual([2, 'verdict: error', 'error'])
    expect(report.error).toMatchObject({ code: 'no-baseline', hint: expect.stringContaining('flopgap baseline write') })
    const { code: toFile } = await flopgap('gate', 'small.onnx', '--baseline', 'nowhere.json', '-o', 'error.json')
    expect(toFile).toBe(2)
    expect(JSON.parse(readFileSync(join(folder, 'error.json'), 'utf8'))).toEqual(report)
  })

  it('passes where that is allowed, and says that nothing was compared', async () => {
    const { report, code } = await gate('small.onnx', '--baseline', 'nowhere.json', '--allow-missing-baseline')
    expect([code, report.verdict, report.against]).toEqual([0, 'passed', null])
    expect(new Set(report.checks.map(({ verdict }) => verdict))).toEqual(new Set(['information']))
  })

  it('is not needed where there are limits', async () => {
    const config = (max: number) =>
      JSON.stringify({ gate: { models: [{ model: 'small.onnx', limits: { params: { max } } }] } })
    writeFileSync(join(folder, 'limits.config.json'), config(10))
    expect(failing((await gate('--config', 'limits.config.json', '--baseline', 'nowhere.json')).report)).toEqual([
      'small.onnx params',
    ])
    writeFileSync(join(folder, 'limits.config.json'), config(1e9))
    expect((await gate('--config', 'limits.config.json', '--baseline', 'nowhere.json')).code).toBe(0)
  })
})

it('does not judge by another machine what depends on the machine', async () => {
  const baseline = JSON.parse(readFileSync(join(folder, 'flopgap.baseline.json'), 'utf8'))
  baseline.models[0].environment.cpu = 'another'
  baseline.models[0].figures.kernels -= 1
  writeFileSync(join(folder, 'foreign.json'), JSON.stringify(baseline))
  const { report, code } = await gate('small.onnx', '--baseline', 'foreign.json')
  expect(code).toBe(0)
  expect(checkOf(report, 'kernels')).toMatchObject({
    verdict: 'information',
    message: expect.stringMatching(/another machine/),
  })
})

it.each([
  ['no JSON', 'nonsense', /not usable/],
  ['of a version to come', '{"baselineVersion":2}', /not usable: baselineVersion/],
])('refuses a baseline that is %s, and can replace it', async (_, text, message) => {
  writeFileSync(join(folder, 'bad.json'), text)
  const { report, code } = await gate('small.onnx', '--baseline', 'bad.json')
  expect(code).toBe(2)
  expect(report.error?.message).toMatch(message)
  const written = (...more: string[]) => flopgap('baseline', 'write', 'small.onnx', '--baseline', 'bad.json', ...more)
  expect((await written()).code).toBe(2)
  expect((await written('--force')).code).toBe(0)
  expect((await gate('small.onnx', '--baseline', 'bad.json')).code).toBe(0)
})

it.each([
  ['a slip in a model', ['mobilenet-v9'], /no architecture/],
  ['a file that is not there', ['nowhere.onnx', '--against', 'small.onnx'], /no file nowhere\.onnx/],
  ['both ways to compare', ['small.onnx', '--against', 'a.onnx', '--baseline', 'b.json'], /contradict/],
  ['one name for two', ['small.onnx', './small.onnx'], /two models are called "small\.onnx"/],
  ['no model', [], /no model is given/],
  ['a configuration that is not there', ['--config', 'nowhere.json'], /no file nowhere\.json/],
])('leaves with 2 and a verdict for %s', async (_, args, message) => {
  const finished = await flopgap('gate', ...args)
  expect([finished.code, lastLine(finished)]).toEqual([2, 'verdict: error'])
  expect(finished.stderr).toMatch(message)
})

it('has a last line for a slip in an option, too', async () => {
  const finished = await flopgap('gate', '--bogus')
  expect([finished.code, lastLine(finished)]).toEqual([2, 'verdict: error'])
})

it('proves its wiring by what must fail', async () => {
  const planted = [wider, '--against', small, '--static']
  expect((await gate(...planted, '--expect-fail')).code).toBe(0)
  expect((await gate(small, '--against', small, '--static', '--expect-fail')).code).toBe(1)
  // what was not judged proves nothing
  expect((await gate('nowhere.onnx', '--against', small, '--expect-fail')).code).toBe(2)
})

it('shows a saved report again', async () => {
  await flopgap('gate', 'wider.onnx', '--against', 'small.onnx', '--static', '-o', 'saved.json')
  const [first, again] = [
    await flopgap('gate', 'wider.onnx', '--against', 'small.onnx', '--static'),
    await flopgap('gate', '--replay', 'saved.json'),
  ]
  expect(again).toEqual(first)
})

it('writes a baseline of few lines a change, in the order of names', async () => {
  await flopgap('baseline', 'write', wider, small, '--baseline', 'order.json')
  const text = readFileSync(join(folder, 'order.json'), 'utf8')
  expect(JSON.parse(text).models.map(({ model }: { model: string }) => model)).toEqual([small, wider])
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(400)
  await flopgap('baseline', 'update', small, '--baseline', 'order.json')
  expect(readFileSync(join(folder, 'order.json'), 'utf8')).toBe(text)
})

describe('latency', () => {
  // no static figure may decide
  const off = Object.fromEntries(
    ['macs', 'flops', 'params', 'bytes', 'peakActivationBytes', 'kernels', 'modelBytes', 'findings'].map((id) => [
      id,
      'off',
    ]),
  )

  beforeAll(() => writeFileSync(join(folder, 'latency.config.json'), JSON.stringify({ gate: { levels: off } })))

  it('of four times the work fails, seen in two processes', async () => {
    const args = ['--against', 'small.onnx', '--config', 'latency.config.json', '--max-time', '10s']
    const { report, code } = await gate('wider.onnx', ...args)
    expect([code, report.verdict]).toEqual([1, 'regressed'])
    const [evidence] = report.latency
    expect(evidence).toMatchObject({ beside: 'small.onnx', launches: 2, threshold: 1.05, reason: null })
    expect(evidence?.confirmation?.lower).toBeGreaterThan(1.05)
    expect(evidence?.runs).toHaveLength(2)
    for (const { candidateMs, besideMs } of evidence?.runs ?? []) {
      expect(candidateMs.length).toBe(besideMs.length)
      expect(candidateMs.length).toBeGreaterThanOrEqual(40)
      expect(candidateMs.length % 2).toBe(0)
    }
    expect(evidence?.pairs).toBe(evidence?.runs.reduce((sum, { candidateMs }) => sum + candidateMs.length, 0))
  })

  it('is not measured where the configuration turns it off', async () => {
    writeFileSync(join(folder, 'off.config.json'), JSON.stringify({ gate: { levels: { latency: 'off' } } }))
    const { report } = await gate('wider.onnx', '--against', 'small.onnx', '--config', 'off.config.json')
    expect(report.latency).toEqual([])
    expect(checkOf(report, 'latency')).toBeUndefined()
  })

  it('is kept in a baseline beside the reference network, and judged on this kind of machine alone', async () => {
    const baseline = ['--baseline', 'timed.json']
    const written = await flopgap('baseline', 'write', 'small.onnx', ...baseline, '--latency', '--max-time', '4s')
    expect(written.code).toBe(0)
    const saved = JSON.parse(readFileSync(join(folder, 'timed.json'), 'utf8'))
    expect(saved.models[0].latency).toMatchObject({ reference: 'mobilenet-v2' })
    const { report } = await gate('small.onnx', ...baseline, '--max-time', '10s')
    expect(report.latency[0]).toMatchObject({ model: 'small.onnx', beside: 'mobilenet-v2' })
    // as if it had been twice as fast: the change is a failure, whatever the noise
    const { point, lower, upper } = saved.models[0].latency.ratio
    Object.assign(saved.models[0].latency.ratio, { point: point / 4, lower: lower / 4, upper: upper / 4 })
    writeFileSync(join(folder, 'timed.json'), JSON.stringify(saved))
    expect((await gate('small.onnx', ...baseline, '--max-time', '10s')).code).toBe(1)
    saved.models[0].environment.cpu = 'another'
    writeFileSync(join(folder, 'timed.json'), JSON.stringify(saved))
    const foreign = await gate('small.onnx', ...baseline)
    expect([foreign.code, foreign.report.latency]).toEqual([0, []])
    expect(checkOf(foreign.report, 'latency')).toMatchObject({ verdict: 'information', current: null })
  })

  it('that cannot be measured is no regression: 3, and a report', async () => {
    // an operator that this onnxruntime has no kernel for
    const { modelBytes, put, value } = await import('../onnx/files.js')
    const odd = { name: 'odd', opType: 'Frobnicate', input: ['x'], output: ['y'] }
    put(folder, 'odd.onnx', modelBytes({ input: [value('x', [1, 4])], output: [value('y', [1, 4])], node: [odd] }))
    const { report, code, last } = await gate('odd.onnx', '--against', 'small.onnx')
    expect(report.verdict).toBe('error')
    expect([code === 0 || code === 1, last]).toEqual([false, 'verdict: error'])
    expect(report.error?.message).toMatch(/Frobnicate/)
    const provider = await gate('small.onnx', '--against', 'small.onnx', '--provider', 'nonsense')
    expect([provider.code, provider.report.error?.code]).toEqual([2, 'unknown-provider'])
  })
})

it('checks how well this machine judges, on a model beside itself', async () => {
  const args = ['--selfcheck', 'small.onnx', '--max-time', '2s']
  const { stdout, code, stderr } = await flopgap('gate', ...args, '--format', 'json')
  expect(code).toBe(0)
  expect(stderr).toMatch(/^verdict: (passed|inconclusive)\n$/)
  const { gates, recommendedThreshold, isFit, threshold } = JSON.parse(stdout)
  expect(gates.length).toBeGreaterThanOrEqual(6)
  expect(recommendedThreshold).toBeGreaterThanOrEqual(1.02)
  expect(isFit).toBe(threshold >= recommendedThreshold)
})

describe('a gate that is broken off', () => {
  const measuring = (TMPDIR: string) =>
    start(['gate', small, '--against', small, '--format', 'json'], { cwd: folder, env: { ...env, TMPDIR } })

  it('by a crash is no regression: it leaves with 3, and writes its report', async () => {
    const { child, finished } = measuring(crashing)
    process.kill(await measuringProcess(child.pid ?? 0, crashing), 'SIGKILL')
    const { code, stdout, stderr } = await finished
    expect([code, stderr.trimEnd().split('\n').at(-1)]).toEqual([3, 'verdict: error'])
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'error', error: { code: 'measuring-crashed' }, checks: [] })
  })

  it('by a signal has a last line', async () => {
    const { child, finished } = measuring(interrupted)
    await measuringProcess(child.pid ?? 0, interrupted)
    child.kill('SIGINT')
    const finish = await finished
    expect([finish.code, lastLine(finish)]).toEqual([130, 'verdict: error'])
  })
})
