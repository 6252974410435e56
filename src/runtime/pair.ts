import type { Measurement, SessionSettings } from '../types.js'
import type { JobModel } from './job.js'
import { joined, type LaunchPlan, profileLaunches } from './launches.js'

/** A model measured beside a reference. */
export interface MeasuredPair {
  readonly measurement: Measurement
  /** Of the reference, beside each of the measurement's runs. */
  readonly referenceRunsMs: readonly number[]
}

/**
 * Measures a model by turns with a reference, both in one process, and profiles it: what slows the machine meanwhile
 * slows both, and their ratio holds where neither time does.
 *
 * @throws FlopgapError as `runTasks`
 */
export async function measurePair(
  reference: JobModel,
  model: JobModel,
  settings: SessionSettings,
  plan: LaunchPlan,
): Promise<MeasuredPair> {
  const { sampled, profile } = await profileLaunches([reference, model], settings, plan)
  const [beside = [], own = []] = sampled
  return {
    measurement: { settings, ...joined(own), ...profile },
    referenceRunsMs: beside.flatMap(({ runsMs }) => runsMs),
  }
}
