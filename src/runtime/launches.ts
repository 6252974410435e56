import type { RatioLimit } from '../stats.js'
import type { Launch, Measurement, Profiled, Sampled, SessionSettings } from '../types.js'
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

/** Parts of the time to measure for; the rest samples. */
const [warmupShare, profileShare] = [0.15, 0.3]

/**
 * Measures one model: runs of several processes, since each is a little faster or slower for as long as it lives, and
 * one profiled session in the last of them.
 *
 * @throws FlopgapError as `runTasks`
 */
export async function measureModel(model: JobModel, settings: SessionSettings, plan: LaunchPlan): Promise<Measurement> {
  const { sampled, profile } = await profileLaunches([model], settings, plan)
  return { settings, ...joined(sampled[0] ?? []), ...profile }
}

/** What several launches saw: runs of each model, launch after launch, and a profile of the last model. */
interface Launched {
  readonly sampled: readonly LaunchRuns[][]
  readonly profile: Profiled
}

/**
 * Runs models by turns in several processes, and profiles the last of them.
 *
 * @throws FlopgapError as `runTasks`
 */
export async function profileLaunches(
  models: readonly JobModel[],
  settings: SessionSettings,
  plan: LaunchPlan,
): Promise<Launched> {
  const profileMs = plan.totalMs * profileShare
  const last: Task = { kind: 'profile', model: models.at(-1) as JobModel, profileMs }
  const { sampled, answers } = await runLaunches(models, settings, plan, last)
  const profile = answers.find((answer) => answer.kind === 'profile')
  if (profile === undefined) throw new Error('the last launch has no profile')
  return { sampled, profile: profile.profile }
}

/**
 * Runs models by turns in several processes.
 *
 * @throws FlopgapError as `runTasks`
 */
export const sampleLaunches = async (
  models: readonly JobModel[],
  settings: SessionSettings,
  plan: LaunchPlan,
): Promise<readonly LaunchRuns[][]> => (await runLaunches(models, settings, plan, null)).sampled

/** One launch of two models, which ends when their ratio is told. */
export interface ComparingLaunch {
  /** Sessions are created in the other order, since the first is a little slower. */
  readonly isReversed: boolean
  /** For each of the models, in milliseconds. */
  readonly warmupMs: number
  readonly sampleMs: number
  /** The ratio is of the second model over the first. */
  readonly limit: RatioLimit
  readonly onProgress: LaunchPlan['onProgress']
}

/**
 * Runs two models by turns in one process until the ratio of their times is over or under a limit, or the time is spent.
 *
 * @returns runs of both, in the order in which the models were given
 * @throws FlopgapError as `runTasks`
 */
export async function comparingLaunch(
  models: readonly [JobModel, JobModel],
  settings: SessionSettings,
  { isReversed, warmupMs, sampleMs, limit, onProgress }: ComparingLaunch,
): Promise<readonly LaunchRuns[]> {
  const ordered = isReversed ? [...models].reverse() : models
  const until = { ...limit, over: isReversed ? 0 : 1 } as const
  const task: Task = { kind: 'sample', models: ordered, warmupMs, sampleMs, until }
  const answers = await runTasks([task], settings, ({ phase, share }) => onProgress(phase, share))
  return runsOf(answers, isReversed)
}

/**
 * The order in which sessions are created changes from one launch to the next, since the first is a little slower.
 *
 * @param last what the last launch does beside
 */
async function runLaunches(
  models: readonly JobModel[],
  settings: SessionSettings,
  { launches, totalMs, onProgress }: LaunchPlan,
  last: Task | null,
): Promise<{ readonly sampled: readonly LaunchRuns[][]; readonly answers: readonly Answer[] }> {
  const sampled = models.map((): LaunchRuns[] => [])
  const lastShare = last === null ? 0 : profileShare
  const allSamplesMs = totalMs * (1 - warmupShare - lastShare)
  let count = launches ?? enoughLaunches
  let spentMs = 0
  for (let index = 0; ; index++) {
    const left = count - index
    const sampleMs = (allSamplesMs - spentMs) / left
    const ordered = index % 2 === 0 ? models : [...models].reverse()
    const warmupMs = (totalMs * warmupShare) / count / models.length
    const tasks: Task[] = [{ kind: 'sample', models: ordered, warmupMs, sampleMs }]
    if (left === 1 && last !== null) tasks.push(last)
    const start = performance.now()
    const answers = await runTasks(tasks, settings, ({ task, phase, share }) =>
      onProgress(phase, overall({ launch: index, launches: count, lastShare }, task, share)),
    )
    const runs = runsOf(answers, index % 2 === 1)
    for (const [model, launch] of runs.entries()) sampled[model]?.push(launch)
    spentMs += Math.max(
      sampleMs,
      runs.reduce((sum, { runsMs }) => sum + total(runsMs), 0),
    )
    if (index === 0 && launches === undefined) {
      count = affordable(performance.now() - start - sampleMs, totalMs)
    }
    if (index + 1 >= count) return { sampled, answers }
  }
}

/** Runs of each model in a launch, in the order in which the models were given. */
function runsOf(answers: readonly Answer[], isReversed: boolean): readonly LaunchRuns[] {
  const runs = answers.flatMap((answer) => (answer.kind === 'sample' ? answer.models : []))
  return isReversed ? runs.reverse() : runs
}

const total = (runsMs: readonly number[]): number => runsMs.reduce((sum, ms) => sum + ms, 0)

/** How many launches do not take longer to start than there is time to measure. */
const affordable = (startMs: number, totalMs: number): number =>
  Math.max(fewestLaunches, Math.min(enoughLaunches, Math.floor(totalMs / Math.max(1, startMs))))

interface Place {
  readonly launch: number
  readonly launches: number
  readonly lastShare: number
}

/** Sampling is the larger part of the time; what the last launch does beside comes at the end. */
function overall({ launch, launches, lastShare }: Place, task: number, share: number): number {
  const sampling = 1 - lastShare
  return task === 0 ? (sampling * (launch + share)) / launches : sampling + lastShare * share
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
