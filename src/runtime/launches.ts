import type { Launch, Measurement, Sampled, SessionSettings } from '../types.js'
import type { Answer, JobModel, LaunchRuns, Phase, Task } from './job.js'
import { runTasks } from './measure.js'

export interface LaunchPlan {
  /** Processes that the runs are spread over; without it six, or fewer where one takes long to start. */
  readonly launches?: number
  /** Time to measure for, in milliseconds; what starting the processes takes comes on top. */
  readonly totalMs: number
  /** What is in hand, and how much of the whole is done, 0 to 1. */
  readonly onProgress: (phase: Phase, share: number) => void
}

/** As many medians of launches hold the true one between them with 97 %. */
const enoughLaunches = 6
const fewestLaunches = 2

/** Parts of the time to measure for; the rest warms up. */
const [sampleShare, profileShare] = [0.55, 0.3]

/**
 * Measures one model: runs of several processes, since each is a little faster or slower for as long as it lives, and
 * one profiled session in the last of them.
 *
 * @throws FlopgapError as `runTasks`
 */
export async function measureModel(
  model: JobModel,
  settings: SessionSettings,
  { launches, totalMs, onProgress }: LaunchPlan,
): Promise<Measurement> {
  const sampled: LaunchRuns[] = []
  let count = launches ?? enoughLaunches
  let answers: readonly Answer[] = []
  const start = performance.now()
  for (let index = 0; index < count; index++) {
    const left = count - index
    const sampleMs = (totalMs * sampleShare - spent(sampled)) / left
    const tasks: Task[] = [{ kind: 'sample', models: [model], warmupMs: warmupMs(totalMs, count), sampleMs }]
    if (left === 1) tasks.push({ kind: 'profile', model, profileMs: totalMs * profileShare })
    answers = await runTasks(tasks, settings, ({ task, phase, share }) =>
      onProgress(phase, overall(index, count, task, share)),
    )
    sampled.push(...answers.flatMap((answer) => (answer.kind === 'sample' ? answer.models : [])))
    if (index === 0 && launches === undefined) {
      count = affordable(performance.now() - start - sampleMs, totalMs)
    }
  }
  const profile = answers.find((answer) => answer.kind === 'profile')
  if (profile === undefined) throw new Error('the measuring process profiled nothing')
  return { settings, ...joined(sampled), ...profile.profile }
}

const warmupMs = (totalMs: number, launches: number) => (totalMs * (1 - sampleShare - profileShare)) / launches

const spent = (sampled: readonly LaunchRuns[]): number =>
  sampled.reduce((sum, { runsMs }) => sum + runsMs.reduce((total, ms) => total + ms, 0), 0)

/** How many launches do not take longer to start than there is time to measure. */
const affordable = (startMs: number, totalMs: number): number =>
  Math.max(fewestLaunches, Math.min(enoughLaunches, Math.floor(totalMs / Math.max(1, startMs))))

/** Sampling is the larger part of the time; the profile comes at the end. */
function overall(launch: number, launches: number, task: number, share: number): number {
  const sampling = 1 - profileShare
  return task === 0 ? (sampling * (launch + share)) / launches : sampling + profileShare * share
}

/** Runs of several launches as one record. */
export function joined(sampled: readonly LaunchRuns[]): Sampled {
  return {
    launches: sampled.map(
      ({ runsMs, runsCpuMs: _, outputBytes: __, ...start }): Launch => ({ ...start, runs: runsMs.length }),
    ),
    runsMs: sampled.flatMap(({ runsMs }) => runsMs),
    runsCpuMs: sampled.flatMap(({ runsCpuMs }) => runsCpuMs),
    outputBytes: sampled[0]?.outputBytes ?? 0,
  }
}
