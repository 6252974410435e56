/** The measuring process: it takes one job, answers task by task, and may crash without harm. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorCode } from '../errors.js'
import type { SessionSettings } from '../types.js'
import type { Answer, Job, Phase, Reply, Task } from './job.js'
import { explain } from './ort.js'
import { outputDifferences } from './output-difference.js'
import { profileModel } from './profiling.js'
import type { Tick } from './sample.js'
import { sampleModels } from './sampling.js'
import { StageError } from './session.js'

const progressEveryMs = 200

const reply = (message: Reply) => process.send?.(message)

process.once('message', async ({ tasks, settings, scratch }: Job) => {
  try {
    for (const [index, task] of tasks.entries()) {
      const folder = join(scratch, String(index))
      mkdirSync(folder)
      reply({ kind: 'answer', answer: await answer(task, settings, folder, (phase) => reporter(index, phase)) })
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

async function answer(
  task: Task,
  settings: SessionSettings,
  folder: string,
  progress: (phase: Phase) => Tick,
): Promise<Answer> {
  if (task.kind === 'sample') return { kind: 'sample', models: await sampleModels(task, settings, progress) }
  if (task.kind === 'compare') return { kind: 'compare', differences: await outputDifferences(task, settings) }
  progress('profiling')(0)
  try {
    return { kind: 'profile', profile: await profileModel(task, settings, folder, progress('profiling')) }
  } catch (error) {
    // a device that lacks a precision says so when it runs
    if (task.mayFail && !(error instanceof StageError && error.code === 'provider-unavailable'))
      return { kind: 'refused' }
    throw error
  }
}

/** Tells the asking process how far a phase is, a few times a second at most. */
function reporter(task: number, phase: Phase): Tick {
  let last = Number.NEGATIVE_INFINITY
  return (share) => {
    const now = performance.now()
    if (now - last < progressEveryMs) return
    last = now
    reply({ kind: 'progress', task, phase, share })
  }
}
