import { interquartileMean, median } from '../stats.js'
import type { TensorType } from '../types.js'

/** One kernel of a profiled session: who it was, what it saw, how long it took. */
export interface TracedKernel {
  readonly name: string
  readonly op: string
  readonly nodeIndex: number
  readonly provider: string
  readonly inputTypes: readonly TensorType[]
  readonly outputTypes: readonly TensorType[]
  readonly ms: number
}

export interface Trace {
  /** In order of execution. */
  readonly kernels: readonly TracedKernel[]
  readonly runs: number
  readonly runMs: number
  /** Parts of the session's creation. */
  readonly creation: { readonly loadMs: number; readonly initializeMs: number }
}

interface TraceEvent {
  readonly cat: string
  readonly name: string
  readonly ts: number
  readonly dur: number
  readonly args: {
    readonly op_name?: string
    readonly node_index?: string
    readonly provider?: string
    readonly input_type_shape?: readonly TypeShape[]
    readonly output_type_shape?: readonly TypeShape[]
  }
}

type TypeShape = Readonly<Record<string, readonly number[]>>

const suffix = '_kernel_time'

/**
 * Reads an onnxruntime profile: the first `warmup` runs are dropped, a kernel's time is the mean of the middle half of
 * the others'.
 *
 * The profiler counts in whole microseconds.
 */
export function readTrace(json: string, warmup: number): Trace {
  const events = parse(json)
  const creation = { loadMs: sessionMs(events, /^model_loading/), initializeMs: sessionMs(events, /^session_init/) }
  const runs = events
    .filter(({ name }) => name === 'model_run')
    .sort((a, b) => a.ts - b.ts)
    .slice(warmup)
  const first = runs[0]
  if (first === undefined) return { kernels: [], runs: 0, runMs: 0, creation }
  const byKernel = new Map<string, TraceEvent[]>()
  for (const event of outermost(events.filter(isKernel))) {
    if (event.ts < first.ts) continue
    const key = `${event.args.node_index}:${event.name}`
    const known = byKernel.get(key)
    if (known === undefined) byKernel.set(key, [event])
    else known.push(event)
  }
  const kernels = [...byKernel.values()].sort((a, b) => start(a) - start(b)).map((group) => kernel(group, runs.length))
  return { kernels, runs: runs.length, runMs: median(runs.map(({ dur }) => dur)) / 1000, creation }
}

const sessionMs = (events: readonly TraceEvent[], name: RegExp): number =>
  events.filter((event) => name.test(event.name)).reduce((sum, { dur }) => sum + dur, 0) / 1000

/** onnxruntime writes names into the profile as they are: one with a quote or a line end breaks its JSON. */
function parse(json: string): readonly TraceEvent[] {
  const plain = () => JSON.parse(json) as readonly TraceEvent[]
  const spelledOut = () =>
    JSON.parse(json.replace(rawName, (_, before, name, after) => before + JSON.stringify(name) + after))
  // a name with a backslash may be read without complaint, as another one
  if (json.includes('\\')) return spelledOut()
  try {
    return plain()
  } catch {
    return spelledOut()
  }
}

/** A name between what always stands around it. */
const rawName = /("ph" : "X","name" :)"([\w:]+|.*?_kernel_time)"(,"args" : \{)/gs

const isKernel = ({ cat, name }: TraceEvent) => cat === 'Node' && name.endsWith(suffix)

/** True for a kernel that runs a graph of its own. */
const isHost = ({ args }: TraceEvent) => ['If', 'Loop', 'Scan'].includes(args.op_name ?? '')

/** In order of time, without the kernels that run inside another one, whose time includes theirs. */
function outermost(events: readonly TraceEvent[]): TraceEvent[] {
  let end = Number.NEGATIVE_INFINITY
  return [...events]
    .sort((a, b) => a.ts - b.ts || Number(isHost(b)) - Number(isHost(a)))
    .filter((event) => {
      if (event.ts < end) return false
      if (isHost(event)) end = event.ts + event.dur
      return true
    })
}

const start = (events: readonly TraceEvent[]) => events[0]?.ts ?? 0

function kernel(events: readonly TraceEvent[], runs: number): TracedKernel {
  const { name, args } = events[0] as TraceEvent
  // the same kernel may run several times in one run, or in some runs only
  const executionsPerRun = events.length / runs
  return {
    name: name.slice(0, -suffix.length),
    op: args.op_name ?? '',
    nodeIndex: Number(args.node_index ?? -1),
    provider: args.provider ?? '',
    inputTypes: (args.input_type_shape ?? []).map(tensorType),
    outputTypes: (args.output_type_shape ?? []).map(tensorType),
    ms: (interquartileMean(events.map(({ dur }) => dur)) * executionsPerRun) / 1000,
  }
}

/** onnxruntime's profile names types as C++ does. */
const typeNames: Readonly<Record<string, string>> = { float: 'float32', double: 'float64' }

function tensorType(shape: TypeShape): TensorType {
  const [name = 'unknown', dims = []] = Object.entries(shape)[0] ?? []
  return { elementType: typeNames[name] ?? name, dims }
}
