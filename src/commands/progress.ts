import cliProgress from 'cli-progress'
import { undoOnInterrupt } from '../interrupt.js'

export type OnProgress = (stage: string, share: number) => void

/** Shows how far long work is, and with `timeLeft` how long it may still take, on standard error where that is a terminal. */
export async function withProgress<T>(
  work: (onProgress: OnProgress) => Promise<T>,
  { timeLeft = false } = {},
): Promise<T> {
  if (!process.stderr.isTTY) return interruptibly(() => work(() => {}))
  const left = timeLeft ? timeLeftOf() : () => ''
  const bar = new cliProgress.SingleBar({
    format: '{stage} [{bar}] {percentage}%{left}',
    stream: process.stderr,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    fps: 5,
  })
  bar.start(1, 0, { stage: 'starting', left: '' })
  const stop = () => bar.stop()
  const done = undoOnInterrupt(stop)
  try {
    return await work((stage, share) => bar.update(share, { stage, left: left(share) }))
  } finally {
    stop()
    done()
  }
}

/** Between two pieces of work, too, an interrupt ends with its exit code. */
async function interruptibly<T>(work: () => Promise<T>): Promise<T> {
  const done = undoOnInterrupt(() => {})
  try {
    return await work()
  } finally {
    done()
  }
}

/** Too little is done to tell from it. */
const leastShare = 0.02

/** Tells how long work that is as far as `share` may still take; empty where that cannot be told yet. */
export function timeLeftOf(now: () => number = () => performance.now()): (share: number) => string {
  let start: number | null = null
  return (share) => {
    // what came before the first progress, as calibrating, comes once
    if (start === null || share === 0) start = now()
    return share < leastShare ? '' : `, ${ago(((now() - start) * (1 - share)) / share)} left`
  }
}

/** `40 s`, `12 min`, `3.5 h`. */
function ago(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
