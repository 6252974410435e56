import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { FlopgapError } from '../errors.js'
import { undoOnInterrupt } from '../interrupt.js'
import type { SessionSettings } from '../types.js'
import type { Answer, Job, Phase, Reply, Task } from './job.js'
import { rejected } from './refusals.js'
import { withScratchFolder } from './scratch.js'
import { silent, unavailable } from './unavailable.js'

export interface Progress {
  /** Index of the task in hand. */
  readonly task: number
  readonly phase: Phase
  /** How much of the phase is done, 0 to 1. */
  readonly share: number
}

/** How a measuring process is watched. */
export interface Watch {
  /** Variables that it gets beyond those of this process. */
  readonly env?: NodeJS.ProcessEnv
  /** When to give it up, in milliseconds; never by default. */
  readonly limitMs?: number
  /** Hears what it writes to stderr: what libraries have to say. */
  readonly onLog?: (text: string) => void
}

/**
 * Does measuring tasks one after another in a process of their own, so that a crash of onnxruntime is an error here.
 *
 * @throws FlopgapError `rejected-model`, `provider-unavailable`, `measuring-failed` or `measuring-crashed`
 */
export const runTasks = (
  tasks: readonly Task[],
  settings: SessionSettings,
  onProgress: (progress: Progress) => void = () => {},
  watch: Watch = {},
): Promise<Answer[]> => withScratchFolder((scratch) => inWorker({ tasks, settings, scratch }, onProgress, watch))

function inWorker(job: Job, onProgress: (progress: Progress) => void, watch: Watch): Promise<Answer[]> {
  const worker = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...process.env, ...watch.env },
  })
  const keep = undoOnInterrupt(() => worker.kill('SIGKILL'))
  return answers(worker, job, onProgress, watch).finally(() => {
    keep()
    worker.kill('SIGKILL')
  })
}

function answers(
  worker: ChildProcess,
  job: Job,
  onProgress: (progress: Progress) => void,
  { limitMs, onLog }: Watch,
): Promise<Answer[]> {
  const given: Answer[] = []
  let log = ''
  worker.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4096)
    onLog?.(text)
  })
  return new Promise((resolve, reject) => {
    const { provider } = job.settings
    const timer = limitMs === undefined ? undefined : setTimeout(() => reject(silent(provider, limitMs)), limitMs)
    let end: Extract<Reply, { kind: 'failed' | 'done' }> | undefined
    worker.on('message', (reply: Reply) => {
      if (reply.kind === 'progress') onProgress(reply)
      if (reply.kind === 'answer') given.push(reply.answer)
      if (reply.kind !== 'failed' && reply.kind !== 'done') return
      end = reply
      // once it is closed, all that it had to say has arrived
      worker.kill('SIGKILL')
    })
    worker.on('error', (error: NodeJS.ErrnoException) => {
      // it is gone already; its end tells why
      if (error.code !== 'EPIPE') reject(error)
    })
    worker.on('close', (code, signal) => {
      clearTimeout(timer)
      if (end?.kind === 'done') resolve(given)
      else reject(end === undefined ? crashed(code, signal, log) : explained(end, provider, log))
    })
    worker.send(job)
  })
}

function explained({ code, message }: Extract<Reply, { kind: 'failed' }>, provider: string, log: string): FlopgapError {
  if (code === 'provider-unavailable') return unavailable(provider, message, log)
  if (code === 'rejected-model') return rejected(message)
  return new FlopgapError(
    code,
    `onnxruntime could not run the model: ${message}`,
    'If a size does not fit, change it with --shape or --dim.',
  )
}

/** What the Vulkan loader tells of its search for drivers. */
const loaderLine = /^(\[Vulkan Loader\]|[A-Z |]*DRIVER:|$)/

function crashed(code: number | null, signal: string | null, stderr: string): FlopgapError {
  // Ctrl-C reaches both processes, and this one may hear of the other's end first
  if (signal === 'SIGINT') return new FlopgapError('interrupted', 'interrupted')
  const how = signal === null ? `left with code ${code}` : `was ended by ${signal}`
  const last =
    stderr
      .trim()
      .split('\n')
      .findLast((line) => !loaderLine.test(line)) ?? ''
  return new FlopgapError(
    'measuring-crashed',
    `the measuring process ${how}${last === '' ? '' : `: ${last}`}`,
    signal === 'SIGKILL'
      ? 'The system ends a process that takes too much memory: try a smaller --shape or batch.'
      : signal === null
        ? 'Nothing was measured.'
        : 'onnxruntime itself crashed on this model; nothing was measured.',
  )
}
