import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../../src/types.js'
import { put, temporaryFolder } from '../onnx/files.js'
import { writeSmall } from '../runtime/small-model.js'
import { run, start, until } from './run.js'

const recorded = fileURLToPath(new URL('../../fixtures/compare.json', import.meta.url))
const folder = temporaryFolder()
/** The cache of all tests. */
const env = {}
const tiny = 'resolution=64,width=0.25'
const short = ['--max-time', '300ms']

/** A convolution of some width, in milliseconds to measure. */
const small = (name: string, width: number) =>
  writeSmall(folder, name, {
    inputs: { x: ['batch', 8, 8, 8] },
    outputs: 'y',
    weights: { w: [width, 8, 1, 1] },
    nodes: ['Conv x w -> y'],
  })

let folders = 0
function emptyFolder(): string {
  const path = join(folder, `folder-${folders++}`)
  mkdirSync(path)
  return path
}

const resultIn = (path: string): Comparison => JSON.parse(readFileSync(path, 'utf8'))
const labels = ({ models }: Comparison) => models.map(({ label }) => label)

beforeAll(() => {
  small('narrow', 8)
  small('wide', 64)
})

/** Runs `flopgap compare` briefly and returns its result. */
async function compared(args: readonly string[], cwd = folder): Promise<{ result: Comparison; stderr: string }> {
  const path = join(emptyFolder(), 'result.json')
  const { code, stderr, stdout } = await run(['compare', ...args, ...short, '-o', path], { cwd, env })
  expect([code, stdout]).toEqual([0, ''])
  return { result: resultIn(path), stderr }
}

describe('flopgap compare', () => {
  it('measures each model beside the reference, and tells what is done', async () => {
    const { result, stderr } = await compared([
      'narrow.onnx',
      'wide.onnx',
      '--dim',
      'batch=1',
      '--reference',
      'wide.onnx',
    ])
    expect(labels(result)).toEqual(['narrow.onnx', 'wide.onnx'])
    expect(result).toMatchObject({ reference: 'wide.onnx', failed: [], missing: [] })
    // 64 filters to 8
    expect(result.pairs).toMatchObject([{ model: 'narrow.onnx', theoreticalSpeedup: 8 }])
    const runs = result.models[0]?.measurement.runsMs ?? []
    expect(result.pairs[0]?.referenceRunsMs).toHaveLength(runs.length)
    expect(runs.length % 2).toBe(0)
    // the reference comes first, since all others need it
    expect(stderr).toBe('measured wide.onnx, 1 of 2\nmeasured narrow.onnx, 2 of 2\n')
  })

  it('puts a reference that is not among the models in front', async () => {
    const { result } = await compared(['narrow.onnx', '--dim', 'batch=1', '--reference', `mobilenet-v1:${tiny}`])
    expect(labels(result)).toEqual(['mobilenet-v1:width=0.25,resolution=64', 'narrow.onnx'])
    expect(result.reference).toBe('mobilenet-v1:width=0.25,resolution=64')
  })

  it('varies the free dimension of a file', async () => {
    const { result } = await compared(['wide.onnx', '--vary', 'batch=1,4'])
    expect(result.models.map(({ label, model }) => [label, model.inputs[0]?.shape])).toEqual([
      ['wide.onnx:batch=1', [1, 8, 8, 8]],
      ['wide.onnx:batch=4', [4, 8, 8, 8]],
    ])
    expect(result.pairs[0]?.theoreticalSpeedup).toBe(0.25)
  })

  it('measures a model against itself where it is given twice', async () => {
    const { result } = await compared(['narrow.onnx', 'narrow.onnx', '--dim', 'batch=1'])
    expect(labels(result)).toEqual(['narrow.onnx', 'narrow.onnx #2'])
    expect(result.pairs).toMatchObject([{ model: 'narrow.onnx #2', theoreticalSpeedup: 1 }])
  })

  it('prints nothing but JSON where that is asked for', async () => {
    const args = ['compare', 'narrow.onnx', 'wide.onnx', '--dim', 'batch=1', ...short, '--format', 'json']
    const { code, stdout } = await run(args, { cwd: folder, env })
    expect(code).toBe(0)
    const report = JSON.parse(stdout)
    expect(Object.keys(report).slice(0, 2)).toEqual(['schemaVersion', 'tool'])
    for (const key of ['models', 'reference', 'pairs', 'rankCorrelation', 'plan']) expect(report).toHaveProperty(key)
  })

  it('measures what it can where a model fails, names the failure, and leaves with 3', async () => {
    // reads the 50th of 8 rows: nobody can tell before it runs
    writeSmall(folder, 'fails', {
      inputs: { x: [8, 8] },
      outputs: 'y',
      nodes: ['Relu x -> r', ['Gather r i -> y', { axis: 0 }]],
      integers: { i: [50] },
    })
    const path = join(emptyFolder(), 'result.json')
    const args = ['compare', `mobilenet-v1:${tiny}`, 'fails.onnx', `mobilenet-v2:${tiny}`, ...short, '-o', path]
    const { code, stderr } = await run(args, { cwd: folder, env })
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^failed fails\.onnx/m)])
    const result = resultIn(path)
    expect(result.failed).toMatchObject([{ model: 'fails.onnx' }])
    expect(labels(result)).toHaveLength(2)
    const shown = await run(['compare', '--replay', path], { cwd: folder, env })
    expect(shown.code).toBe(0)
    expect(shown.stdout).toContain('warning: fails.onnx could not be measured')
  })
})

