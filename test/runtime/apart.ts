import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Ran, SessionOf } from './profiled-session.js'

/** Runs sessions one after another in a process of their own. Rejects with what onnxruntime says where it cannot. */
export function runApart(sessions: readonly SessionOf[], folder: string): Promise<Ran[]> {
  const worker = fork(fileURLToPath(new URL('./apart-worker.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  })
  return new Promise<Ran[]>((resolve, reject) => {
    worker.on('message', ({ ran, error }: { ran?: Ran[]; error?: string }) => {
      if (ran !== undefined) resolve(ran)
      else reject(new Error(error))
    })
    worker.on('error', reject)
    worker.on('close', (code, signal) => reject(new Error(`the process left with ${code ?? signal}`)))
    worker.send({ sessions, folder })
  }).finally(() => worker.kill('SIGKILL'))
}
