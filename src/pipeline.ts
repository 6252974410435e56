import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { analyze } from './analyzers/analyze.js'
import { type GapInput, gapReport } from './analyzers/gap.js'
import { architectures } from './models/index.js'
import { build } from './models/spec.js'
import { writeModel } from './models/write.js'
import { type Binding, noBinding } from './onnx/bind.js'
import { load } from './onnx/load.js'
import { attribute } from './runtime/attribution.js'
import { ceilingsFor } from './runtime/calibrate.js'
import { checkProvider, environmentOf } from './runtime/environment.js'
import { type Progress, measure } from './runtime/measure.js'
import { budgetOf } from './runtime/sample.js'
import { withScratchFolder } from './runtime/scratch.js'
import { checkModel, inferShapes } from './runtime/shapes.js'
import type { Analysis, BuiltFile, GapReport, Graph, Model, SessionSettings } from './types.js'

/** A model by its spec or by its file: whatever is no architecture's name and looks or is like a file, is one. */
export function open(target: string): Model {
  const isSpec = architectures.some(({ name }) => name === target.split(':')[0])
  const isFile = !isSpec && (/\.onnx$|[/\\]/i.test(target) || existsSync(target))
  return isFile ? load(target) : build(target)
}

/**
 * What a model costs, without running it.
 *
 * @param binding sizes for the dimensions that the model leaves open
 * @throws FlopgapError `free-dimensions`, `bad-shape` or `rejected-model`
 */
export const analyzeModel = async (model: Model, binding: Binding = noBinding): Promise<Analysis> =>
  analyze(await inferShapes(model, binding))

export interface ProfileOptions {
  readonly binding?: Binding
  /** An onnxruntime execution provider; `cpu` by default. */
  readonly provider?: string
  /** Threads inside a kernel; 1 by default. */
  readonly threads?: number
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
  const settings: SessionSettings = { provider, threads }
  checkProvider(provider)
  const graph = await inferShapes(model, binding)
  const ceilings = await ceilingsFor(settings, (share) => onProgress('calibrating this machine', share))
  return withFile(model, seed, async (path) => {
    const sha256 = await fileHash(path)
    const job = { path, inputs: feedTypes(graph), budget: budgetOf(maxTimeMs) }
    const report = (progress: Progress) => onProgress(`${progress.phase} ${model.name}`, progress.share)
    const [measurement] = await measure([job], settings, report)
    if (measurement === undefined) throw new Error('the measuring process measured nothing')
    return explain(graph, sha256, { environment: environmentOf(settings), ceilings, measurement })
  })
}

/** What was measured, and under what. */
export type Measured = Pick<GapInput, 'environment' | 'ceilings' | 'measurement'>

/** Explains a measurement of a model: everything that follows from it, and no clock. */
export const explainMeasurement = async (
  model: Model,
  binding: Binding,
  sha256: string | null,
  measured: Measured,
): Promise<GapReport> => explain(await inferShapes(model, binding), sha256, measured)

function explain(graph: Graph, sha256: string | null, measured: Measured): GapReport {
  const analysis = analyze(graph)
  return gapReport({
    ...measured,
    analysis: { ...analysis, model: { ...analysis.model, sha256 } },
    attribution: attribute(graph.model, measured.measurement.executed),
  })
}

/**
 * Builds an architecture into an ONNX file that onnxruntime accepts.
 *
 * @throws FlopgapError as `build`; `unwritable-output`
 */
export async function buildFile(spec: string, seed: number, path: string): Promise<BuiltFile> {
  const model = build(spec)
  const { totals } = await analyzeModel(model)
  await writeModel(model, seed, path, checkModel)
  return {
    spec: model.origin.kind === 'spec' ? model.origin.spec : spec,
    path,
    seed,
    params: totals.params,
    byteLength: statSync(path).size,
    sha256: await fileHash(path),
  }
}

/** A built model has no file yet: it gets one for as long as it is measured. */
const withFile = <T>({ origin, ...rest }: Model, seed: number, use: (path: string) => Promise<T>): Promise<T> =>
  origin.kind === 'file'
    ? use(origin.path)
    : withScratchFolder(async (folder) => {
        const path = join(folder, 'model.onnx')
        await writeModel({ origin, ...rest }, seed, path)
        return use(path)
      })

const feedTypes = ({ model, tensors }: Graph) =>
  model.inputs.map(({ name }) => {
    const type = tensors.get(name)
    return { name, elementType: type?.elementType ?? 'float32', dims: (type?.dims ?? []) as readonly number[] }
  })

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