describe('an interrupted comparison', () => {
  const models = ['0.1', '0.2', '0.3'].map((width) => `mobilenet-v1:width=${width},resolution=64`)
  const whole = (output: string) => ['compare', ...models, '--max-time', '1s', '-o', output, '--resume']

  it('keeps each model that was measured, loses the one in hand, and goes on from there', async () => {
    const cwd = emptyFolder()
    const temporary = emptyFolder()
    const output = join(cwd, 'result.json')
    const { child, finished } = start(whole(output), { env: { ...env, TMPDIR: temporary } })
    await until(() => existsSync(output) && labels(resultIn(output)).length === 2)
    child.kill('SIGINT')
    expect(await finished).toMatchObject({ code: 130, stdout: '' })
    // nothing is half written, nothing is left
    expect([readdirSync(cwd), readdirSync(temporary)]).toEqual([['result.json'], []])
    const before = resultIn(output)
    expect(before.missing).toEqual(models.slice(labels(before).length))
    expect(before.missing).not.toEqual([])

    const shown = await run(['compare', '--replay', output], { env })
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(`not measured yet: ${before.missing}`) })

    const resumed = await run(whole(output), { env })
    expect(resumed).toMatchObject({ code: 0, stderr: `measured ${models[2]}, 3 of 3\n` })
    const after = resultIn(output)
    expect([labels(after), after.missing]).toEqual([models, []])
    // to the last digit: they were not measured again
    expect(after.models.slice(0, before.models.length)).toEqual(before.models)
    expect(after.pairs.slice(0, before.pairs.length)).toEqual(before.pairs)

    const again = await run(whole(output), { env })
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(resultIn(output)).toEqual(after)
  })

  it('measures a model again that has changed since, and no other', async () => {
    const cwd = emptyFolder()
    const file = put(cwd, 'model.onnx', readFileSync(join(folder, 'narrow.onnx')))
    const output = join(cwd, 'result.json')
    const args = [
      'compare',
      models[0] ?? '',
      file,
      models[1] ?? '',
      '--dim',
      'batch=1',
      ...short,
      '-o',
      output,
      '--resume',
    ]
    await run(args, { env })
    const first = resultIn(output)
    put(cwd, 'model.onnx', readFileSync(join(folder, 'wide.onnx')))
    expect((await run(args, { env })).stderr).toBe(`measured ${file}, 3 of 3\n`)
    const second = resultIn(output)
    expect([second.models[0], second.models[2]]).toEqual([first.models[0], first.models[2]])
    expect(second.models[1]?.totals.macs).toBe(8 * (first.models[1]?.totals.macs ?? 0))
  })

  it('is not resumed by a run that measures otherwise', async () => {
    const output = join(emptyFolder(), 'result.json')
    const args = ['compare', ...models.slice(0, 2), ...short, '-o', output]
    expect((await run(args, { env })).code).toBe(0)
    const before = readFileSync(output, 'utf8')
    const other = await run([...args, '--resume', '--threads', '2'], { env })
    expect(other).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot be resumed: .*another environment/) })
    const against = await run([...args, '--resume', '--reference', models[1] ?? ''], { env })
    expect(against).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot be resumed: it compares with/) })
    expect(readFileSync(output, 'utf8')).toBe(before)
  })
})

describe('shards of a comparison', () => {
  it('join to all models, once each', async () => {
    const cwd = emptyFolder()
    const models = ['0.1', '0.2', '0.3', '0.4'].map((width) => `mobilenet-v1:width=${width},resolution=64`)
    const shards = [1, 2].map((index) => [
      'compare',
      ...models,
      ...short,
      '--shard',
      `${index}/2`,
      '-o',
      `${index}.json`,
    ])
    for (const args of shards) expect((await run(args, { cwd, env })).code).toBe(0)
    expect(labels(resultIn(join(cwd, '1.json')))).toEqual([models[0], models[1], models[3]])
    expect(labels(resultIn(join(cwd, '2.json')))).toEqual([models[0], models[2]])
    const merged = await run(['merge', '1.json', '2.json', '-o', 'all.json'], { cwd, env })
    expect(merged).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const all = resultIn(join(cwd, 'all.json'))
    expect([labels(all), all.missing]).toEqual([models, []])
    expect(all.rankCorrelation.models).toBe(4)
    const shown = await run(['merge', '1.json', '2.json'], { cwd, env })
    const replayed = await run(['compare', '--replay', 'all.json'], { cwd, env })
    expect(shown.stdout).toBe(replayed.stdout)
    expect(shown.stdout).toContain('4 models against')
  })
})

