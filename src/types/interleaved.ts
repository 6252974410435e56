import type { Sampled, SessionSettings } from './machine.js'

/** A model's runs among those of others. */
export interface InterleavedRuns extends Sampled {
  readonly label: string
}

/** Models that ran by turns in the same processes: run i of each was taken beside run i of all others. */
export interface InterleavedMeasurement {
  readonly settings: SessionSettings
  readonly models: readonly InterleavedRuns[]
}
