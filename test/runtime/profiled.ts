import type { InferenceSession } from 'onnxruntime-node'
import { expect } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { noBinding } from '../../src/onnx/bind.js'
import { load } from '../../src/onnx/load.js'
import { attribute } from '../../src/runtime/attribution.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import type {
  Attribution,
  ExecutedGraph,
  GapReport,
  Graph,
  LayerCost,
  SessionSettings,
  TensorType,
} from '../../src/types.js'
import { type Ran, runProfiled, type SessionOf } from './profiled-session.js'

export const levels = ['disabled', 'basic', 'extended', 'all'] as const
type Level = NonNullable<InferenceSession.SessionOptions['graphOptimizationLevel']>

export interface Profiled {
  readonly graph: Graph
  readonly layers: readonly LayerCost[]
  readonly executed: ExecutedGraph
  readonly attribution: Attribution
}

export type Shapes = Readonly<Record<string, readonly number[]>>

/** Runs a file a few times under the profiler, at any level of optimisation, and attributes its kernels. */
export async function profiled(path: string, level: Level, folder: string, shapes: Shapes = {}): Promise<Profiled> {
  const { graph, session } = await toRun(path, { provider: 'cpu', threads: 1, optimization: level }, shapes)
  return attributed(graph, await runProfiled(session, folder))
}

/** A file's graph as written, and a session of it. */
export async function toRun(path: string, settings: SessionSettings, shapes: Shapes) {
  const graph = await inferShapes(load(path), { ...noBinding, shapes })
  const inputs = graph.model.inputs.map(({ name }) => {
    const { elementType, dims } = graph.tensors.get(name) as TensorType
    return { name, elementType, dims: dims as readonly number[] }
  })
  const session: SessionOf = { path, settings, inputs }
  return { graph, session }
}

export const attributed = (graph: Graph, ran: Ran): Profiled & Ran => ({
  ...ran,
  graph,
  layers: analyze(graph).layers,
  attribution: attribute(graph.model, ran.executed),
})

const sizeOf = (dims: readonly (number | string)[]): number => dims.reduce<number>((size, dim) => size * Number(dim), 1)

/** Blocks hold 8 or 16 channels, so a tensor in blocks may be larger than the source's. */
const padded = ([batch = 1, channels = 1, ...rest]: readonly (number | string)[]) => [
  batch,
  Math.ceil(Number(channels) / 16) * 16,
  ...rest,
]

/** Checks what must be true of every attribution of a network that holds no functions, loops or repeated nodes. */
export function expectWholeAttribution({ graph, layers, executed, attribution }: Profiled): void {
  const { sources, inserted, fates, parts } = attribution
  const { nodes } = graph.model
  const claimed = sources.flat()
  expect(new Set(claimed).size, 'a node has one kernel').toBe(claimed.length)
  expect(nodes.filter((_, node) => fates[node] === 'unmatched').map(({ name }) => name)).toEqual([])
  for (const [index, kernel] of executed.kernels.entries()) {
    const own = sources[index] ?? []
    if (inserted[index]) expect(own).toEqual([])
    else expect(own.length + (parts[index] === null ? 0 : 1), `${kernel.name} stands for something`).toBeGreaterThan(0)
    const last = nodes[own.at(-1) ?? -1]
    if (last === undefined) continue
    // the last node a kernel stands for makes what the kernel makes
    const wanted = graph.tensors.get(last.outputs[0] ?? '')?.dims ?? []
    const made = kernel.outputTypes[0]?.dims ?? []
    const sizes = [sizeOf(wanted), sizeOf(padded(wanted))]
    expect(
      [sizeOf(made), sizeOf(padded(made))].some((size) => sizes.includes(size)),
      kernel.name,
    ).toBe(true)
  }
  const isDone = (node: number) => fates[node] !== 'folded' && fates[node] !== 'removed'
  const macs = (of: readonly number[]) => of.reduce((sum, node) => sum + (layers[node]?.macs ?? 0), 0)
  expect(macs(claimed)).toBe(macs([...nodes.keys()].filter(isDone)))
}

/** Checks each tensor that a kernel makes under its source name against the type that was inferred for it. */
export function expectInferredTypes({ graph, executed }: Pick<Profiled, 'graph' | 'executed'>): number {
  let compared = 0
  for (const { outputs, outputTypes } of executed.kernels) {
    for (const [position, name] of outputs.filter(Boolean).entries()) {
      const inferred = graph.tensors.get(name)
      if (inferred === undefined) continue
      compared += 1
      expect({ name, ...outputTypes[position] }).toEqual({ name, ...inferred })
    }
  }
  return compared
}

/** A kernel that was added stands after a layer, unless it reads the model's input, and before one that reads it. */
export function expectPlaces({
  attribution,
  measurement,
  layers,
}: Pick<GapReport, 'attribution' | 'measurement' | 'layers'>): void {
  const { kernels } = measurement.executed
  const names = new Set(layers.map(({ name }) => name))
  for (const { name, after, before } of attribution.inserted) {
    const own = kernels.find((kernel) => kernel.name === name)
    const isMade = kernels.some(({ outputs }) => outputs.includes(own?.inputs[0] ?? ''))
    const isRead = kernels.some(({ inputs }) => inputs.includes(own?.outputs[0] ?? ''))
    if (isMade) expect(names, `${name} has a layer before it`).toContain(after)
    else expect(after, name).toBeNull()
    if (isRead) expect(names, `${name} has a layer behind it`).toContain(before)
    else expect(before, name).toBeNull()
  }
}
