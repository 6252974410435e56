import type { Cause, Estimate, MacsOrder, MisorderedPair } from '../types.js'

/** A model with its place among others. */
export interface Ranked {
  readonly label: string
  readonly macs: number
  /** Speedup over a reference that all share: the machine's drift cancels in it. */
  readonly speedup: Estimate
  readonly latencyMs: number
  /** They sum to `latencyMs`. */
  readonly causes: readonly Cause[]
}

/**
 * Which models FLOPs put in the wrong order, and why: of each two with different MACs, the one with fewer should be
 * faster. Where the intervals of their speedups overlap, nobody knows which one is; a model without MACs is in no pair.
 *
 * @param referenceMs latency of the reference that the speedups are over
 */
export function orderByMacs(
  models: readonly Ranked[],
  referenceMs: number,
): { order: MacsOrder; misordered: MisorderedPair[] } {
  const ascending = models.filter(({ macs }) => macs > 0).sort((a, b) => a.macs - b.macs)
  const pairs = ascending.flatMap((fewer, index) =>
    ascending.slice(index + 1).flatMap((more) => (more.macs > fewer.macs ? [{ fewer, more }] : [])),
  )
  const right = pairs.filter(({ fewer, more }) => fewer.speedup.lower > more.speedup.upper)
  const wrong = pairs.filter(({ fewer, more }) => fewer.speedup.upper < more.speedup.lower)
  return {
    order: {
      pairs: pairs.length,
      right: right.length,
      wrong: wrong.length,
      tooClose: pairs.length - right.length - wrong.length,
    },
    misordered: wrong
      .map(({ fewer, more }) => misorderedPair(fewer, more, referenceMs))
      .sort((a, b) => gapOf(b) - gapOf(a)),
  }
}

/** How far theory and reality of the two are apart. */
const gapOf = ({ macsRatio, latencyRatio }: MisorderedPair): number => macsRatio * latencyRatio

function misorderedPair(fewer: Ranked, more: Ranked, referenceMs: number): MisorderedPair {
  const [slow, fast] = [steady(fewer, referenceMs), steady(more, referenceMs)]
  return {
    fewerMacs: fewer.label,
    moreMacs: more.label,
    macsRatio: more.macs / fewer.macs,
    latencyRatio: slow.ms / fast.ms,
    causes: longer(slow, fast),
  }
}

/** A latency and its causes as they would be while the reference took the time that it is said to take. */
interface Steady {
  readonly ms: number
  readonly causes: ReadonlyMap<string, number>
}

/** Two models are not measured in the same minute: what they take is told by their speedups alone. */
function steady({ speedup, latencyMs, causes }: Ranked, referenceMs: number): Steady {
  const ms = referenceMs / speedup.point
  return { ms, causes: new Map(causes.map((cause) => [cause.cause, (cause.ms / latencyMs) * ms])) }
}

/** The causes in which one model takes longer than the other; the largest first. */
function longer(slow: Steady, fast: Steady): Cause[] {
  return [...slow.causes]
    .map(([cause, ms]) => ({ cause, ms: ms - (fast.causes.get(cause) ?? 0) }))
    .filter(({ ms }) => ms > 0)
    .map(({ cause, ms }) => ({ cause, ms, share: ms / (slow.ms - fast.ms) }))
    .sort((a, b) => b.ms - a.ms)
}
