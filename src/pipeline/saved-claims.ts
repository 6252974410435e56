import { z } from 'zod'
import { structureHash } from '../analyzers/identify.js'
import { FlopgapError } from '../errors.js'
import { modelOf } from '../experiments/claims/models/index.js'
import { allSets, type MeasuredSet } from '../experiments/claims/sets.js'
import { environmentOf, fingerprint } from '../runtime/environment.js'
import type { ClaimMeasurement, ClaimsReport, SessionSettings } from '../types.js'
import { read } from './replay.js'
import { environmentSchema, interleavedSchema, settingsSchema } from './schemas.js'

/** What of a saved report is measured; all else follows from it and the models. */
type SavedClaims = Pick<ClaimsReport, 'measurements' | 'failed'>

const measurement = z.object({
  set: z.string(),
  environment: environmentSchema,
  fingerprint: z.string(),
  structures: z.array(z.string()),
  settings: settingsSchema,
  models: z.array(interleavedSchema).min(1),
})

const saved = z.object({
  schemaVersion: z.literal(1).optional(),
  measurements: z.array(measurement),
  failed: z.array(z.object({ set: z.string(), code: z.string(), message: z.string() })),
})

/**
 * The measurements in a report of `claims`.
 *
 * @throws FlopgapError `no-such-file`, `bad-replay`, as where the models of a claim have changed since
 */
export function savedClaims(path: string): SavedClaims {
  const { measurements, failed } = read(path, saved, 'claims')
  for (const one of measurements) checkRuns(path, one)
  return { measurements: measurements as readonly ClaimMeasurement[], failed }
}

/** Run i of each model was taken beside run i of all others, in the models of the set as it is now. */
function checkRuns(path: string, { set, models, structures }: z.infer<typeof measurement>): void {
  const [first] = models
  if (models.some(({ runsMs }) => runsMs.length !== first?.runsMs.length)) {
    throw bad(path, `the runs of ${set} were not taken by turns`)
  }
  const known = allSets.find(({ id }) => id === set)
  if (known === undefined) throw bad(path, `there is no set of models ${JSON.stringify(set)}`)
  if (!isOf(known, { models, structures })) throw bad(path, `the models of ${set} are others now`)
}

const bad = (path: string, why: string) =>
  new FlopgapError('bad-replay', `${path} is not a report of claims that can be replayed: ${why}`, 'Measure again.')

/** Whether the models of a measurement are those that the set has now. */
function isOf({ models }: MeasuredSet, run: Pick<ClaimMeasurement, 'structures'> & { models: readonly { label: string }[] }) {
  return models.every(
    (label, index) => label === run.models[index]?.label && structureHash(modelOf(label)) === run.structures[index],
  )
}

/**
 * What of an earlier report is still good: sets whose models are the same. What failed is tried again.
 *
 * @throws FlopgapError `bad-resume` where it was measured under other circumstances
 */
export function kept(earlier: SavedClaims | undefined, settings: SessionSettings): SavedClaims {
  const here = fingerprint(environmentOf(settings))
  const others = earlier?.measurements.filter((measurement) => measurement.fingerprint !== here) ?? []
  if (others.length > 0) {
    throw new FlopgapError(
      'bad-resume',
      'the earlier report cannot be resumed: it was measured in another environment (machine, threads or onnxruntime)',
      'Write to another file.',
    )
  }
  const isCurrent = (run: ClaimMeasurement) => allSets.some((set) => set.id === run.set && isOf(set, run))
  return { measurements: earlier?.measurements.filter(isCurrent) ?? [], failed: [] }
}
