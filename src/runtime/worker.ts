/** The measuring process: it takes one job, answers with measurements, and may crash without harm. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ErrorCode } from '../errors.js'
import { load } from '../onnx/load.js'
import { median } from '../stats.js'
import type { Measurement, SessionSettings } from '../types.js'
import { executedGraph } from './executed.js'
import { makeFeeds } from './feeds.js'
import type { Job, JobModel, Phase, Reply } from './job.js'
import { writesOptimized } from './optimize.js'
import { explain, onnxruntime } from './ort.js'
import { sample, type Tick, warmUp } from './sample.js'
import { sessionOptions } from './session.js'
import { readTrace } from './trace.js'

const fewestRuns = 5
const mostRuns = 10_000
const profileWarmup = 2
const fewestProfiledRuns = 3
const mostProfiledRuns = 300
/** A profile of half a kilobyte an event is read as one string, and onnxruntime stops at a million. */
const mostEvents = 300_000
const progressEveryMs = 200

const reply = (message: Reply) => process.send?.(message)

process.once('message', async (job: Job) => {
  try {
    for (const [index, model] of job.models.entries()) {
      const folder = join(job.scratch, String(index))
      mkdirSync(folder)
      reply({ kind: 'measured', measurement: await measure(model, job.settings, folder, index) })
    }
    reply({ kind: 'done' })
  } catch (error) {
    const code: ErrorCode = error instanceof StageError ? error.code : 'measuring-failed'
    reply({ kind: 'failed', code, message: explain(error) })
  }
  // the asking process ends this one, once it has all of the answer
})
// Ctrl-C reaches both processes; the asking one decides
process.on('SIGINT', () => {})
// the asking process is gone: nobody wants the answer
process.once('disconnect', () => process.exit())

class StageError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, cause: unknown) {
    super(explain(cause))
    this.code = code
  }
}

async function measure(
  { path, inputs, budget }: JobModel,
  settings: SessionSettings,
  folder: string,
  index: number,
): Promise<Measurement> {
  const progress = (phase: Phase) => reporter(index, phase)
  progress('loading')(0)
  const created = performance.now()
  const session = await createSession(path, settings)
  const sessionCreateMs = performance.now() - created
  const feeds = makeFeeds(inputs)
  const start = performance.now()
  const outputs = await session.run(feeds)
  const firstRunMs = performance.now() - start
  const outputBytes = Object.values(outputs).reduce((sum, tensor) => sum + sizeOf(tensor), 0)
  const run = async () => {
    await session.run(feeds)
  }
  progress('warming up')(0)
  const warmup = await warmUp(run, budget.warmupMs)
  const cpuBefore = process.cpuUsage()
  const limits = { limitMs: budget.sampleMs, atLeast: fewestRuns, atMost: mostRuns }
  const runsMs = await sample(run, limits, progress('measuring'))
  const cpu = process.cpuUsage(cpuBefore)
  await session.release()
  const profiled = await profile({ path, inputs, budget }, settings, folder, progress('profiling'))
  return {
    settings,
    sessionCreateMs,
    firstRunMs,
    warmupRuns: warmup.runs + 1,
    reachedSteadyState: warmup.steady,
    runsMs,
    cpuMs: (cpu.user + cpu.system) / 1000,
    outputBytes,
    ...profiled,
  }
}

/** Profiling costs time itself, so it has a session and runs of its own. */
async function profile(
  { path, inputs, budget }: JobModel,
  settings: SessionSettings,
  folder: string,
  tick: Tick,
): Promise<Pick<Measurement, 'executed' | 'profiledWallMs'>> {
  const feeds = makeFeeds(inputs)
  const optimizedPath = join(folder, 'optimized.onnx')
  const session = await createSession(path, settings, {
    enableProfiling: true,
    profileFilePrefix: join(folder, 'profile'),
    ...writesOptimized(optimizedPath),
  })
  const run = async () => {
    await session.run(feeds)
  }
  const optimized = load(optimizedPath)
  for (let i = 0; i < profileWarmup; i++) await run()
  const atMost = Math.max(
    fewestProfiledRuns,
    Math.min(mostProfiledRuns, Math.floor(mostEvents / optimized.nodes.length)),
  )
  const wallMs = await sample(run, { limitMs: budget.profileMs, atLeast: fewestProfiledRuns, atMost }, tick)
  session.endProfiling()
  await session.release()
  const file = readdirSync(folder).find((name) => name.startsWith('profile') && name.endsWith('.json'))
  if (file === undefined) throw new Error('onnxruntime wrote no profile')
  const trace = readTrace(readFileSync(join(folder, file), 'utf8'), profileWarmup)
  return { executed: executedGraph(trace, optimized, inputs), profiledWallMs: median(wallMs) }
}

async function createSession(
  path: string,
  settings: SessionSettings,
  extra: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  try {
    return await onnxruntime().InferenceSession.create(path, { ...sessionOptions(settings), ...extra })
  } catch (error) {
    const isProvider = settings.provider !== 'cpu' && /provider|adapter|device|webgpu|cuda|library/i.test(String(error))
    throw new StageError(isProvider ? 'provider-unavailable' : 'rejected-model', error)
  }
}

function sizeOf(tensor: Tensor): number {
  const data = tensor.data as ArrayLike<unknown> & { byteLength?: number }
  return data.byteLength ?? 0
}

/** Tells the asking process how far a phase is, a few times a second at most. */
function reporter(model: number, phase: Phase): Tick {
  let last = Number.NEGATIVE_INFINITY
  return (share) => {
    const now = performance.now()
    if (now - last < progressEveryMs) return
    last = now
    reply({ kind: 'progress', model, phase, share })
  }
}
