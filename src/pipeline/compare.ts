import { type ComparisonInput, comparison } from '../analyzers/comparison.js'
import { FlopgapError } from '../errors.js'
import { type Binding, noBinding, sharedBinding } from '../onnx/bind.js'
import { usable } from '../runtime/adapter.js'
import { checkProvider, environmentOf, fingerprint } from '../runtime/environment.js'
import type { JobModel } from '../runtime/job.js'
import type { LaunchPlan } from '../runtime/launches.js'
import { measurePair } from '../runtime/pair.js'
import type {
  Ceilings,
  ComparedModel,
  Comparison,
  Environment,
  GapReport,
  Model,
  OptimizationLevel,
  SessionSettings,
} from '../types.js'
import { ceilingsFor } from './calibrate.js'
import { compared } from './compared.js'
import { type Entry, entriesOfModels } from './entries.js'
import { explain } from './explain.js'
import { fileHash } from './file-hash.js'
import { naming } from './naming.js'
import { feedTypes, runnable } from './profile.js'
import { type Contestant, kept } from './resume.js'
import { type Shard, shardOf } from './shard.js'
import { withFile } from './with-file.js'

export interface CompareOptions {
  /** Sizes that models leave open; each takes those that it has. */
  readonly binding?: Binding
  /** An onnxruntime execution provider; `cpu` by default. */
  readonly provider?: string
  /** Threads inside a kernel; 1 by default. */
  readonly threads?: number
  /** How far onnxruntime rewrites the graph; `all` by default. */
  readonly optimization?: OptimizationLevel
  /** Processes that the runs of a model are spread over; six by default, fewer where one takes long to start. */
  readonly launches?: number
  /** Time to measure each model for, in milliseconds; 6,000 by default. Calibration, once a machine, comes on top. */
  readonly maxTimeMs?: number
  /** Of built models' weights; 0 by default. */
  readonly seed?: number
  /** Measure only these models, and the reference. */
  readonly shard?: Shard
  /** An earlier result, whose models are not measured again. */
  readonly resume?: Comparison
  /** Called with the result so far, each time a model is measured; the next one waits for it. */
  readonly onMeasured?: (soFar: Comparison, label: string) => Promise<void>
  readonly onProgress?: (stage: string, share: number) => void
}

/**
 * Theory beside reality for many models: each is measured by turns with a reference, so that the machine's drift cancels.
 *
 * @param reference the first of the models by default
 * @throws FlopgapError as `profileModel`; `bad-resume`; a model that fails while others can be measured is in `failed`
 */
export const compareModels = (
  models: readonly Model[],
  { reference, ...options }: CompareOptions & { readonly reference?: Model } = {},
): Promise<Comparison> => {
  const entries = entriesOfModels(
    reference === undefined || models.includes(reference) ? models : [reference, ...models],
  )
  const label = reference === undefined ? undefined : entries.find(({ model }) => model === reference)?.label
  return compareEntries(entries, label ?? entries[0]?.label ?? '', options)
}

/** As `compareModels`, of models with their labels. */
export async function compareEntries(
  entries: readonly Entry[],
  reference: string,
  options: CompareOptions = {},
): Promise<Comparison> {
  const { provider = 'cpu', threads = 1, optimization = 'all', shard } = options
  checkProvider(provider)
  const all = await contestants(entries, options.binding ?? noBinding, provider)
  const [base] = all.filter(({ label }) => label === reference)
  if (base === undefined || all.length < 2) throw tooFew()
  const settings = await usable({ provider, threads, optimization })
  const environment = environmentOf(settings)
  const plan = all.map(({ label }) => label)
  const done = kept(options.resume, {
    contestants: all,
    reference,
    plan,
    settings,
    fingerprint: fingerprint(environment),
  })
  const others = all.filter((one) => one !== base)
  const wanted = shard === undefined ? others : shardOf(others, shard)
  const left = [base, ...wanted].filter(({ label }) => !isMeasured(done, label, environment))
  if (left.length === 0) return comparison(done)
  const ceilings = await ceilingsFor(settings, () => options.onProgress?.('calibrating this machine', 0))
  return measureAll(left, done, { base, settings, environment, ceilings, options })
}

const tooFew = () =>
  new FlopgapError('nothing-to-compare', 'there is only one model', 'Give two or more, or --vary an option.')

