import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type GapReport, load, profile } from 'flopgap'
import { beforeAll, describe, expect, it } from 'vitest'
import { FlopgapError } from '../../src/errors.js'
import { replay, savedCeilings } from '../../src/pipeline/replay.js'
import { put, temporaryFolder } from '../onnx/files.js'
import { encodeSmall } from '../runtime/small-model.js'

const folder = temporaryFolder()
const spec = 'mobilenet-v1:width=0.25,resolution=96'
const recorded = fileURLToPath(new URL('../../fixtures/mobilenet-v2.profile.json', import.meta.url))

let report: GapReport
let saved: string
beforeAll(async () => {
  report = await profile(build(spec), { maxTimeMs: 300 })
  saved = put(folder, 'saved.json', JSON.stringify(report))
})

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('a replay', () => {
  it('of a saved report is that report, to the last digit', async () => {
    expect(asJson(await replay(saved))).toEqual(asJson(report))
  })

  it('needs only what was measured, and of what', async () => {
    const { model, environment, ceilings, measurement } = report
    const { name: _, ...identity } = model
    const measured = put(
      folder,
      'measured.json',
      JSON.stringify({ model: identity, environment, ceilings, measurement }),
    )
    expect(asJson(await replay(measured))).toEqual(asJson(report))
  })

  it('takes the model that is given in its place, if it is the same', async () => {
    expect(asJson(await replay(saved, 'mobilenet-v1:resolution=96,width=0.25,batch=1'))).toEqual(asJson(report))
  })

  it('explains another machine with its own ceilings', async () => {
    const faster = { ...report.ceilings, flopsPerSecond: 2 * report.ceilings.flopsPerSecond }
    const path = put(folder, 'faster.json', JSON.stringify({ ...report, ceilings: faster }))
    const again = await replay(path)
    expect(again.theory.flopsTimeMs).toBeCloseTo(report.theory.flopsTimeMs / 2, 12)
    expect(again.measurement.latencyMs).toEqual(report.measurement.latencyMs)
  })

  it('of a file finds it where it was, with the sizes it had, or where it is now', async () => {
    const bytes = encodeSmall({
      inputs: { x: ['batch', 16, 8, 8] },
      outputs: 'y',
      weights: { w: [32, 16, 1, 1] },
      nodes: ['Conv x w -> c', 'Relu c -> y'],
    })
    const path = put(folder, 'open.onnx', bytes)
    const first = await profile(load(path), { binding: { shapes: {}, dims: { batch: 3 } }, maxTimeMs: 300 })
    const json = put(folder, 'open.json', JSON.stringify(first))
    expect(first.model).toMatchObject({ path, inputs: [{ shape: [3, 16, 8, 8] }] })
    expect(asJson(await replay(json))).toEqual(asJson(first))
    const moved = put(folder, 'elsewhere/open.onnx', bytes)
    expect(await replay(json, moved)).toMatchObject({ kernels: asJson(first.kernels), model: { path: moved } })
  })
})

