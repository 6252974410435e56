import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import envPaths from 'env-paths'
import { ceilingsFrom } from '../analyzers/ceilings.js'
import { drifted, driftOf, isSameMachine } from '../analyzers/drift.js'
import { addRules } from '../analyzers/ops/index.js'
import { rareRules } from '../analyzers/ops/rare.js'
import { writeAtomically } from '../output.js'
import { type OnCalibrating, runCalibration, runProbes } from '../runtime/calibration/run.js'
import { environmentOf, fingerprint } from '../runtime/environment.js'
import type { Ceilings, SessionSettings } from '../types.js'
import { ceilingsSchema } from './schemas.js'

export { usable } from '../runtime/adapter.js'
export { environmentOf } from '../runtime/environment.js'

/** Raised when the way ceilings are measured changes, so that older ones are measured again. */
const version = 3

/** A neighbour's burst is no move: probes are run again before they are believed. */
const probings = 3

/** What of the settings ceilings depend on. */
type Place = Omit<SessionSettings, 'optimization'>

/**
 * This machine's ceilings for a provider and thread count, as they are now: the kept ones, corrected by what a quick check
 * finds, or newly measured where it finds another machine. FLOPGAP_KEEP_CEILINGS=1 leaves the check out.
 */
export async function ceilingsFor(place: Place, onProgress: OnCalibrating): Promise<Ceilings> {
  const kept = readCache(cachePath(place))
  // a software adapter is slow to calibrate, and its times say little anyway
  const isTrusted = place.adapter?.isSoftware === true || process.env.FLOPGAP_KEEP_CEILINGS === '1'
  if (kept !== null && isTrusted) return kept
  return (kept === null ? null : await asTheyAreNow(kept, place)) ?? calibrate(place, onProgress)
}

/** The kept ceilings, however old; newly measured ones where there are none. */
export const keptCeilings = async (place: Place, onProgress: OnCalibrating): Promise<Ceilings> =>
  readCache(cachePath(place)) ?? calibrate(place, onProgress)

/** Measures this machine's ceilings and keeps them for later runs. */
export async function calibrate(place: Place, onProgress: OnCalibrating): Promise<Ceilings> {
  const runs = await runCalibration(sessionOf(place), onProgress)
  addRules(rareRules)
  const ceilings = ceilingsFrom(runs, { measuredAt: new Date().toISOString(), fingerprint: machine(place) })
  await writeCache(cachePath(place), ceilings)
  return ceilings
}

async function asTheyAreNow(kept: Ceilings, place: Place): Promise<Ceilings | null> {
  for (let probing = 0; probing < probings; probing++) {
    const drift = driftOf(kept.probes, await runProbes(sessionOf(place)))
    if (isSameMachine(drift)) return drifted(kept, drift)
  }
  return null
}

const sessionOf = (place: Place): SessionSettings => ({ ...place, optimization: 'all' })

const machine = (place: Place) => fingerprint(environmentOf(place))

/** Where the ceilings of this machine are kept; FLOPGAP_CACHE_DIR moves it. */
const cachePath = (place: Place): string =>
  join(
    process.env.FLOPGAP_CACHE_DIR ?? envPaths('flopgap', { suffix: '' }).cache,
    `ceilings-v${version}-${machine(place)}.json`,
  )

/** Null also for what another program or a full disk left. */
function readCache(path: string): Ceilings | null {
  try {
    return ceilingsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

/** A cache that cannot be written costs time, not correctness. */
async function writeCache(path: string, ceilings: Ceilings): Promise<void> {
  try {
    mkdirSync(dirname(path), { recursive: true })
    await writeAtomically(path, [`${JSON.stringify(ceilings, null, 2)}\n`])
  } catch {}
}
