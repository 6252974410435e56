import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from '../onnx/load.js'
import { median } from '../stats.js'
import type { Profiled, SessionSettings } from '../types.js'
import { executedGraph } from './executed.js'
import { makeFeeds } from './feeds.js'
import type { ProfileTask } from './job.js'
import { writesOptimized } from './optimize.js'
import { sample, type Tick } from './sample.js'
import { createSession } from './session.js'
import { readTrace } from './trace.js'

const warmupRuns = 2
const fewestRuns = 3
const mostRuns = 300
/** A profile of half a kilobyte an event is read as one string, and onnxruntime stops at a million. */
const mostEvents = 300_000

/**
 * Runs a model under onnxruntime's profiler: that costs time itself, so it has a session and runs of its own.
 *
 * @param folder an empty one, for files that nobody needs afterwards
 */
export async function profileModel(
  { model: { path, inputs }, profileMs }: ProfileTask,
  settings: SessionSettings,
  folder: string,
  tick: Tick,
): Promise<Profiled> {
  const optimizedPath = join(folder, 'optimized.onnx')
  const session = await createSession(path, settings, {
    enableProfiling: true,
    profileFilePrefix: join(folder, 'profile'),
    ...writesOptimized(optimizedPath),
  })
  const feeds = makeFeeds(inputs)
  const run = async () => {
    await session.run(feeds)
  }
  const optimized = load(optimizedPath)
  for (let i = 0; i < warmupRuns; i++) await run()
  const fitting = Math.floor(mostEvents / optimized.nodes.length)
  const atMost = Math.max(fewestRuns, Math.min(mostRuns, fitting))
  const { runsMs } = await sample(run, { limitMs: profileMs, atLeast: fewestRuns, atMost }, tick)
  session.endProfiling()
  await session.release()
  const { creation, ...trace } = readTrace(profileIn(folder), warmupRuns)
  return { executed: executedGraph(trace, optimized, inputs), profiledWallMs: median(runsMs), creation }
}

function profileIn(folder: string): string {
  const file = readdirSync(folder).find((name) => name.startsWith('profile') && name.endsWith('.json'))
  if (file === undefined) throw new Error('onnxruntime wrote no profile')
  return readFileSync(join(folder, file), 'utf8')
}
