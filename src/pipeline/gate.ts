import { type Before, compareFacts } from '../gate/compare.js'
import { failingFirst, missingModel, newModel, verdictOf } from '../gate/verdict.js'
import { sharedBinding } from '../onnx/bind.js'
import { usable } from '../runtime/adapter.js'
import { environmentOf, fingerprint } from '../runtime/environment.js'
import type { Environment, GateCheck, GateReport, LatencyEvidence, Model, SessionSettings } from '../types.js'
import type { LintConfiguration } from './config.js'
import { factsOf } from './gate-facts.js'
import { againstBaseline, againstModel, type JudgedLatency } from './gate-latency.js'
import { oldTarget, type PlannedModel } from './gate-plan.js'
import { acceptOf, baselineOf, openOrMissing, type Source, sourceOf } from './gate-source.js'
import { naming } from './naming.js'
import { open } from './open.js'
import type { Sized } from './paired.js'

export interface GateOptions {
  /** What to hold the models against. */
  readonly against: NonNullable<GateReport['against']>
  readonly lint?: LintConfiguration
  /** Models of the baseline that are not named are not missed. */
  readonly partial?: boolean
  /** Without a baseline nothing is compared, and only limits are judged. */
  readonly allowMissingBaseline?: boolean
  readonly strict?: boolean
  readonly expectFail?: boolean
  /** Judge what is counted alone: nothing is run. */
  readonly isStatic?: boolean
  readonly provider?: string
  readonly threads?: number
  /** Time to measure each model for, in milliseconds; 60,000 by default. */
  readonly maxTimeMs?: number
  readonly onProgress?: (stage: string, share: number) => void
}

/**
 * Holds models against their baseline or an older version, and against limits.
 *
 * @throws FlopgapError `no-baseline`, `bad-baseline`; as `profileModel`, naming the model
 */
export async function gateModels(planned: readonly PlannedModel[], options: GateOptions): Promise<GateReport> {
  const { strict = false, expectFail = false, provider = 'cpu', threads = 1 } = options
  const source = sourceOf(planned, options.against, options.allowMissingBaseline ?? false)
  const settings = await usable({ provider, threads, optimization: 'all' })
  const environment = environmentOf(settings)
  const checks: GateCheck[] = []
  const latency: LatencyEvidence[] = []
  for (const [index, one] of planned.entries()) {
    const onProgress = (stage: string, share: number) =>
      options.onProgress?.(`${stage} ${one.label}`, (index + share) / planned.length)
    const judged = await judgeModel(one, source, { settings, environment, options: { ...options, onProgress } })
    checks.push(...judged.checks)
    if (judged.latency !== null) latency.push(judged.latency)
  }
  checks.push(...missed(planned, source, options))
  return {
    ...{ verdict: verdictOf(checks), strict, expectFail, environment },
    against: source.isThere ? options.against : null,
    checks: failingFirst(checks),
    ...{ latency, error: null },
  }
}

/** The report of a gate that could not judge. */
export const unjudged = (
  error: NonNullable<GateReport['error']>,
  { strict, expectFail }: Pick<GateReport, 'strict' | 'expectFail'>,
): GateReport => ({
  ...{ verdict: 'error', strict, expectFail, environment: null, against: null, checks: [], latency: [], error },
})

interface Circumstances {
  readonly settings: SessionSettings
  readonly environment: Environment
  readonly options: GateOptions
}

interface JudgedModel {
  readonly checks: readonly GateCheck[]
  readonly latency: LatencyEvidence | null
}

async function judgeModel(one: PlannedModel, source: Source, circumstances: Circumstances): Promise<JudgedModel> {
  const model = await openOrMissing(one, source)
  if (model === null) return { checks: [missingModel(one.label, acceptOf(one, source))], latency: null }
  try {
    const { candidate, old } = await contenders(one, model, source)
    const checks = await staticChecks(one, candidate, old, source, circumstances)
    const latency = await latencyOf(one, candidate, old, source, circumstances)
    return {
      checks: [...(latency === null ? [] : [latency.check]), ...checks],
      latency: latency?.evidence ?? null,
    }
  } catch (error) {
    throw naming(one.label, error)
  }
}

interface Old extends Sized {
  readonly label: string
}

/** A model and the older one to hold it against, each with the sizes that it takes; null where there is none. */
async function contenders(
  one: PlannedModel,
  model: Model,
  { kind, path }: Source,
): Promise<{ readonly candidate: Sized; readonly old: Old | null }> {
  const label = kind === 'model' ? oldTarget(path, one) : null
  if (label === null) return { candidate: { model, binding: one.binding }, old: null }
  const other = await open(label)
  const [binding = one.binding, oldBinding = one.binding] = sharedBinding([model, other], one.binding)
  return { candidate: { model, binding }, old: { label, model: other, binding: oldBinding } }
}

async function staticChecks(
  one: PlannedModel,
  { model, binding }: Sized,
  old: Old | null,
  source: Source,
  { environment, options: { lint = {}, onProgress } }: Circumstances,
): Promise<GateCheck[]> {
  onProgress?.('counting', 0)
  const facts = await factsOf(one.label, model, binding, lint)
  const accept = acceptOf(one, source)
  const known = baselineOf(one.label, source)
  const before: Before | null =
    old !== null
      ? { facts: await factsOf(old.label, old.model, old.binding, lint), isOfThisMachine: true, accept }
      : known !== undefined
        ? { facts: known, isOfThisMachine: fingerprint(known.environment) === fingerprint(environment), accept }
        : null
  const fresh = before === null && source.isThere ? [newModel(one.label, source.path)] : []
  return [...fresh, ...compareFacts(before, facts, one.rules)]
}

/** Null where there is nothing to measure against, or nobody wants it. */
async function latencyOf(
  one: PlannedModel,
  candidate: Sized,
  old: Old | null,
  source: Source,
  { settings, options: { isStatic = false, maxTimeMs = 60_000, onProgress = () => {} } }: Circumstances,
): Promise<JudgedLatency | null> {
  if (isStatic || one.rules.levels.latency === 'off') return null
  const plan = { settings, maxTimeMs, onProgress }
  if (old !== null) return againstModel(one, candidate, old, plan)
  const known = baselineOf(one.label, source)
  return known === undefined ? null : againstBaseline(one, candidate, known, plan)
}

/** Models of the baseline that nobody named. */
function missed(planned: readonly PlannedModel[], source: Source, { partial = false }: GateOptions): GateCheck[] {
  if (partial || source.kind !== 'baseline') return []
  return source.baseline.models
    .filter(({ model }) => planned.every(({ label }) => label !== model))
    .map(({ model }) => missingModel(model, 'flopgap baseline update'))
}
