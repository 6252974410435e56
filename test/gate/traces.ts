import { latencyEvidence, limitOf, needsConfirmation, type PairedLaunch } from '../../src/gate/latency.js'
import { isTold, looks } from '../../src/runtime/stop-rule.js'
import { autocorrelated, even, noise } from '../traces.js'

/** How a machine's noise is, of a candidate whose true ratio to the old model is known. */
export interface Machine {
  /** Lag-1 autocorrelation of what slows both. */
  readonly rho: number
  /** By how much runs differ that are not slowed alike, as a share. */
  readonly own: number
  /** How often a burst of ten rounds begins, and up to how many times as long runs take in it. */
  readonly bursts: { readonly share: number; readonly most: number }
  /** By how much both become slower from the first to the last round. */
  readonly drift: number
  /** How much slower the second of a round is. */
  readonly orderBias: number
  /** By how much a process is faster or slower for one of the two models, for as long as it lives: half of them each. */
  readonly bimodal: number
}

export const quiet: Machine = {
  ...{ rho: 0.7, own: 0.02, drift: 0, orderBias: 0.015, bimodal: 0 },
  bursts: { share: 0, most: 1 },
}

/** The pairs that one process would take of a true ratio, until they tell or there are no more. */
function launch(seed: number, ratio: number, machine: Machine, limit: ReturnType<typeof limitOf>): PairedLaunch {
  const [next, own] = [even(7_000_000 + seed), noise(seed + 5_000_000)]
  const shared = autocorrelated(seed, looks.most, machine.rho)
  const mode = 1 + (next() < 0.5 ? machine.bimodal : 0)
  const runs = { candidateMs: [] as number[], besideMs: [] as number[] }
  let [left, factor] = [0, 1]
  for (let round = 0; round < looks.most; round++) {
    if (left === 0 && next() < machine.bursts.share) {
      left = 10
      factor = 1 + (machine.bursts.most - 1) * next()
    }
    // a burst begins and ends between the two runs of a round, too
    const slowed = () => (left > 0 && next() < 0.9 ? factor : 1)
    const base = (shared[round] ?? 10) * (1 + (machine.drift * round) / looks.most)
    const second = (isSecond: boolean) => 1 + (isSecond ? machine.orderBias : 0)
    const jitter = () => Math.exp(machine.own * own())
    const isForth = round % 2 === 0
    runs.besideMs.push(base * slowed() * second(!isForth) * jitter())
    runs.candidateMs.push(base * ratio * mode * slowed() * second(isForth) * jitter())
    left = Math.max(0, left - 1)
    if (round % 2 === 1 && isTold(runs.candidateMs, runs.besideMs, limit)) break
  }
  return runs
}

/** What the gate says of a candidate with that true ratio, on such a machine. */
export function judged(seed: number, ratio: number, threshold: number, machine: Machine) {
  const standard = {
    ...{ model: 'new', beside: 'old', threshold, earlier: null },
    settings: { provider: 'cpu', threads: 1, optimization: 'all' as const },
  }
  const limit = limitOf(standard)
  const first = launch(2 * seed, ratio, machine, limit)
  const launches = needsConfirmation(first, standard) ? [first, launch(2 * seed + 1, ratio, machine, limit)] : [first]
  return latencyEvidence(launches, standard)
}
