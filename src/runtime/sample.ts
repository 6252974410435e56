import { median } from '../stats.js'

/** Time for each part of measuring one model, in milliseconds. */
export interface Budget {
  readonly warmupMs: number
  readonly sampleMs: number
  readonly profileMs: number
}

/** Half a budget measures latency, a third explains it, the rest warms up. */
export const budgetOf = (totalMs: number): Budget => ({
  warmupMs: totalMs * 0.15,
  sampleMs: totalMs * 0.55,
  profileMs: totalMs * 0.3,
})

export type Run = () => Promise<void>
export type Tick = (doneShare: number) => void

/** Runs until the last five and the five before agree within 5 %, in the median; not steady where time ran out first. */
export async function warmUp(run: Run, limitMs: number): Promise<{ runs: number; steady: boolean }> {
  const group = 5
  const times: number[] = []
  const start = performance.now()
  for (;;) {
    times.push(await timed(run))
    const recent = median(times.slice(-group))
    const before = times.length >= 2 * group ? median(times.slice(-2 * group, -group)) : Number.POSITIVE_INFINITY
    const steady = Math.abs(recent / before - 1) < 0.05
    const late = performance.now() - start >= limitMs
    if (steady || late) return { runs: times.length, steady }
  }
}

/** Wall time of each run until `limitMs` is spent, at least `atLeast` and at most `atMost` runs. */
export async function sample(
  run: Run,
  { limitMs, atLeast, atMost }: { limitMs: number; atLeast: number; atMost: number },
  tick: Tick,
): Promise<number[]> {
  const times: number[] = []
  const start = performance.now()
  for (;;) {
    const spent = (performance.now() - start) / limitMs
    if (times.length >= atMost || (times.length >= atLeast && spent >= 1)) return times
    tick(Math.min(1, Math.max(spent, times.length / atMost)))
    times.push(await timed(run))
  }
}

async function timed(run: Run): Promise<number> {
  const start = process.hrtime.bigint()
  await run()
  return Number(process.hrtime.bigint() - start) / 1e6
}
