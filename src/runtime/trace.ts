import { median } from '../stats.js'
import type { TensorType, TimeSource } from '../types.js'
import { type Execution, gpuTimes } from './gpu-times.js'
import { kernelTime } from './kernel-times.js'
import { parseEvents, suffix, type TraceEvent, type TypeShape } from './trace-events.js'

/** One kernel of a profiled session: who it was, what it saw, how long it took. */
export interface TracedKernel {
  readonly name: string
  readonly op: string
  readonly nodeIndex: number
  readonly provider: string
  readonly inputTypes: readonly TensorType[]
  readonly outputTypes: readonly TensorType[]
  readonly ms: number
  readonly timeSource: TimeSource
}

export interface Trace {
  /** In order of execution. */
  readonly kernels: readonly TracedKernel[]
  readonly runs: number
  readonly runMs: number
  /** Parts of the session's creation. */
  readonly creation: { readonly loadMs: number; readonly initializeMs: number }
}

/**
 * Reads an onnxruntime profile: the first `warmup` runs are dropped, a kernel's time is the mean of the middle half of
 * the others'.
 *
 * The profiler counts in whole microseconds.
 */
export function readTrace(json: string, warmup: number): Trace {
  const events = parseEvents(json)
  const creation = { loadMs: sessionMs(events, /^model_loading/), initializeMs: sessionMs(events, /^session_init/) }
  const runs = byTime(events.filter(({ name }) => name === 'model_run'))
  const counted = runs.slice(warmup)
  const [first, last] = [counted[0], counted.at(-1)]
  if (first === undefined || last === undefined) return { kernels: [], runs: 0, runMs: 0, creation }
  const executed = nested(events.filter(isKernel)).filter(({ event }) => event.ts >= first.ts)
  const executions = executed.filter(({ event }) => event.ts >= last.ts).map(execution)
  const gpu = gpuTimes(byTime(events.filter(({ cat }) => cat === 'Api')), executions, runs, warmup)
  const kernels = [...outermost(executed)]
    .sort(([, a], [, b]) => start(a) - start(b))
    .map(([key, group]) => ({ ...kernel(group), ...kernelTime(key, group, counted.length, gpu) }))
  return { kernels, runs: counted.length, runMs: median(counted.map(({ dur }) => dur)) / 1000, creation }
}

const byTime = (events: readonly TraceEvent[]) => [...events].sort((a, b) => a.ts - b.ts)

const sessionMs = (events: readonly TraceEvent[], name: RegExp): number =>
  events.filter((event) => event.cat === 'Session' && name.test(event.name)).reduce((sum, { dur }) => sum + dur, 0) /
  1000

const isKernel = ({ cat, name }: TraceEvent) => cat === 'Node' && name.endsWith(suffix)

/** True for a kernel that runs a graph of its own. */
const isHost = ({ args }: TraceEvent) => ['If', 'Loop', 'Scan'].includes(args.op_name ?? '')

/** A kernel's event, and that of the kernel inside which it runs, which may be its own. */
interface Nested {
  readonly event: TraceEvent
  readonly outer: TraceEvent
}

/** In order of time. */
function nested(events: readonly TraceEvent[]): Nested[] {
  let host: TraceEvent | undefined
  return [...events]
    .sort((a, b) => a.ts - b.ts || Number(isHost(b)) - Number(isHost(a)))
    .map((event) => {
      if (host !== undefined && event.ts < host.ts + host.dur) return { event, outer: host }
      host = isHost(event) ? event : undefined
      return { event, outer: event }
    })
}

/** By kernel, its events; without the kernels that run inside another one, whose time includes theirs. */
function outermost(executed: readonly Nested[]): Map<string, TraceEvent[]> {
  const byKernel = new Map<string, TraceEvent[]>()
  for (const { event, outer } of executed) {
    if (event !== outer) continue
    const known = byKernel.get(keyOf(event))
    if (known === undefined) byKernel.set(keyOf(event), [event])
    else known.push(event)
  }
  return byKernel
}

const keyOf = ({ name, args }: TraceEvent): string => `${args.node_index}:${name}`

const start = (events: readonly TraceEvent[]) => events[0]?.ts ?? 0

const execution = ({ event: { name, args }, outer }: Nested): Execution => ({
  kernel: keyOf(outer),
  name: name.slice(0, -suffix.length),
  op: args.op_name ?? '',
  nodeIndex: args.node_index ?? '',
})

function kernel(events: readonly TraceEvent[]): Omit<TracedKernel, 'ms' | 'timeSource'> {
  const { name, args } = events[0] as TraceEvent
  return {
    name: name.slice(0, -suffix.length),
    op: args.op_name ?? '',
    nodeIndex: Number(args.node_index ?? -1),
    provider: args.provider ?? '',
    inputTypes: (args.input_type_shape ?? []).map(tensorType),
    outputTypes: (args.output_type_shape ?? []).map(tensorType),
  }
}

/** onnxruntime's profile names types as C++ does. */
const typeNames: Readonly<Record<string, string>> = { float: 'float32', double: 'float64' }

function tensorType(shape: TypeShape): TensorType {
  const [name = 'unknown', dims = []] = Object.entries(shape)[0] ?? []
  return { elementType: typeNames[name] ?? name, dims }
}
