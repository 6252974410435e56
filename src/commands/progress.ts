import cliProgress from 'cli-progress'
import { undoOnInterrupt } from '../interrupt.js'

export type OnProgress = (stage: string, share: number) => void

/** Shows how far long work is, on standard error and only where that is a terminal. */
export async function withProgress<T>(work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work(() => {})
  const bar = new cliProgress.SingleBar({
    format: '{stage} [{bar}] {percentage}%',
    stream: process.stderr,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    fps: 5,
  })
  bar.start(1, 0, { stage: 'starting' })
  const stop = () => bar.stop()
  const done = undoOnInterrupt(stop)
  try {
    return await work((stage, share) => bar.update(share, { stage }))
  } finally {
    stop()
    done()
  }
}