/** Each model with the sizes that are given and its own varied ones, all checked before any is measured. */
async function contestants(entries: readonly Entry[], binding: Binding, provider: string): Promise<Contestant[]> {
  const shared = sharedBinding(
    entries.map(({ model }) => model),
    binding,
  )
  const all: Contestant[] = []
  for (const [index, entry] of entries.entries()) {
    const { shapes, dims } = shared[index] ?? noBinding
    const graph = await runnable(entry.model, { shapes, dims: { ...dims, ...entry.dims } }, provider).catch((error) => {
      throw naming(entry.label, error)
    })
    feedTypes(graph)
    all.push({ ...entry, graph })
  }
  return all
}

const isMeasured = ({ models }: ComparisonInput, name: string, environment: Environment): boolean =>
  models.some(({ label, fingerprint: own }) => label === name && own === fingerprint(environment))

/** The file that all are measured beside, and the person's own one, which it may be a copy of. */
interface Reference extends JobModel {
  readonly original: string
}

/** What all models of a run have in common. */
interface Circumstances {
  readonly base: Contestant
  readonly settings: SessionSettings
  readonly environment: Environment
  readonly ceilings: Ceilings
  readonly options: CompareOptions
}

/** Measures what is still to do, one model after another, and tells the result after each. */
async function measureAll(
  left: readonly Contestant[],
  before: ComparisonInput,
  common: Circumstances,
): Promise<Comparison> {
  const { base, options } = common
  let done = before
  await withFile(base.graph, options.seed ?? 0, async (file, original) => {
    const reference: Reference = { ...file, original, inputs: feedTypes(base.graph) }
    for (const [index, one] of left.entries()) {
      const onProgress: LaunchPlan['onProgress'] = (phase, share) =>
        options.onProgress?.(`${phase} ${one.label}`, (index + share) / left.length)
      done = await withModel(done, one, reference, common, onProgress)
      await options.onMeasured?.(comparison(done), one.label)
    }
  })
  return comparison(done)
}

/** A result with one more model in it, measured or failed. */
async function withModel(
  done: ComparisonInput,
  one: Contestant,
  reference: Reference,
  common: Circumstances,
  onProgress: LaunchPlan['onProgress'],
): Promise<ComparisonInput> {
  const own = fingerprint(common.environment)
  try {
    const { model, referenceRunsMs } = await measured(one, reference, common, onProgress)
    const runs = referenceRunsMs === null ? [] : [{ model: one.label, fingerprint: own, referenceRunsMs }]
    return { ...done, models: [...done.models, model], runs: [...done.runs, ...runs] }
  } catch (error) {
    if (one === common.base || !(error instanceof FlopgapError) || !isItsOwn(error)) throw error
    const { code, message } = error
    return { ...done, failed: [...done.failed, { model: one.label, fingerprint: own, code, message }] }
  }
}

/** Whether an error is of one model alone, so that others can still be measured. */
const isItsOwn = ({ code }: FlopgapError): boolean =>
  code === 'rejected-model' || code === 'measuring-failed' || code === 'measuring-crashed'

/** A model's measurement, explained. */
async function measured(
  one: Contestant,
  reference: Reference,
  { base, settings, environment, ceilings, options }: Circumstances,
  onProgress: LaunchPlan['onProgress'],
): Promise<{ model: ComparedModel; referenceRunsMs: readonly number[] | null }> {
  const { launches, maxTimeMs: totalMs = 6000, seed = 0 } = options
  const plan = { ...(launches === undefined ? {} : { launches }), totalMs, onProgress }
  const { label, base: root, varied } = one
  const told = (report: GapReport) => compared(report, { label, base: root, varied })
  if (one === base) {
    // beside itself, so that its latency is of the same circumstances as all others'
    const { measurement } = await measurePair(reference, reference, settings, plan)
    const sha256 = await fileHash(reference.original)
    return { model: told(explain(one.graph, sha256, { environment, ceilings, measurement })), referenceRunsMs: null }
  }
  return withFile(one.graph, seed, async (file, original) => {
    const own: JobModel = { ...file, inputs: feedTypes(one.graph) }
    const { measurement, referenceRunsMs } = await measurePair(reference, own, settings, plan)
    const report = explain(one.graph, await fileHash(original), { environment, ceilings, measurement })
    return { model: told(report), referenceRunsMs }
  })
}
