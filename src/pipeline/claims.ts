import { analyze } from '../analyzers/analyze.js'
import { structureHash } from '../analyzers/identify.js'
import { FlopgapError } from '../errors.js'
import type { Claim } from '../experiments/claims/claim.js'
import { type CountedModel, Evidence } from '../experiments/claims/evidence.js'
import { claimsNamed } from '../experiments/claims/index.js'
import { judged, totalsOf } from '../experiments/claims/judge.js'
import { modelOf } from '../experiments/claims/models/index.js'
import type { MeasuredSet } from '../experiments/claims/sets.js'
import { noBinding } from '../onnx/bind.js'
import { environmentOf, fingerprint } from '../runtime/environment.js'
import type { ClaimMeasurement, ClaimsReport, SessionSettings } from '../types.js'
import { interleaveModels } from './interleave.js'
import { kept } from './saved-claims.js'
import { typed } from './typed.js'

export interface ClaimsOptions {
  /** Only those that counting decides. */
  readonly countedOnly?: boolean
  /** Threads inside a kernel; 1 by default. */
  readonly threads?: number
  /** Time to measure for, all sets of models together, in milliseconds; each set has its own by default. */
  readonly maxTimeMs?: number
  /** Processes that the runs of a set are spread over; six by default, fewer where they take long to start. */
  readonly launches?: number
  /** Of the models' weights; 0 by default. */
  readonly seed?: number
  /** An earlier report, whose measurements are not made again. */
  readonly resume?: Pick<ClaimsReport, 'measurements' | 'failed'>
  /** Called with the report so far, each time a set of models is measured; the next one waits for it. */
  readonly onMeasured?: (soFar: ClaimsReport, set: string) => Promise<void>
  readonly onProgress?: (stage: string, share: number) => void
}

/** What is measured, or was tried; all else follows from it and the models. */
type Measured = Pick<ClaimsReport, 'measurements' | 'failed'>

/**
 * Checks the claims of the papers, all or those of some ids: counts their models, and runs those of measured claims by turns.
 *
 * @throws FlopgapError `unknown-claim`; `bad-resume` where an earlier report is of other circumstances
 */
export async function checkClaims(ids: readonly string[] = [], options: ClaimsOptions = {}): Promise<ClaimsReport> {
  const { countedOnly = false, threads = 1, onProgress = () => {} } = options
  const claims = chosen(ids, countedOnly)
  onProgress('counting', 0)
  const counted = await countAll(claims)
  const settings: SessionSettings = { provider: 'cpu', threads, optimization: 'all' }
  let done = kept(options.resume, settings)
  const left = setsOf(claims).filter(({ id }) => !done.measurements.some(({ set }) => set === id))
  const whole = left.reduce((total, { seconds }) => total + seconds, 0)
  const timeOf = ({ seconds }: MeasuredSet) =>
    options.maxTimeMs === undefined ? seconds * 1000 : (options.maxTimeMs * seconds) / whole
  let before = 0
  for (const set of left) {
    const start = before
    done = await withSet(done, set, settings, {
      ...(options.launches === undefined ? {} : { launches: options.launches }),
      seed: options.seed ?? 0,
      totalMs: timeOf(set),
      onProgress: (phase, share) => onProgress(`${phase} ${set.id}`, (start + share * set.seconds) / whole),
    })
    before += set.seconds
    await options.onMeasured?.(reportOf(claims, counted, done), set.id)
  }
  return reportOf(claims, counted, done)
}

/** The report that follows from measurements, made now or long ago. */
export async function judgeClaims(ids: readonly string[], countedOnly: boolean, done: Measured): Promise<ClaimsReport> {
  const claims = chosen(ids, countedOnly)
  return reportOf(claims, await countAll(claims), done)
}

/** @throws FlopgapError `unknown-claim`; `bad-option` where none is left */
function chosen(ids: readonly string[], countedOnly: boolean): readonly Claim[] {
  const claims = claimsNamed(ids).filter(({ set }) => !countedOnly || set === null)
  if (claims.length > 0) return claims
  throw new FlopgapError(
    'bad-option',
    `${ids.join(', ')}: counting does not decide it`,
    'Leave --counted out: it is measured.',
  )
}

function reportOf(claims: readonly Claim[], counted: ReadonlyMap<string, CountedModel>, done: Measured): ClaimsReport {
  const isDone = ({ set }: Claim) =>
    set === null || [...done.measurements, ...done.failed].some(({ set: id }) => id === set.id)
  const checked = claims.filter(isDone).map((claim) => {
    const { set } = claim
    const measurement = done.measurements.find(({ set: id }) => id === set?.id)
    const isUnknown = set !== null && measurement === undefined
    return judged(claim, isUnknown ? null : new Evidence(counted, measurement?.measurement.models ?? []))
  })
  const missing = claims.filter((claim) => !isDone(claim)).map(({ id }) => id)
  return { claims: checked, totals: totalsOf(checked), ...done, missing }
}

/** Every model that some claim counts. */
async function countAll(claims: readonly Claim[]): Promise<Map<string, CountedModel>> {
  const counted = new Map<string, CountedModel>()
  for (const label of new Set(claims.flatMap(({ counts }) => counts))) {
    const graph = await typed(modelOf(label), noBinding)
    counted.set(label, { graph, analysis: analyze(graph) })
  }
  return counted
}

const setsOf = (claims: readonly Claim[]): readonly MeasuredSet[] => [
  ...new Set(claims.flatMap(({ set }) => (set === null ? [] : [set]))),
]

type Plan = Parameters<typeof interleaveModels>[2]

/** One more set, measured or failed. */
async function withSet(done: Measured, set: MeasuredSet, settings: SessionSettings, plan: Plan): Promise<Measured> {
  const models = set.models.map((label) => ({ label, model: modelOf(label) }))
  const environment = environmentOf(settings)
  try {
    const measurement: ClaimMeasurement = {
      set: set.id,
      environment,
      fingerprint: fingerprint(environment),
      structures: models.map(({ model }) => structureHash(model)),
      measurement: await interleaveModels(models, settings, plan),
    }
    return { ...done, measurements: [...done.measurements, measurement] }
  } catch (error) {
    if (!(error instanceof FlopgapError) || error.code === 'interrupted') throw error
    return { ...done, failed: [...done.failed, { set: set.id, code: error.code, message: error.message }] }
  }
}
