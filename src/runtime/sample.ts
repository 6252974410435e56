import { median } from '../stats.js'

export type Run = () => Promise<void>
export type Tick = (doneShare: number) => void

/** Wall and CPU time of runs, in time order. */
export interface Runs {
  readonly runsMs: number[]
  readonly runsCpuMs: number[]
}

interface Limits {
  readonly limitMs: number
  readonly atLeast: number
  readonly atMost: number
  /** Ends it before its time, where the runs so far tell enough; asked when both orders are as frequent. */
  readonly isEnough?: (runs: readonly Runs[]) => boolean
}

/**
 * Runs until the last five and the five before agree within 5 %, in the median; not steady where `limitMs` ran out first.
 * It takes `atLeastMs`, however steady the runs are.
 */
export async function warmUp(
  run: Run,
  atLeastMs: number,
  limitMs: number,
): Promise<{ runs: number; steady: boolean; lastMs: number }> {
  const group = 5
  const times: number[] = []
  const start = performance.now()
  for (;;) {
    times.push((await timed(run, 1)).wallMs)
    const recent = median(times.slice(-group))
    const before = times.length >= 2 * group ? median(times.slice(-2 * group, -group)) : Number.POSITIVE_INFINITY
    const steady = Math.abs(recent / before - 1) < 0.05
    const spentMs = performance.now() - start
    if ((steady && spentMs >= atLeastMs) || spentMs >= limitMs) return { runs: times.length, steady, lastMs: recent }
  }
}

/** Time of each run until `limitMs` is spent, at least `atLeast` and at most `atMost` runs. */
export async function sample(run: Run, limits: Limits, tick: Tick): Promise<Runs> {
  const [runs] = await interleave([{ run, repeat: 1 }], limits, tick)
  return runs as Runs
}

/** A model in an interleaved measurement; `repeat` runs in a row are one sample, their mean. */
export interface Contender {
  readonly run: Run
  readonly repeat: number
}

/** A sample of several short runs is as long as this: the first of them meets cold caches. */
const leastSampleMs = 5
const mostRepeats = 1000

/** How many runs of a model make one sample when it takes turns with others. */
export const repeatsOf = (runMs: number): number =>
  Math.max(1, Math.min(mostRepeats, Math.ceil(leastSampleMs / Math.max(runMs, 1e-3))))

/**
 * Runs models by turns, forth and back (A B B A): what drifts meets all alike, and none is always the one after another.
 * Rounds come in pairs, so that both orders are as frequent.
 *
 * @returns by model; sample i of each is of round i
 */
export async function interleave(
  contenders: readonly Contender[],
  { limitMs, atLeast, atMost, isEnough = () => false }: Limits,
  tick: Tick,
): Promise<Runs[]> {
  const all = contenders.map((): Runs => ({ runsMs: [], runsCpuMs: [] }))
  const forth = [...contenders.entries()]
  const back = [...forth].reverse()
  const start = performance.now()
  for (let round = 0; ; round++) {
    const spentMs = performance.now() - start
    const isBalanced = contenders.length === 1 || round % 2 === 0
    if (isBalanced && (round >= atMost || (round >= atLeast && spentMs >= limitMs) || isEnough(all))) return all
    tick(Math.min(1, Math.max(spentMs / limitMs, round / atMost)))
    for (const [index, { run, repeat }] of round % 2 === 0 ? forth : back) {
      const { wallMs, cpuMs } = await timed(run, repeat)
      all[index]?.runsMs.push(wallMs)
      all[index]?.runsCpuMs.push(cpuMs)
    }
  }
}

/** Means over `repeat` runs in a row. */
async function timed(run: Run, repeat: number): Promise<{ wallMs: number; cpuMs: number }> {
  const cpuBefore = process.cpuUsage()
  const start = process.hrtime.bigint()
  for (let i = 0; i < repeat; i++) await run()
  const wallNs = Number(process.hrtime.bigint() - start)
  const { user, system } = process.cpuUsage(cpuBefore)
  return { wallMs: wallNs / 1e6 / repeat, cpuMs: (user + system) / 1e3 / repeat }
}
