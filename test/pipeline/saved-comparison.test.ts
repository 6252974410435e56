import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ComparedModel, type Comparison, type FlopgapError, merge } from 'flopgap'
import { beforeAll, describe, expect, it } from 'vitest'
import { replayComparison, savedComparison } from '../../src/pipeline/saved-comparison.js'
import { put, temporaryFolder } from '../onnx/files.js'

const folder = temporaryFolder()
const recorded = fileURLToPath(new URL('../../fixtures/compare.json', import.meta.url))
const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value))

let whole: Comparison
beforeAll(async () => {
  whole = asJson(await replayComparison(recorded))
})

let files = 0
const saved = (value: object | string): string =>
  put(folder, `${files++}.json`, typeof value === 'string' ? value : JSON.stringify(value))

/** The part of a comparison that has some of its models beside the reference. */
const part = (labels: readonly string[], of = whole): Comparison => ({
  ...of,
  models: of.models.filter(({ label }) => label === of.reference || labels.includes(label)),
  pairs: of.pairs.filter(({ model }) => labels.includes(model)),
})

/** The same as measured on another machine. */
const elsewhere = (of: Comparison): Comparison => ({
  ...of,
  models: of.models.map((model) => ({
    ...model,
    fingerprint: 'other',
    environment: { ...model.environment, cpu: 'Another CPU' },
  })),
  pairs: of.pairs.map((pair) => ({ ...pair, fingerprint: 'other' })),
})

function failure(work: () => unknown): Pick<FlopgapError, 'code' | 'message' | 'exitCode'> {
  try {
    work()
  } catch (error) {
    return error as FlopgapError
  }
  throw new Error('it did not fail')
}

describe('a comparison', () => {
  it('has for each model but the reference what MACs promise, what is so, and the ratio of the two', () => {
    const macs = new Map(whole.models.map(({ label, totals }) => [label, totals.macs]))
    expect(whole.pairs.map(({ model }) => model)).toEqual(whole.plan.filter((label) => label !== whole.reference))
    for (const { model, theoreticalSpeedup, actualSpeedup, gap } of whole.pairs) {
      expect(theoreticalSpeedup).toBeCloseTo((macs.get(whole.reference) ?? 0) / (macs.get(model) ?? 0), 12)
      expect((gap?.point ?? 0) * actualSpeedup.point).toBeCloseTo(theoreticalSpeedup ?? 0, 12)
      expect((gap?.lower ?? 0) * actualSpeedup.upper).toBeCloseTo(theoreticalSpeedup ?? 0, 12)
      expect(actualSpeedup.confidenceLevel).toBeGreaterThanOrEqual(0.95)
    }
  })

  it('has the rank correlations of its only machine', () => {
    expect(whole.rankCorrelation.models).toBe(6)
    expect(whole.environments).toHaveLength(1)
    expect(whole.environments[0]?.rankCorrelation).toEqual(whole.rankCorrelation)
  })

  it('ranks by the prediction where all have one', () => {
    const speedup = new Map(whole.pairs.map(({ model, actualSpeedup }) => [model, actualSpeedup.point]))
    const predicted = (sign: number) => ({
      ...whole,
      models: whole.models.map((model) => {
        const point = (speedup.get(model.label) ?? 1) ** sign
        const latencyMs = { point, lower: point, upper: point, confidenceLevel: 0.95 }
        return { ...model, prediction: { latencyMs, guessedShare: 0 } }
      }),
    })
    expect(merge([predicted(-1)]).rankCorrelation.prediction).toBeCloseTo(1, 12)
    expect(merge([predicted(1)]).rankCorrelation.prediction).toBeCloseTo(-1, 12)
    const [first, ...others] = predicted(-1).models
    const partly = { ...whole, models: [{ ...(first as ComparedModel), prediction: null }, ...others] }
    expect(merge([partly]).rankCorrelation.prediction).toBeNull()
  })

  it('of two models has no order to speak of', () => {
    const two = merge([part(['alexnet'])])
    expect(two.rankCorrelation).toEqual({ models: 2, macs: null, bytes: null, roofline: null, prediction: null })
    expect(two.missing).toEqual(['mobilenet-v2', 'shufflenet-v1', 'shufflenet-v2', 'squeezenet'])
  })

  it('replays from what it saved, whole or what is raw of it, to the last digit', async () => {
    expect(asJson(await replayComparison(saved(whole)))).toEqual(whole)
    expect(savedComparison(saved(whole))).toEqual(whole)
  })

  it('shows some of its models where they are named, and says which it has', async () => {
    const { models, pairs, missing, plan } = await replayComparison(recorded, ['squeezenet', 'alexnet'])
    expect(models.map(({ label }) => label)).toEqual(['mobilenet-v1', 'squeezenet', 'alexnet'])
    expect(pairs.map(({ model }) => model)).toEqual(['squeezenet', 'alexnet'])
    expect([plan.length, missing]).toEqual([3, []])
    await expect(replayComparison(recorded, ['vgg-16'])).rejects.toMatchObject({
      code: 'bad-replay',
      message: expect.stringContaining('vgg-16'),
    })
  })
})

