import type { PairedLaunch } from '../gate/latency.js'
import type { Binding } from '../onnx/bind.js'
import type { JobModel } from '../runtime/job.js'
import { comparingLaunch, type LaunchPlan } from '../runtime/launches.js'
import type { RatioLimit } from '../stats.js'
import type { Model, SessionSettings } from '../types.js'
import { feedTypes, runnable } from './profile.js'
import { withFile } from './with-file.js'

/** A model with the sizes that it leaves open. */
export interface Sized {
  readonly model: Model
  readonly binding: Binding
}

export interface PairedPlan {
  readonly settings: SessionSettings
  /** Time for all launches, in milliseconds; what starting the processes takes comes on top. */
  readonly totalMs: number
  /** How many launches there may be. */
  readonly launches: number
  readonly limit: RatioLimit
  /** Whether another launch is wanted after these. */
  readonly isOpen: (launches: readonly PairedLaunch[]) => boolean
  readonly onProgress: LaunchPlan['onProgress']
}

/** Long enough for clocks and caches to settle, and not more than that share of the time. */
const [warmupMs, warmupShare] = [1000, 0.1]

/**
 * Runs a candidate by turns with another model, in one process after another for as long as it is open what they tell. The
 * order in which sessions are created changes from one process to the next.
 *
 * @throws FlopgapError as `profileModel`
 */
export async function pairedLaunches(
  candidate: Sized,
  beside: Sized,
  { settings, totalMs, launches, limit, isOpen, onProgress }: PairedPlan,
): Promise<PairedLaunch[]> {
  const ownMs = totalMs / launches
  const eachWarmupMs = Math.min(warmupMs, ownMs * warmupShare)
  return withJobModel(beside, settings, (besideFile) =>
    withJobModel(candidate, settings, async (file) => {
      const done: PairedLaunch[] = []
      while (done.length < launches && (done.length === 0 || isOpen(done))) {
        const [besideRuns, runs] = await comparingLaunch([besideFile, file], settings, {
          ...{ isReversed: done.length % 2 === 1, warmupMs: eachWarmupMs, sampleMs: ownMs - 2 * eachWarmupMs, limit },
          onProgress: (phase, share) => onProgress(phase, (done.length + share) / launches),
        })
        done.push({ candidateMs: runs?.runsMs ?? [], besideMs: besideRuns?.runsMs ?? [] })
      }
      return done
    }),
  )
}

async function withJobModel<T>(
  { model, binding }: Sized,
  { provider }: SessionSettings,
  use: (file: JobModel) => Promise<T>,
): Promise<T> {
  const graph = await runnable(model, binding, provider)
  return withFile(graph, 0, (file) => use({ ...file, inputs: feedTypes(graph) }))
}
