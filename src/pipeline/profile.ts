import { totalmem } from 'node:os'
import { FlopgapError } from '../errors.js'
import { type Binding, noBinding } from '../onnx/bind.js'
import { byteSize, elements } from '../onnx/element-types.js'
import { checkLimit } from '../onnx/protobuf-limit.js'
import { usable } from '../runtime/adapter.js'
import { checkProvider, environmentOf } from '../runtime/environment.js'
import { measureModel } from '../runtime/launches.js'
import type { GapReport, Graph, Model, OptimizationLevel } from '../types.js'
import { ceilingsFor } from './calibrate.js'
import { explain } from './explain.js'
import { fileHash } from './file-hash.js'
import { typed } from './typed.js'
import { withFile } from './with-file.js'

export interface ProfileOptions {
  readonly binding?: Binding
  /** An onnxruntime execution provider; `cpu` by default. */
  readonly provider?: string
  /** How long the provider may take to run a first kernel, in milliseconds; two minutes by default. */
  readonly providerTimeoutMs?: number
  /** Threads inside a kernel; 1 by default. */
  readonly threads?: number
  /** How far onnxruntime rewrites the graph; `all` by default. */
  readonly optimization?: OptimizationLevel
  /** Processes that the runs are spread over; six by default, fewer where one takes long to start. */
  readonly launches?: number
  /** Time to measure for, in milliseconds; 10,000 by default. Calibration, once a machine, comes on top. */
  readonly maxTimeMs?: number
  /** Of a built model's weights; 0 by default. */
  readonly seed?: number
  readonly onProgress?: (stage: string, share: number) => void
}

/**
 * What a model costs, how long it takes here, and why the two differ.
 *
 * @throws FlopgapError as `analyzeModel`; `unknown-provider`, `provider-unavailable`, `measuring-failed`,
 *   `measuring-crashed`
 */
export async function profileModel(model: Model, options: ProfileOptions = {}): Promise<GapReport> {
  const { binding = noBinding, provider = 'cpu', threads = 1, maxTimeMs = 10_000, seed = 0 } = options
  const onProgress = options.onProgress ?? (() => {})
  checkProvider(provider)
  const graph = await runnable(model, binding, provider)
  const inputs = feedTypes(graph)
  const settings = await usable(
    { provider, threads, optimization: options.optimization ?? 'all' },
    options.providerTimeoutMs,
  )
  const ceilings = await ceilingsFor(settings, (share) => onProgress('calibrating this machine', share))
  return withFile(graph, seed, async (file, original) => {
    const sha256 = await fileHash(original)
    const measurement = await measureModel({ ...file, inputs }, settings, {
      ...(options.launches === undefined ? {} : { launches: options.launches }),
      totalMs: maxTimeMs,
      onProgress: (phase, share) => onProgress(`${phase} ${model.name}`, share),
    })
    return explain(graph, sha256, { environment: environmentOf(settings), ceilings, measurement })
  })
}

/**
 * A model's graph, if onnxruntime can run it as far as can be told before.
 *
 * @throws FlopgapError as `analyzeModel`
 */
export async function runnable(model: Model, binding: Binding, provider: string): Promise<Graph> {
  checkLimit(model)
  const graph = await typed(model, binding)
  if (provider === 'cpu' && graph.refused.length > 0) throw cannotRun(graph.refused)
  return graph
}

const cannotRun = (ops: readonly string[]) =>
  new FlopgapError(
    'rejected-model',
    `onnxruntime does not accept the model: it cannot run ${ops.join(', ')} on the CPU`,
    'flopgap analyze counts all nodes that it can.',
  )

/** @throws FlopgapError `bad-shape` for an input that is no tensor, or one that this machine cannot hold */
export const feedTypes = ({ model, tensors }: Graph) =>
  model.inputs.map(({ name }) => {
    const type = tensors.get(name)
    if (type === undefined) {
      throw new FlopgapError('bad-shape', `input ${JSON.stringify(name)} is not a tensor; only tensors can be fed`)
    }
    const { elementType, dims } = type
    const size = byteSize(elementType, elements(dims as readonly number[])) ?? 0
    if (size <= Math.min(totalmem(), largestInput)) return { name, elementType, dims: dims as readonly number[] }
    throw new FlopgapError(
      'bad-shape',
      `input ${JSON.stringify(name)} of ${dims.join('x')} would take ${(size / 1e9).toFixed(0)} GB`,
      'Give it a smaller --shape.',
    )
  })

/** The longest array of Node. */
const largestInput = 2 ** 33 - 1