describe('merging', () => {
  it('joins shards to what one run would have measured', () => {
    const shards = [part(['shufflenet-v2', 'alexnet']), part(['mobilenet-v2']), part(['squeezenet', 'shufflenet-v1'])]
    expect(asJson(merge(shards))).toEqual(whole)
    expect(asJson(merge([whole]))).toEqual(whole)
  })

  it('does not mind in which order they come, nor in which groups', () => {
    const [a, b, c] = [part(['alexnet']), part(['mobilenet-v2', 'squeezenet']), part(['shufflenet-v1'])]
    expect(asJson(merge([c, a, b]))).toEqual(asJson(merge([a, b, c])))
    expect(asJson(merge([merge([a, b]), c]))).toEqual(asJson(merge([a, b, c])))
  })

  it('keeps machines apart: each has pairs, order and correlation of its own', () => {
    const both = merge([whole, elsewhere(part(['alexnet']))])
    expect(
      both.environments.map(({ environment, rankCorrelation }) => [environment.cpu, rankCorrelation.models]),
    ).toEqual([
      [whole.models[0]?.environment.cpu, 6],
      ['Another CPU', 2],
    ])
    expect(asJson(both.environments[0])).toEqual(whole.environments[0])
    expect(both.rankCorrelation.macs).toBeNull()
    expect(both.pairs).toHaveLength(6)
    expect(both.missing).toEqual([])
  })

  it('says which models no shard has measured, and forgets a failure that another made good', () => {
    const fingerprint = whole.models[0]?.fingerprint ?? ''
    const failed = [{ model: 'alexnet', fingerprint, code: 'measuring-crashed', message: 'it crashed' }]
    expect(merge([{ ...part(['squeezenet']), failed }])).toMatchObject({
      failed,
      missing: ['mobilenet-v2', 'shufflenet-v1', 'shufflenet-v2'],
    })
    expect(merge([{ ...part(['squeezenet']), failed }, part(['alexnet'])]).failed).toEqual([])
  })

  it.each<[string, (whole: Comparison) => Comparison[], RegExp]>([
    [
      'the same model twice in one environment',
      () => [part(['alexnet']), part(['alexnet'])],
      /alexnet was measured twice/,
    ],
    ['other references', () => [whole, { ...whole, reference: 'alexnet' }], /references: mobilenet-v1 and alexnet/],
    [
      'other models by the same name',
      () => [part([]), elsewhere({ ...part([]), models: part([]).models.map(changed) })],
      /two different models called mobilenet-v1/,
    ],
  ])('refuses %s', (_, parts, message) => {
    const error = failure(() => merge(parts(whole)))
    expect(error).toMatchObject({ code: 'conflicting-results', exitCode: 2 })
    expect(error.message).toMatch(message)
  })

  const changed = (model: ComparedModel): ComparedModel => ({
    ...model,
    model: { ...model.model, structureSha256: 'another' },
  })
})

describe('a file is refused', () => {
  it.each([
    ['nothing', ''],
    ['half a JSON', '{"models": ['],
    ['a list', '[]'],
    ['no models', '{"models": []}'],
    [
      'a profile',
      readFileSync(fileURLToPath(new URL('../../fixtures/mobilenet-v2.profile.json', import.meta.url)), 'utf8'),
    ],
  ])('with %s', async (_, text) => {
    const path = saved(text)
    await expect(replayComparison(path)).rejects.toMatchObject({ code: 'bad-replay', exitCode: 2 })
    expect(failure(() => savedComparison(path))).toMatchObject({ code: 'bad-replay', exitCode: 2 })
  })

  it.each<[string, (whole: Comparison) => object, RegExp]>([
    [
      'without the reference',
      ({ models, ...rest }) => ({ ...rest, models: models.slice(1) }),
      /reference mobilenet-v1/,
    ],
    ['without a pair', ({ pairs, ...rest }) => ({ ...rest, pairs: pairs.slice(1) }), /runs of mobilenet-v2/],
    [
      'with runs that lack their partners',
      ({ pairs, ...rest }) => ({ ...rest, pairs: pairs.map((pair) => ({ ...pair, referenceRunsMs: [1] })) }),
      /runs of mobilenet-v2/,
    ],
    ['with a model twice', ({ models, ...rest }) => ({ ...rest, models: [...models, ...models] }), /is in it twice/],
    [
      'with runs of a model that is not there',
      ({ pairs, ...rest }) => ({ ...rest, pairs: [...pairs, { ...pairs[0], model: 'vgg-16' }] }),
      /runs of vgg-16/,
    ],
    ['with no plan', ({ plan: _, ...rest }) => rest, /plan/],
  ])('%s', async (_, change, message) => {
    const path = saved(change(whole))
    const refusal = { code: 'bad-replay', message: expect.stringMatching(message) }
    await expect(replayComparison(path)).rejects.toMatchObject(refusal)
    expect(failure(() => savedComparison(path))).toMatchObject(refusal)
  })

  it('as a whole result where it holds only what was measured, which can be replayed', () => {
    expect(failure(() => savedComparison(recorded)).code).toBe('bad-replay')
  })

  it('where there is none', async () => {
    await expect(replayComparison('nowhere.json')).rejects.toMatchObject({ code: 'no-such-file' })
  })
})
