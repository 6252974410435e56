import { join } from 'node:path'
import { expect } from 'vitest'
import { layerCosts } from '../../src/analyzers/cost.js'
import { noBinding } from '../../src/onnx/bind.js'
import { load } from '../../src/onnx/load.js'
import { onnxruntime } from '../../src/runtime/ort.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import type { Graph, LayerCost } from '../../src/types.js'

export interface Counted {
  readonly graph: Graph
  readonly layers: readonly LayerCost[]
  readonly macs: number
  readonly flops: number
}

type Shapes = Readonly<Record<string, readonly number[]>>

/** A file's costs. */
export async function counted(path: string, shapes: Shapes = {}): Promise<Counted> {
  const graph = await inferShapes(load(path), { ...noBinding, shapes })
  const layers = layerCosts(graph)
  const sum = (key: 'macs' | 'flops') => layers.reduce((total, layer) => total + (layer[key] ?? 0), 0)
  return { graph, layers, macs: sum('macs'), flops: sum('flops') }
}

/** The same model as onnxruntime optimises it for this machine. */
export async function optimized(
  path: string,
  level: 'extended' | 'all',
  folder: string,
  shapes: Shapes = {},
): Promise<Counted> {
  const optimizedModelFilePath = join(folder, `${level}.onnx`)
  const session = await onnxruntime().InferenceSession.create(path, {
    graphOptimizationLevel: level,
    optimizedModelFilePath,
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  })
  await session.release()
  return counted(optimizedModelFilePath, shapes)
}

const uncounted = ({ layers }: Counted): string[] => [
  ...new Set(layers.filter(({ status }) => status === 'uncounted').map(({ domain, op }) => `${domain}:${op}`)),
]

export const operators = ({ layers }: Counted): Set<string> =>
  new Set(layers.map(({ domain, op }) => (domain === '' ? op : `${domain}:${op}`)))

export const expectAllCounted = (...models: readonly Counted[]) => expect(models.flatMap(uncounted)).toEqual([])
