/** Runs sessions in a process of their own, which ends with them: providers may not end well. */
import { explain } from '../../src/runtime/ort.js'
import { runProfiled, type SessionOf } from './profiled-session.js'

process.once('message', async ({ session, folder }: { session: SessionOf; folder: string }) => {
  try {
    process.send?.({ ran: await runProfiled(session, folder) })
  } catch (error) {
    process.send?.({ error: explain(error) })
  }
})
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
