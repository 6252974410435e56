import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from '../onnx/load.js'
import { median } from '../stats.js'
import type { Profiled, SessionSettings } from '../types.js'
import { executedGraph } from './executed.js'
import { makeFeeds } from './feeds.js'
import type { ProfileTask } from './job.js'
import { writesOptimized } from './optimize.js'
import { type Contender, interleave, type Tick, warmUp } from './sample.js'
import { createSession, restingThreads } from './session.js'
import { readTrace } from './trace.js'

const warmupRuns = 2
/** Long enough that the first run, which finds the caches as the other session left them, is one of many. */
const [fewestInTurn, mostInTurn, turnMs] = [2, 12, 40]
/** A run as long as this does not show how it found the caches, and on a GPU in software each costs seconds. */
const longRunMs = 100
/** Memory is slow, and so are its pages found, for the first tenths of a second. */
const warmupShare = 0.4
const fewestTurns = 2
const mostTurns = 50
/** A profile of half a kilobyte an event is read as one string, and onnxruntime stops at a million. */
const mostEvents = 300_000

/**
 * Runs a model under onnxruntime's profiler, by turns with a session without it: so what the profiler costs is known of
 * this very model.
 *
 * @param folder an empty one, for files that nobody needs afterwards
 */
export async function profileModel(
  { model, profileMs }: ProfileTask,
  settings: SessionSettings,
  folder: string,
  tick: Tick,
): Promise<Profiled> {
  const optimizedPath = join(folder, 'optimized.onnx')
  const plain = await createSession(model, settings, restingThreads)
  const session = await createSession(model, settings, {
    enableProfiling: true,
    profileFilePrefix: join(folder, 'profile'),
    ...writesOptimized(optimizedPath),
  })
  const feeds = makeFeeds(model.inputs)
  const optimized = load(optimizedPath)
  const { lastMs } = await warmUp(async () => void (await plain.run(feeds)), profileMs * warmupShare, profileMs)
  for (let run = 0; run < warmupRuns; run++) await session.run(feeds)
  const fewest = lastMs < longRunMs ? fewestInTurn : 1
  const runsInTurn = Math.max(fewest, Math.min(mostInTurn, Math.ceil(turnMs / lastMs)))
  const turns = [plain, session].map((each) => new Turns(() => each.run(feeds), runsInTurn))
  const fitting = Math.floor(mostEvents / optimized.nodes.length / runsInTurn)
  const atMost = Math.max(fewestTurns, Math.min(mostTurns, fitting))
  await interleave(turns, { limitMs: profileMs, atLeast: fewestTurns, atMost }, tick)
  session.endProfiling()
  for (const each of [plain, session]) await each.release()
  const { creation, ...trace } = readTrace(profileIn(folder), warmupRuns)
  const [plainWallMs = 0, profiledWallMs = 0] = turns.map(({ runsMs }) => median(runsMs))
  return { executed: executedGraph(trace, optimized, model.inputs), profiledWallMs, plainWallMs, creation }
}

/** A session that runs a few times in a row when its turn comes: the first of them finds the caches as another left them. */
class Turns implements Contender {
  readonly repeat: number
  readonly runsMs: number[] = []
  readonly #run: () => Promise<unknown>

  constructor(run: () => Promise<unknown>, repeat: number) {
    this.#run = run
    this.repeat = repeat
  }

  run = async (): Promise<void> => {
    const start = process.hrtime.bigint()
    await this.#run()
    this.runsMs.push(Number(process.hrtime.bigint() - start) / 1e6)
  }
}

function profileIn(folder: string): string {
  const file = readdirSync(folder).find((name) => name.startsWith('profile') && name.endsWith('.json'))
  if (file === undefined) throw new Error('onnxruntime wrote no profile')
  return readFileSync(join(folder, file), 'utf8')
}
