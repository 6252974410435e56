import { estimateMedian, estimateRatio, parted } from '../stats.js'
import type { Estimate, Sampled } from '../types.js'

type Runs = Pick<Sampled, 'launches' | 'runsMs'>

/** How many times as fast `model` is as `reference`, of runs that were taken by turns in the same launches. */
export const relativeSpeed = (reference: Pick<Runs, 'runsMs'>, { launches, runsMs }: Runs): Estimate =>
  estimateRatio(
    parted(
      runsMs.map((ms, run) => [reference.runsMs[run] as number, ms] as const),
      launches.map(({ runs }) => runs),
    ),
  )

/** The latency of runs, launch after launch. */
export const latencyOf = ({ launches, runsMs }: Runs): Estimate =>
  estimateMedian(
    parted(
      runsMs,
      launches.map(({ runs }) => runs),
    ),
  )