describe('a replay is refused', () => {
  const failure = async (path: string, target?: string): Promise<FlopgapError> => {
    try {
      await replay(path, target)
    } catch (error) {
      if (error instanceof FlopgapError) return error
      throw error
    }
    throw new Error(`${path} was replayed`)
  }

  /** The saved report with some parts replaced; undefined leaves a part out. */
  const damaged = (change: object): string => put(folder, 'damaged.json', JSON.stringify({ ...report, ...change }))

  it.each([
    ['nothing', ''],
    ['no JSON', 'not json'],
    ['half a JSON', '{"model": {"spec": '],
    ['a number', '7'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another object', '{"model": {"spec": "mobilenet-v1"}}'],
  ])('for a file with %s', async (_, text) => {
    const error = await failure(put(folder, 'other.json', text))
    expect(error).toMatchObject({ code: 'bad-replay', exitCode: 2 })
    expect(error.message).toContain('other.json')
  })

  it.each<[string, (report: GapReport) => object]>([
    ['measurement', () => ({ measurement: undefined })],
    ['ceilings', () => ({ ceilings: undefined })],
    ['environment', () => ({ environment: undefined })],
    ['model', () => ({ model: undefined })],
    ['measurement.runsMs', ({ measurement }) => ({ measurement: { ...measurement, runsMs: [] } })],
    ['measurement.runsMs.1', ({ measurement }) => ({ measurement: { ...measurement, runsMs: [1, '2'] } })],
    ['measurement.runsMs.0', ({ measurement }) => ({ measurement: { ...measurement, runsMs: [-1] } })],
    ['measurement.runsMs.0', ({ measurement }) => ({ measurement: { ...measurement, runsMs: [Number.NaN] } })],
    ['measurement.executed.kernels', ({ measurement }) => ({ measurement: { ...measurement, executed: {} } })],
    ['ceilings.flopsPerSecond', ({ ceilings }) => ({ ceilings: { ...ceilings, flopsPerSecond: 0 } })],
    ['ceilings.bandwidth', ({ ceilings }) => ({ ceilings: { ...ceilings, bandwidth: [] } })],
    ['model.structureSha256', ({ model }) => ({ model: { ...model, structureSha256: null } })],
    ['model.inputs.0.shape.0', ({ model }) => ({ model: { ...model, inputs: [{ name: 'x', shape: ['n'] }] } })],
  ])('where %s is damaged, which it names', async (where, change) => {
    const error = await failure(damaged(change(report)))
    expect(error.code).toBe('bad-replay')
    expect(error.message).toContain(`${where}:`)
  })

  it('for another model, given or named', async () => {
    expect(await failure(saved, 'mobilenet-v1:width=0.5,resolution=96')).toMatchObject({ code: 'bad-replay' })
    const renamed = damaged({ model: { ...report.model, spec: 'mobilenet-v2:resolution=96' } })
    expect(await failure(renamed)).toMatchObject({ code: 'bad-replay' })
    const resized = await failure(saved, 'mobilenet-v1:width=0.25')
    expect(['bad-replay', 'bad-shape']).toContain(resized.code)
  })

  it('where the file or its model is not there', async () => {
    expect(await failure(join(folder, 'none.json'))).toMatchObject({ code: 'no-such-file' })
    expect(await failure(saved, join(folder, 'none.onnx'))).toMatchObject({ code: 'no-such-file' })
    expect(await failure(saved, 'mobilenet-v9')).toMatchObject({ code: 'unknown-architecture' })
  })
})

describe('saved ceilings', () => {
  it('are those of the machine that saved them', () => {
    expect(savedCeilings(saved)).toEqual({ environment: report.environment, ceilings: asJson(report.ceilings) })
  })
})

describe('the recorded measurement', () => {
  it('is small and tells nothing of the place where it was recorded', () => {
    expect(statSync(recorded).size).toBeLessThan(200_000)
    const text = readFileSync(recorded, 'utf8')
    expect(JSON.parse(text).model).toMatchObject({ spec: 'mobilenet-v2', path: null })
    expect(text).not.toMatch(/"[^"]*(\/(home|root|work|tmp|Users)\/|[A-Z]:\\\\)[^"]*"/)
  })

  it('replays to a whole explanation', async () => {
    const { attribution, kernels, causes, measurement, totals, model } = await replay(recorded)
    const { measurement: kept } = JSON.parse(readFileSync(recorded, 'utf8'))
    expect(model.spec).toBe('mobilenet-v2')
    expect(totals.params).toBe(3504872)
    expect(measurement.runsMs).toEqual(kept.runsMs)
    expect(attribution).toMatchObject({ timeShare: 1, macsShare: 1, nodeShare: 1, unmatched: [] })
    expect(kernels).toHaveLength(kept.executed.kernels.length)
    expect(causes.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(measurement.latencyMs.point, 9)
  })
})
