import type { Ceilings, Profiled } from '../types.js'

/**
 * What a run costs outside its kernels: the Node binding, and copying outputs into JavaScript, which for an image as output
 * takes longer than the kernels do.
 */
export const runtimeMs = (
  { runMs, outputBytesPerSecond }: Pick<Ceilings, 'runMs' | 'outputBytesPerSecond'>,
  outputBytes: number,
): number => runMs + (1000 * outputBytes) / outputBytesPerSecond

/**
 * Times of kernels as they would be without the profiler, in milliseconds.
 *
 * The profiler lengthens each kernel alike, by what it does at its end and what it drives out of the caches. How much is
 * known of this very model: runs with and without it took turns, and what the kernels take together beyond a run without
 * it is the profiler's. No kernel falls below a quarter of its time.
 *
 * @param outsideMs what a run costs outside its kernels
 */
export function unprofiledMs({ executed, plainWallMs }: Profiled, outsideMs: number): number[] {
  // how long handing a kernel to a device took is no part of its time
  const times = executed.kernels.map(({ profiledMs, timeSource }) => (timeSource === 'launch' ? 0 : profiledMs))
  const wantedMs = Math.max(0, plainWallMs - outsideMs)
  let each = 0
  for (let round = 0; round < rounds; round++) {
    const excess = sum(times.map((ms) => without(ms, each))) - wantedMs
    if (excess <= 0) break
    each += excess / times.length
  }
  const corrected = times.map((ms) => without(ms, each))
  const total = sum(corrected)
  return total <= wantedMs ? corrected : corrected.map((ms) => (ms * wantedMs) / total)
}

/** Kernels that reach their floor leave more to the others. */
const rounds = 5

const without = (ms: number, profilerMs: number): number => Math.max(ms - profilerMs, ms / 4)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
