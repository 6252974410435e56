import { FlopgapError } from '../errors.js'
import { median } from '../stats.js'
import type { Ceilings, Measurement } from '../types.js'
import { additionChain, convolution, type MicroModel, matMul, tinyChain } from './micro-models.js'

const KiB = 1024
const MiB = 1024 * KiB

const arithmetic = [
  { micro: () => matMul(512), flops: 2 * 512 ** 3 },
  { micro: () => matMul(1024), flops: 2 * 1024 ** 3 },
  { micro: () => convolution(256, 28, 3), flops: 2 * 256 * 256 * 9 * 28 ** 2 },
  { micro: () => convolution(128, 56, 3), flops: 2 * 128 * 128 * 9 * 56 ** 2 },
  { micro: () => convolution(512, 28, 1), flops: 2 * 512 * 512 * 28 ** 2 },
]

/** From inside a first-level cache to far outside a last-level one. */
const workingSets = [24 * KiB, 96 * KiB, 384 * KiB, 1.5 * MiB, 6 * MiB, 24 * MiB, 96 * MiB, 384 * MiB]

const shortChain = 1
const longChain = 300

/** The networks whose measurements `ceilingsFrom` takes, in its order. */
export const calibrationModels = (): readonly MicroModel[] => [
  ...arithmetic.map(({ micro }) => micro()),
  ...workingSets.map(additionChain),
  tinyChain(shortChain),
  tinyChain(longChain),
]

/**
 * What the machine reaches, from the measurements of `calibrationModels`.
 *
 * The arithmetic ceiling is the best of several shapes, since no single one is safely the fastest; bandwidth is a curve
 * over the working set; the cost of a kernel is the slope between a long and a short chain of tiny ones. Rates come from
 * kernel times with the estimator that the models' kernels get too.
 */
export function ceilingsFrom(
  measurements: readonly Measurement[],
  identity: Pick<Ceilings, 'measuredAt' | 'fingerprint'>,
): Ceilings {
  const short = measurements.at(-2) as Measurement
  const long = measurements.at(-1) as Measurement
  const [shortMs, longMs] = [median(short.runsMs), median(long.runsMs)]
  const dispatchMs = Math.max(0, (longMs - shortMs) / (longChain - shortChain))
  const profilerMs = Math.max(0, median(long.executed.kernels.map((kernel) => kernel.profiledMs)) - dispatchMs)
  // what the profiler adds is no more than most of a kernel's time
  const withoutProfiler = (ms: number) => Math.max(ms - profilerMs, ms / 4)
  const rates = arithmetic.map(({ micro, flops }, index) => ({
    name: micro().name,
    flopsPerSecond: flops / seconds(withoutProfiler(kernelMs(measurements[index], ['MatMul', 'Conv']))),
  }))
  return {
    ...identity,
    flopsPerSecond: Math.max(...rates.map((rate) => rate.flopsPerSecond)),
    arithmetic: rates,
    bandwidth: workingSets.map((workingSetBytes, index) => {
      const ms = kernelMs(measurements[arithmetic.length + index], ['Add'])
      return { workingSetBytes, bytesPerSecond: workingSetBytes / seconds(withoutProfiler(ms)) }
    }),
    dispatchMs,
    runMs: Math.max(0, shortMs - dispatchMs),
    profilerMs,
    profilerRunMs: Math.max(0, (long.executed.profiledRunMs - (longMs - shortMs)) / longChain),
  }
}

/** Time of the last of a measurement's kernels of some kind: the first of a chain reads one array, not two. */
function kernelMs(measurement: Measurement | undefined, ops: readonly string[]): number {
  const times = (measurement?.executed.kernels ?? []).filter(({ op }) => ops.includes(op)).map((k) => k.profiledMs)
  const [first, ...others] = times
  if (first !== undefined) return others.length === 0 ? first : median(others)
  throw new FlopgapError(
    'measuring-failed',
    `the profile shows no kernel ${ops.join(' or ')}, so nothing can be calibrated`,
  )
}

const seconds = (ms: number) => ms / 1000
