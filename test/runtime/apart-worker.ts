/** Runs sessions in a process of their own, which ends with them: providers may not end well. */
import { explain } from '../../src/runtime/ort.js'
import { type Ran, runProfiled, type SessionOf } from './profiled-session.js'

process.once('message', async ({ sessions, folder }: { sessions: readonly SessionOf[]; folder: string }) => {
  try {
    const ran: Ran[] = []
    for (const session of sessions) ran.push(await runProfiled(session, folder))
    process.send?.({ ran })
  } catch (error) {
    process.send?.({ error: explain(error) })
  }
})
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
