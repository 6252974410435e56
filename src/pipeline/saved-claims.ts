import { z } from 'zod'
import { structureHash } from '../analyzers/identify.js'
import { FlopgapError } from '../errors.js'
import { modelOf } from '../experiments/claims/models/index.js'
import { allSets } from '../experiments/claims/sets.js'
import { environmentOf, fingerprint } from '../runtime/environment.js'
import type { ClaimMeasurement, ClaimsReport, SessionSettings } from '../types.js'
import { read } from './replay.js'
import { environmentSchema, interleavedSchema } from './schemas.js'

/** What of a saved report is measured; all else follows from it and the models. */
type SavedClaims = Pick<ClaimsReport, 'measurements' | 'failed'>

const measurement = z.object({
  set: z.string(),
  environment: environmentSchema,
  fingerprint: z.string(),
  structures: z.array(z.string()),
  measurement: interleavedSchema,
})

const saved = z.object({
  schemaVersion: z.literal(1).optional(),
  measurements: z.array(measurement),
  failed: z.array(z.object({ set: z.string(), code: z.string(), message: z.string() })),
})

/**
 * The measurements in a report of `claims`, whatever their models are by now.
 *
 * @throws FlopgapError `no-such-file`, `bad-replay`
 */
export const readClaims = (path: string): SavedClaims => read(path, saved, 'claims')

/**
 * The measurements in a report of `claims`, of models as they are now.
 *
 * @throws FlopgapError `no-such-file`, `bad-replay`, as where the models of a claim have changed since
 */
export function savedClaims(path: string): SavedClaims {
  const report = readClaims(path)
  const stale = report.measurements.find((one) => !isCurrent(one))
  if (stale === undefined) return report
  throw new FlopgapError(
    'bad-replay',
    `${path} cannot be replayed: the models of ${JSON.stringify(stale.set)} are others now`,
    'Measure them again.',
  )
}

/** Whether the models of a measurement are those that its set has now. */
function isCurrent({ set: id, structures, measurement: { models } }: ClaimMeasurement): boolean {
  const set = allSets.find((one) => one.id === id)
  if (set === undefined || set.models.length !== models.length) return false
  return set.models.every(
    (label, index) => label === models[index]?.label && structureHash(modelOf(label)) === structures[index],
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
  return { measurements: earlier?.measurements.filter(isCurrent) ?? [], failed: [] }
}
