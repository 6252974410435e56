import { ownersOf } from './gpu-programs.js'
import type { TraceEvent } from './trace-events.js'

/** One execution of a kernel, or of one inside the kernel that runs its graph. */
export interface Execution {
  /** Tells the outer kernel from all others of the session. */
  readonly kernel: string
  readonly name: string
  readonly op: string
  readonly nodeIndex: string
}

/** How long the GPU worked on kernels. */
export interface GpuTimes {
  /** By kernel, the time in each run of all programs that it launched, in µs; nothing for kernels that launched none. */
  readonly byKernel: ReadonlyMap<string, readonly number[]>
  /** Kernels of which it cannot be told which programs are theirs. */
  readonly unknown: ReadonlySet<string>
  /** When the GPU was at work, in order of time; empty where its clock is not that of the runs. */
  readonly busy: readonly TraceEvent[]
}

/**
 * Reads the GPU's own times from a profile: WebGPU's provider writes an event of category `Api` for each program that the
 * GPU ran. Their order is that in which kernels launched them, the same in each run.
 *
 * Programs and runs are counted, not compared with the kernels' events by time: those tell when the host launched a
 * kernel, and may be of another clock.
 *
 * @param programs in order of time, of all runs
 * @param executions in order of time, of one run
 * @param runs in order of time
 * @param warmup how many of the first runs do not count
 * @returns null where there are no such programs, or no run is like another
 */
export function gpuTimes(
  programs: readonly TraceEvent[],
  executions: readonly Execution[],
  runs: readonly TraceEvent[],
  warmup: number,
): GpuTimes | null {
  const wanted = runs.length - warmup
  const length = programsPerRun(programs, runs.length, wanted)
  if (length === null) return null
  const counted = programs.slice(-length * wanted)
  const { owners, unknown } = ownersOf(counted.slice(-length), executions)
  const byKernel = new Map<string, number[]>()
  for (const [index, { dur }] of counted.entries()) {
    const owner = owners[index % length]
    if (owner === undefined) continue
    const times = byKernel.get(owner) ?? Array<number>(wanted).fill(0)
    const run = Math.floor(index / length)
    times[run] = (times[run] as number) + dur
    byKernel.set(owner, times)
  }
  const isInStep = counted.every((program, index) => isWithin(program, runs[warmup + Math.floor(index / length)]))
  return { byKernel, unknown, busy: isInStep ? counted : [] }
}

/** As many as repeat in all wanted runs; the first runs may have launched more. */
function programsPerRun(programs: readonly TraceEvent[], runs: number, wanted: number): number | null {
  for (let length = Math.floor(programs.length / runs); length > 0; length--) {
    const last = programs.slice(-length * wanted)
    if (last.every(({ name }, index) => index < length || name === last[index - length]?.name)) return length
  }
  return null
}

/** Clocks that differ by more than this are two clocks, in µs. */
const toleranceUs = 1000

const isWithin = (program: TraceEvent, run: TraceEvent | undefined): boolean =>
  run !== undefined && program.ts >= run.ts - toleranceUs && program.ts + program.dur <= run.ts + run.dur + toleranceUs
