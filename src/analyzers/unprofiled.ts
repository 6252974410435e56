import type { Ceilings, ExecutedKernel, Profiled } from '../types.js'

/**
 * What a run costs outside its kernels: the Node binding, and copying outputs into JavaScript, which for an image as output
 * takes longer than the kernels do.
 */
export const runtimeMs = (
  { runMs, outputBytesPerSecond }: Pick<Ceilings, 'runMs' | 'outputBytesPerSecond'>,
  outputBytes: number,
): number => runMs + (1000 * outputBytes) / outputBytesPerSecond

/** What the profiler adds to each kernel of a network: what they take together beyond a run without it, in equal parts. */
export const profilerShareMs = ({ executed, plainWallMs }: Profiled, outsideMs: number): number =>
  (sum(executed.kernels.map(({ profiledMs }) => profiledMs)) - (plainWallMs - outsideMs)) / executed.kernels.length

/**
 * Times of kernels as they would be without the profiler, in milliseconds.
 *
 * The profiler lengthens each kernel alike, by what it does at its end and what it drives out of the caches; by how much
 * the calibration knows. No kernel falls below a quarter of its time, and together they take no more than a run without the
 * profiler did, which took turns with the profiled ones.
 *
 * @param outsideMs what a run costs outside its kernels
 */
export function unprofiledMs(
  { executed, plainWallMs }: Profiled,
  { outsideMs, profilerMs }: { outsideMs: number; profilerMs: number },
): number[] {
  const times = executed.kernels.map((kernel) => ownMs(kernel, profilerMs))
  const mostMs = Math.max(0, plainWallMs - outsideMs)
  const total = sum(times)
  return total <= mostMs ? times : times.map((ms) => (ms * mostMs) / total)
}

/** What the GPU's own clock tells has no part of the profiler in it; a launch is no part of a kernel's time. */
function ownMs({ profiledMs, timeSource }: ExecutedKernel, profilerMs: number): number {
  if (timeSource === 'kernel') return Math.max(profiledMs - profilerMs, profiledMs / 4)
  return timeSource === 'gpu' ? profiledMs : 0
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
