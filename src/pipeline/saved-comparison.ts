import { z } from 'zod'
import { comparison } from '../analyzers/comparison.js'
import { FlopgapError } from '../errors.js'
import { fingerprint } from '../runtime/environment.js'
import type { ComparedModel, Comparison } from '../types.js'
import { compared } from './compared.js'
import { checked, explainSaved, parse, read, saved } from './replay.js'

const command = 'compare MODEL…'
const ms = z.number().nonnegative()
const estimate = z.object({ point: ms, lower: ms, upper: ms, confidenceLevel: z.number() })

const named = { label: z.string(), base: z.string(), varied: z.record(z.string(), z.string()) }

const comparisonOf = <T extends z.ZodType>(model: T) =>
  z.object({
    schemaVersion: z.literal(1).optional(),
    models: z.array(model).min(1),
    reference: z.string(),
    pairs: z.array(z.object({ model: z.string(), fingerprint: z.string(), referenceRunsMs: z.array(ms) })),
    failed: z.array(z.object({ model: z.string(), fingerprint: z.string(), code: z.string(), message: z.string() })),
    plan: z.array(z.string()),
  })

/** What of a saved comparison is measured. */
const raw = comparisonOf(saved.extend({ ...named }))

/** What besides is in a whole one, as far as comparing needs it. */
const whole = comparisonOf(
  saved.extend({
    ...named,
    fingerprint: z.string(),
    totals: z.object({ macs: z.number(), params: z.number() }),
    coverage: z.object({ uncounted: z.number() }),
    theory: z.object({ rooflineMs: ms }),
    causes: z.array(z.object({ cause: z.string(), ms: z.number() })),
    kernels: z.array(z.object({ bytes: z.number() })),
    measurement: z.object({
      latencyMs: estimate,
      runsMs: z.array(ms).min(1),
      launches: z.array(z.object({ runs: z.number().int().positive() })).min(1),
      settings: z.object({ optimization: z.string() }),
    }),
  }),
)

/**
 * A saved comparison as it is, derived figures included: nothing but the file is needed.
 *
 * @throws FlopgapError `no-such-file`, `bad-replay`
 */
export function savedComparison(path: string): Comparison {
  const value = parse(path)
  checkPairs(path, checked(path, value, whole, command))
  return value as Comparison
}

/**
 * Explains the measurements of a saved comparison again, from the models: nothing is measured.
 *
 * @param labels only these models and the reference; all where none is given
 * @throws FlopgapError `bad-replay`, and as `open` for models that are no longer where they were
 */
export async function replayComparison(path: string, labels: readonly string[] = []): Promise<Comparison> {
  const { models, reference, pairs, failed, plan } = read(path, raw, command)
  checkPairs(path, { models, reference, pairs })
  const isWanted = (label: string) => labels.length === 0 || label === reference || labels.includes(label)
  const unknown = labels.find((label) => !plan.includes(label))
  if (unknown !== undefined) throw bad(path, `it has no model ${unknown}`, `Its models: ${plan.join(', ')}`)
  const explained: ComparedModel[] = []
  for (const { label, base, varied, ...measured } of models) {
    if (!isWanted(label)) continue
    explained.push(compared(await explainSaved(measured, path), { label, base, varied }))
  }
  return comparison({
    models: explained,
    reference,
    runs: pairs.filter(({ model }) => isWanted(model)),
    failed: failed.filter(({ model }) => isWanted(model)),
    plan: plan.filter(isWanted),
  })
}

interface Checked {
  readonly models: readonly {
    readonly label: string
    readonly environment: ComparedModel['environment']
    readonly measurement: Pick<ComparedModel['measurement'], 'runsMs'>
  }[]
  readonly reference: string
  readonly pairs:
    | Comparison['pairs']
    | readonly Pick<Comparison['pairs'][0], 'model' | 'fingerprint' | 'referenceRunsMs'>[]
}

/** Each model has been run beside the reference of its environment, run by run. */
function checkPairs(path: string, { models, reference, pairs }: Checked): void {
  for (const { label, environment, measurement } of models) {
    const here = fingerprint(environment)
    const isOf = (name: string) => (model: Checked['models'][0]) =>
      model.label === name && fingerprint(model.environment) === here
    if (models.filter(isOf(label)).length > 1) throw bad(path, `${label} is in it twice`)
    if (!models.some(isOf(reference))) throw bad(path, `it has no measurement of the reference ${reference}`)
    const own = pairs.filter((pair) => pair.model === label && pair.fingerprint === here)
    const runs = own[0]?.referenceRunsMs.length ?? 0
    if (label === reference ? own.length > 0 : own.length !== 1 || runs !== measurement.runsMs.length) {
      throw bad(path, `the runs of ${label} and those of the reference beside it do not agree`)
    }
  }
  const stray = pairs.find(({ model, fingerprint: own }) =>
    models.every(({ label, environment }) => label !== model || fingerprint(environment) !== own),
  )
  if (stray !== undefined) throw bad(path, `it has runs of ${stray.model} and no measurement`)
}

const bad = (path: string, why: string, hint: string | null = null) =>
  new FlopgapError('bad-replay', `${path} is not a comparison that can be replayed: ${why}`, hint)
