import { FlopgapError } from '../errors.js'
import { type Before, compareFacts } from '../gate/compare.js'
import { failingFirst, missingModel, newModel, verdictOf } from '../gate/verdict.js'
import { environmentOf, fingerprint } from '../runtime/environment.js'
import type { Baseline, BaselineModel, Environment, GateCheck, GateReport, Model } from '../types.js'
import { readBaseline } from './baseline-file.js'
import type { LintConfiguration } from './config.js'
import { factsOf } from './gate-facts.js'
import { oldTarget, type PlannedModel } from './gate-plan.js'
import { naming } from './naming.js'
import { open } from './open.js'

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
  readonly threads?: number
  readonly onProgress?: (stage: string, share: number) => void
}

/**
 * Holds models against their baseline or an older version, and against limits.
 *
 * @throws FlopgapError `no-baseline`, `bad-baseline`; as `analyzeModel`, naming the model
 */
export async function gateModels(planned: readonly PlannedModel[], options: GateOptions): Promise<GateReport> {
  const environment = environmentOf({ provider: 'cpu', threads: options.threads ?? 1 })
  const source = sourceOf(planned, options)
  const checks: GateCheck[] = []
  for (const [index, one] of planned.entries()) {
    options.onProgress?.(`counting ${one.label}`, index / planned.length)
    checks.push(...(await checksOf(one, source, environment, options)))
  }
  checks.push(...missed(planned, source, options))
  return {
    ...{ verdict: verdictOf(checks), strict: options.strict ?? false, expectFail: options.expectFail ?? false },
    ...{ environment, against: source.isThere ? options.against : null },
    checks: failingFirst(checks),
    latency: [],
    error: null,
  }
}

/** The report of a gate that could not judge. */
export const unjudged = (
  error: NonNullable<GateReport['error']>,
  {
    strict = false,
    expectFail = false,
    against = null,
  }: Partial<Pick<GateReport, 'strict' | 'expectFail' | 'against'>>,
): GateReport => ({
  ...{ verdict: 'error', strict, expectFail, environment: null, against, checks: [], latency: [], error },
})

/** Where what was before comes from. */
type Source =
  | { readonly kind: 'model'; readonly path: string; readonly isThere: true }
  | { readonly kind: 'baseline'; readonly path: string; readonly isThere: boolean; readonly baseline: Baseline }

/** @throws FlopgapError `no-baseline` where there is none and no limit to judge by */
function sourceOf(planned: readonly PlannedModel[], { against, allowMissingBaseline = false }: GateOptions): Source {
  const { kind, path } = against
  if (kind === 'model') return { kind, path, isThere: true }
  const baseline = readBaseline(path)
  if (baseline !== null) return { kind, path, isThere: true, baseline }
  const hasLimits = planned.every(({ rules }) => Object.values(rules.limits).some(({ max }) => max !== undefined))
  if (allowMissingBaseline || hasLimits)
    return { kind, path, isThere: false, baseline: { baselineVersion: 1, models: [] } }
  throw new FlopgapError(
    'no-baseline',
    `there is no baseline ${path}`,
    'flopgap baseline write makes one, to be committed. Or: --against OLD, limits in the configuration, --allow-missing-baseline.',
  )
}

const baselineOf = (label: string, source: Source): BaselineModel | undefined =>
  source.kind === 'baseline' ? source.baseline.models.find(({ model }) => model === label) : undefined

/** All checks of a model. */
async function checksOf(
  one: PlannedModel,
  source: Source,
  environment: Environment,
  { lint = {} }: GateOptions,
): Promise<GateCheck[]> {
  const model = await openOrMissing(one, source)
  if (model === null) return [missingModel(one.label, acceptOf(one, source))]
  try {
    const facts = await factsOf(one.label, model, one.binding, lint)
    const before = await beforeOf(one, source, environment, lint)
    const fresh = before === null && source.isThere ? [newModel(one.label, source.path)] : []
    return [...fresh, ...compareFacts(before, facts, one.rules)]
  } catch (error) {
    throw naming(one.label, error)
  }
}

/** Null for a model that was there before, and is not now. */
async function openOrMissing(one: PlannedModel, source: Source): Promise<Model | null> {
  try {
    return await open(one.target)
  } catch (error) {
    const wasThere = baselineOf(one.label, source) !== undefined
    if (wasThere && error instanceof FlopgapError && error.code === 'no-such-file') return null
    throw error
  }
}

async function beforeOf(
  one: PlannedModel,
  source: Source,
  environment: Environment,
  lint: LintConfiguration,
): Promise<Before | null> {
  const accept = acceptOf(one, source)
  if (source.kind === 'baseline') {
    const known = baselineOf(one.label, source)
    if (known === undefined) return null
    return { facts: known, isOfThisMachine: fingerprint(known.environment) === fingerprint(environment), accept }
  }
  const target = oldTarget(source.path, one)
  if (target === null) return null
  return { facts: await factsOf(target, await open(target), one.binding, lint), isOfThisMachine: true, accept }
}

/** What a person does who means the change. */
function acceptOf(one: PlannedModel, source: Source): string {
  if (source.kind === 'baseline') return `flopgap baseline update ${one.label}`
  const old = oldTarget(source.path, one) ?? source.path
  return `allow it under gate.limits in the configuration. All that changed: flopgap diff ${old} ${one.target}`
}

/** Models of the baseline that nobody named. */
function missed(planned: readonly PlannedModel[], source: Source, { partial = false }: GateOptions): GateCheck[] {
  if (partial || source.kind !== 'baseline') return []
  return source.baseline.models
    .filter(({ model }) => planned.every(({ label }) => label !== model))
    .map(({ model }) => missingModel(model, 'flopgap baseline update'))
}
