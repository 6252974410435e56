import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InferenceSession } from 'onnxruntime-node'
import { expect } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { noBinding } from '../../src/onnx/bind.js'
import { load } from '../../src/onnx/load.js'
import { attribute } from '../../src/runtime/attribution.js'
import { executedGraph } from '../../src/runtime/executed.js'
import { makeFeeds } from '../../src/runtime/feeds.js'
import { onnxruntime } from '../../src/runtime/ort.js'
import { sessionOptions } from '../../src/runtime/session.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import { readTrace } from '../../src/runtime/trace.js'
import type { Attribution, ExecutedGraph, Graph, LayerCost, TensorType } from '../../src/types.js'

export const levels = ['disabled', 'basic', 'extended', 'all'] as const
type Level = NonNullable<InferenceSession.SessionOptions['graphOptimizationLevel']>

export interface Profiled {
  readonly graph: Graph
  readonly layers: readonly LayerCost[]
  readonly executed: ExecutedGraph
  readonly attribution: Attribution
}

/** Runs a file a few times under the profiler, at any level of optimisation, and attributes its kernels. */
export async function profiled(
  path: string,
  level: Level,
  folder: string,
  shapes: Readonly<Record<string, readonly number[]>> = {},
): Promise<Profiled> {
  const graph = await inferShapes(load(path), { ...noBinding, shapes })
  const inputs = graph.model.inputs.map(({ name }) => {
    const { elementType, dims } = graph.tensors.get(name) as TensorType
    return { name, elementType, dims: dims as readonly number[] }
  })
  const place = join(folder, `session-${readdirSync(folder).length}`)
  mkdirSync(place)
  const optimized = join(place, 'optimized.onnx')
  const session = await onnxruntime().InferenceSession.create(path, {
    ...sessionOptions({ provider: 'cpu', threads: 1, optimization: level }),
    enableProfiling: true,
    profileFilePrefix: join(place, 'profile'),
    optimizedModelFilePath: optimized,
    // with its weights in a file of their own, the graph is written in the order of execution
    extra: {
      session: {
        optimized_model_external_initializers_file_name: 'optimized.data',
        optimized_model_external_initializers_min_size_in_bytes: '1024',
      },
    },
  })
  const feeds = makeFeeds(inputs)
  for (let run = 0; run < 3; run++) await session.run(feeds)
  session.endProfiling()
  await session.release()
  const json = readdirSync(place).find((name) => name.startsWith('profile')) ?? ''
  const executed = executedGraph(readTrace(readFileSync(join(place, json), 'utf8'), 1), load(optimized), inputs)
  return { graph, layers: analyze(graph).layers, executed, attribution: attribute(graph.model, executed) }
}

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
