import { interquartileMean } from '../stats.js'
import type { TimeSource } from '../types.js'
import type { GpuTimes } from './gpu-times.js'
import type { TraceEvent } from './trace-events.js'

/** Providers whose kernels have done their work when they return. Those of the others only hand it to a device. */
const synchronous = ['CPUExecutionProvider', 'CoreMLExecutionProvider']

/**
 * How long a kernel takes in a run, and what tells it: the mean of the middle half of the runs.
 *
 * A copy to the host waits for all that the GPU does before, which is not its own time and is left out.
 *
 * @param events of one kernel, of `runs` runs
 * @param gpu null where the profile has no times of a GPU
 */
export function kernelTime(
  key: string,
  events: readonly TraceEvent[],
  runs: number,
  gpu: GpuTimes | null,
): { readonly ms: number; readonly timeSource: TimeSource } {
  const { provider = '', op_name: op = '' } = events[0]?.args ?? {}
  const onGpu = gpu?.byKernel.get(key)
  if (onGpu !== undefined) return { ms: interquartileMean(onGpu) / 1000, timeSource: 'gpu' }
  const host = (durations: readonly number[], timeSource: TimeSource) => ({
    // the same kernel may run several times in one run, or in some runs only
    ms: (interquartileMean(durations) * events.length) / runs / 1000,
    timeSource,
  })
  const durations = events.map(({ dur }) => dur)
  if (synchronous.includes(provider)) return host(durations, 'kernel')
  if (gpu === null || gpu.unknown.has(key)) return host(durations, 'launch')
  if (op === 'MemcpyFromHost') return host(durations, 'kernel')
  if (op !== 'MemcpyToHost') return { ms: 0, timeSource: 'gpu' }
  const waits = events.map((event) => overlap(event, gpu.busy))
  return gpu.busy.length === 0
    ? host(durations, 'launch')
    : host(
        durations.map((dur, index) => Math.max(0, dur - (waits[index] ?? 0))),
        'kernel',
      )
}

/** For how much of an event others go on, in µs; those are in order of time, one after another. */
function overlap({ ts, dur }: TraceEvent, others: readonly TraceEvent[]): number {
  let [low, high] = [0, others.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const { ts: start, dur: length } = others[middle] as TraceEvent
    if (start + length <= ts) low = middle + 1
    else high = middle
  }
  let sum = 0
  for (let index = low; index < others.length && (others[index] as TraceEvent).ts < ts + dur; index++) {
    const other = others[index] as TraceEvent
    sum += Math.min(ts + dur, other.ts + other.dur) - Math.max(ts, other.ts)
  }
  return sum
}