describe('wrong usage', () => {
  it.each([
    ['nothing to compare', [], /no model is given/],
    ['one model', ['mobilenet-v2'], /only one model/],
    ['an unknown architecture', ['mobilenet-v2', 'mobilnet-v1'], /mobilnet-v1.*did you mean mobilenet-v1/],
    ['an unknown reference', ['mobilenet-v2', '--reference', 'nothing'], /no architecture "nothing"/],
    ['an option that an architecture lacks', ['mobilenet-v2', '--vary', 'widht=1,2'], /widht.*did you mean width/],
    ['a value out of range', ['mobilenet-v2', '--vary', 'width=1,-1'], /width=-1 is out of range/],
    [
      'a dimension that a file lacks',
      ['wide.onnx', '--vary', 'height=1,2'],
      /wide\.onnx:height=1: .*no free dimension "height"/,
    ],
    ['open sizes', ['wide.onnx', 'narrow.onnx'], /wide\.onnx: .*leaves sizes open/],
    ['nothing to vary', ['mobilenet-v2', '--vary', 'width'], /--vary.*key=value/],
    ['values without one', ['mobilenet-v2', '--vary', 'width=1,,2'], /--vary.*key=value/],
    ['an option varied twice', ['mobilenet-v2', '--vary', 'width=1,2', '--vary', 'width=3'], /varied already/],
    ['a value twice', ['mobilenet-v2', '--vary', 'width=1,1'], /given twice/],
    ['shard 0', ['mobilenet-v2', 'alexnet', '--shard', '0/8'], /'0\/8' is invalid.*counted from 1/],
    ['shard 9 of 8', ['mobilenet-v2', 'alexnet', '--shard', '9/8'], /'9\/8' is invalid/],
    ['a shard without a count', ['mobilenet-v2', 'alexnet', '--shard', '2'], /'2' is invalid/],
    ['no place to resume from', ['mobilenet-v2', 'alexnet', '--resume'], /--resume needs a JSON file/],
    ['a table to resume from', ['mobilenet-v2', 'alexnet', '--resume', '-o', 'a.txt'], /--resume needs a JSON file/],
    ['no result to resume', ['mobilenet-v2', 'alexnet', '--resume', '-o', 'other.json'], /other\.json is not/],
    ['a model as output', ['mobilenet-v2', 'wide.onnx', '-o', 'wide.onnx'], /is the model itself/],
    ['an unknown provider', ['mobilenet-v2', 'alexnet', '--provider', 'abacus'], /no provider "abacus"/],
    ['no file to replay', ['--replay', 'nowhere.json'], /no file nowhere\.json/],
    ['another model to replay', ['vgg-16', '--replay', recorded], /no model vgg-16/],
    ['another reference to replay', ['--replay', recorded, '--reference', 'alexnet'], /compares with mobilenet-v1/],
    ['a shard to replay', ['--replay', recorded, '--shard', '1/2'], /takes no --shard/],
  ])('of compare: %s', async (_, args, message) => {
    put(folder, 'other.json', '{"models": 1}')
    const { code, stdout, stderr } = await run(['compare', ...args], { cwd: folder, env })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^flopgap: .*\n( {2}.*\n)?$/)
    expect(stderr.replace('\n', ' ')).toMatch(message)
  })

  it.each([
    ['nothing', [], /missing required argument 'results'/],
    ['a missing file', ['nowhere.json'], /no file nowhere\.json/],
    ['no comparison', ['other.json'], /other\.json is not a report/],
    ['a result as output', [recorded, '-o', recorded], /is one of the results/],
  ])('of merge: %s', async (_, args, message) => {
    put(folder, 'other.json', '{"models": 1}')
    const { code, stdout, stderr } = await run(['merge', ...args], { cwd: folder, env })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('    at ')
  })
})

describe('the tables', () => {
  it.each([60, 72, 100, 160])('fit a page %i wide', async (width) => {
    const { comparisonText } = await import('../../src/report/comparison.js')
    const { plain } = await import('../../src/report/page.js')
    const { replayComparison } = await import('../../src/pipeline/saved-comparison.js')
    const text = comparisonText(await replayComparison(recorded), { width, paint: plain }, { all: true })
    const longest = text.split('\n').reduce((most, line) => Math.max(most, [...line].length), 0)
    expect(longest).toBeLessThanOrEqual(width)
    expect(text).toContain('by MACs')
  })
})
