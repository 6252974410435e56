import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { SessionSettings } from '../types.js'
import { makeFeeds } from './feeds.js'
import type { JobModel, LaunchRuns, Phase, SampleTask } from './job.js'
import { onnxruntime } from './ort.js'
import { type Contender, interleave, repeatsOf, type Tick, warmUp } from './sample.js'
import { createSession, restingThreads } from './session.js'
import { stopping } from './stop-rule.js'

const fewestRuns = 5
const mostRuns = 10_000

/** A model whose session has run and is warm. */
interface Warm extends Contender {
  readonly session: InferenceSession
  readonly launch: Omit<LaunchRuns, 'runsMs' | 'runsCpuMs'>
}

/** Runs the models of a task by turns, each in a session of its own. */
export async function sampleModels(
  { models, warmupMs, sampleMs, until }: SampleTask,
  settings: SessionSettings,
  progress: (phase: Phase) => Tick,
): Promise<LaunchRuns[]> {
  const runtimeLoadMs = elapsed(onnxruntime)
  const isAlone = models.length === 1
  const warm: Warm[] = []
  for (const model of models) {
    warm.push(await start(model, { settings, isAlone, warmupMs, runtimeLoadMs }, progress))
  }
  const limits = {
    limitMs: sampleMs,
    atLeast: isAlone ? fewestRuns : 2 * fewestRuns,
    ...(until === undefined ? { atMost: mostRuns } : stopping(until)),
  }
  const runs = await interleave(warm, limits, progress('measuring'))
  for (const { session } of warm) await session.release()
  return warm.map(({ launch }, index) => ({ ...launch, ...(runs[index] as (typeof runs)[0]) }))
}

interface Start {
  readonly settings: SessionSettings
  readonly isAlone: boolean
  readonly warmupMs: number
  readonly runtimeLoadMs: number
}

async function start(
  model: JobModel,
  { settings, isAlone, warmupMs, runtimeLoadMs }: Start,
  progress: (phase: Phase) => Tick,
): Promise<Warm> {
  progress('loading')(0)
  const created = performance.now()
  const session = await createSession(model, settings, isAlone ? {} : restingThreads)
  const sessionCreateMs = performance.now() - created
  const feeds = makeFeeds(model.inputs)
  const started = performance.now()
  const outputs = await session.run(feeds)
  const firstRunMs = performance.now() - started
  const run = async () => {
    await session.run(feeds)
  }
  progress('warming up')(0)
  const { runs, steady, lastMs } = await warmUp(run, warmupMs / 2, warmupMs)
  const outputBytes = Object.values(outputs).reduce((sum, tensor) => sum + sizeOf(tensor), 0)
  const launch = { runtimeLoadMs, sessionCreateMs, firstRunMs, outputBytes }
  return {
    session,
    run,
    repeat: isAlone ? 1 : repeatsOf(lastMs),
    launch: { ...launch, warmupRuns: runs + 1, reachedSteadyState: steady },
  }
}

function elapsed(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

function sizeOf(tensor: Tensor): number {
  const data = tensor.data as ArrayLike<unknown> & { byteLength?: number }
  return data.byteLength ?? 0
}
