import { FlopgapError } from '../errors.js'
import { compareFacts } from '../gate/compare.js'
import { failingFirst, newModel } from '../gate/verdict.js'
import { usable } from '../runtime/adapter.js'
import { environmentOf, fingerprint } from '../runtime/environment.js'
import type { Baseline, BaselineModel, BaselineReport, GateCheck } from '../types.js'
import { readBaseline, writeBaseline } from './baseline-file.js'
import type { LintConfiguration } from './config.js'
import { factsOf } from './gate-facts.js'
import { latencyForBaseline } from './gate-latency.js'
import type { PlannedModel } from './gate-plan.js'
import { naming } from './naming.js'
import { open } from './open.js'

export interface BaselineOptions {
  readonly lint?: LintConfiguration
  /** Replace a baseline that is there, whatever it holds. */
  readonly force?: boolean
  /** All models that there are were given: others go. */
  readonly isAll?: boolean
  /** Measure each model beside the reference network, too, for so many milliseconds. */
  readonly latencyMs?: number
  readonly provider?: string
  readonly threads?: number
  readonly onProgress?: (stage: string, share: number) => void
}

/**
 * A new baseline of the given models.
 *
 * @throws FlopgapError `bad-baseline` where one is there already; as `analyzeModel`; `unwritable-output`
 */
export async function newBaseline(
  path: string,
  planned: readonly PlannedModel[],
  options: BaselineOptions,
): Promise<BaselineReport> {
  if (options.force !== true && readBaseline(path) !== null) {
    throw new FlopgapError(
      'bad-baseline',
      `there is a baseline ${path} already`,
      'flopgap baseline update keeps what is in it; --force replaces it.',
    )
  }
  return written(path, [], await modelsOf(planned, options), [])
}

/**
 * The given models replaced in a baseline, or added; a gate that fails is no reason not to.
 *
 * @throws FlopgapError as `newBaseline`, but that it makes the file where there is none
 */
export async function updatedBaseline(
  path: string,
  planned: readonly PlannedModel[],
  options: BaselineOptions,
): Promise<BaselineReport> {
  const before = readBaseline(path)?.models ?? []
  const now = await modelsOf(planned, options)
  const kept = before.filter(({ model }) => now.every((one) => one.model !== model))
  return options.isAll === true
    ? written(
        path,
        before,
        now,
        kept.map(({ model }) => model),
      )
    : written(path, before, [...kept, ...now], [])
}

/**
 * What a baseline holds.
 *
 * @throws FlopgapError `no-baseline`, `bad-baseline`
 */
export function shownBaseline(path: string): BaselineReport {
  const baseline = readBaseline(path)
  if (baseline !== null) return { path, ...baseline, changes: [], removed: [] }
  throw new FlopgapError('no-baseline', `there is no baseline ${path}`, 'flopgap baseline write makes one.')
}

async function written(
  path: string,
  before: readonly BaselineModel[],
  models: readonly BaselineModel[],
  removed: readonly string[],
): Promise<BaselineReport> {
  const baseline: Baseline = { baselineVersion: 1, models }
  await writeBaseline(path, baseline)
  const changes = models.flatMap((model) =>
    changesOf(
      before.find((old) => old.model === model.model),
      model,
      path,
    ),
  )
  return { path, ...baseline, changes: failingFirst(changes), removed }
}

function changesOf(old: BaselineModel | undefined, now: BaselineModel, path: string): GateCheck[] {
  if (old === undefined) return [newModel(now.model, path)]
  const isOfThisMachine = fingerprint(old.environment) === fingerprint(now.environment)
  const rules = { limits: {}, levels: {}, threshold: 0 }
  const checks = compareFacts({ facts: old, isOfThisMachine, accept: '' }, now, rules)
  return checks.filter(({ baseline, current }) => baseline !== current)
}

async function modelsOf(planned: readonly PlannedModel[], options: BaselineOptions): Promise<BaselineModel[]> {
  const { lint = {}, provider = 'cpu', threads = 1, latencyMs: maxTimeMs } = options
  const settings = await usable({ provider, threads, optimization: 'all' })
  const environment = environmentOf(settings)
  const models: BaselineModel[] = []
  for (const [index, { label, target, binding }] of planned.entries()) {
    const onProgress = (stage: string, share: number) =>
      options.onProgress?.(`${stage} ${label}`, (index + share) / planned.length)
    onProgress('counting', 0)
    try {
      const model = await open(target)
      const facts = await factsOf(label, model, binding, lint)
      const plan = maxTimeMs === undefined ? null : { settings, maxTimeMs, onProgress }
      const latency = plan === null ? null : await latencyForBaseline({ model, binding }, plan)
      models.push({ ...facts, environment, latency })
    } catch (error) {
      throw naming(label, error)
    }
  }
  return models
}
