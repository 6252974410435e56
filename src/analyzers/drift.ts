import type { Ceilings, Probes } from '../types.js'

/** A machine whose probes run this much faster or slower than when it was calibrated is another one. */
const mostDrift = 1.25

/** How many times as long the probes take now. */
export const driftOf = (then: Probes, now: Probes): Ceilings['drift'] => ({
  arithmetic: now.arithmeticMs / then.arithmeticMs,
  memory: now.memoryMs / then.memoryMs,
  network: now.networkMs / then.networkMs,
})

/** False where the machine is another one than the one that was calibrated, so that no factor makes up for it. */
export const isSameMachine = (drift: Ceilings['drift']): boolean =>
  Object.values(drift).every((factor) => factor < mostDrift && factor > 1 / mostDrift)

/**
 * Ceilings as they are now: shared machines are some percent faster or slower by the minute, in arithmetic, in memory and in
 * whole networks.
 */
export function drifted(ceilings: Ceilings, drift: Ceilings['drift']): Ceilings {
  const { arithmetic, memory, network } = drift
  const slower = (rate: number | null) => (rate === null ? null : rate / arithmetic)
  const { float32, float16, int8 } = ceilings.flopsPerSecondBy
  return {
    ...ceilings,
    flopsPerSecond: ceilings.flopsPerSecond / arithmetic,
    flopsPerSecondBy: { float32: slower(float32), float16: slower(float16), int8: slower(int8) },
    bandwidth: ceilings.bandwidth.map((point) => ({ ...point, bytesPerSecond: point.bytesPerSecond / memory })),
    kernelTimes: ceilings.kernelTimes.map(({ costs, ...model }) => ({
      ...model,
      costs: Object.fromEntries(Object.entries(costs).map(([name, cost]) => [name, cost * network])),
    })),
    drift,
  }
}
