import { identify } from '../analyzers/identify.js'
import { addRules } from '../analyzers/ops/index.js'
import { rareRules } from '../analyzers/ops/rare.js'
import { predictionReport } from '../analyzers/prediction.js'
import { noBinding } from '../onnx/bind.js'
import { byteSize, elements } from '../onnx/element-types.js'
import { fixedShape } from '../onnx/fixed-shape.js'
import { attribute } from '../runtime/attribution.js'
import { checkProvider, environmentOf } from '../runtime/environment.js'
import type { ExecutedKernel, Graph, Model, PredictionReport, SessionSettings, TensorType } from '../types.js'
import { ceilingsFor } from './calibrate.js'
import { costs } from './costs.js'
import { kernelsToRun, optimizedGraph } from './optimized.js'
import { type ProfileOptions, runnable } from './profile.js'

export type PredictOptions = Pick<ProfileOptions, 'binding' | 'threads' | 'seed' | 'optimization' | 'onProgress'>

const provider = 'cpu'

/**
 * How long a model takes on this machine, by the machine's calibration alone: onnxruntime optimises the model, for which it
 * reads the weights, and nothing of it is run.
 *
 * @throws FlopgapError as `analyzeModel`; `rejected-model`, `measuring-failed`, `measuring-crashed`
 */
export async function predictModel(model: Model, options: PredictOptions = {}): Promise<PredictionReport> {
  checkProvider(provider)
  const graph = await runnable(model, options.binding ?? noBinding, provider)
  return (await predictGraph(graph, options)).report
}

/** As `predictModel`, of a graph whose sizes are fixed; with the kernels that would run, in the report's order. */
export async function predictGraph(
  graph: Graph,
  options: PredictOptions,
): Promise<{ readonly report: PredictionReport; readonly kernels: readonly ExecutedKernel[] }> {
  const { threads = 1, seed = 0, optimization = 'all', onProgress = () => {} } = options
  const settings: SessionSettings = { provider, threads, optimization }
  const { model } = graph
  const ceilings = await ceilingsFor(settings, (share) => onProgress('calibrating this machine', share))
  onProgress(`optimising ${model.name}`, 0)
  const kernels = kernelsToRun(await optimizedGraph(graph, seed, settings), settings)
  addRules(rareRules)
  const report = predictionReport({
    analysis: identify(costs(graph), model, null),
    environment: environmentOf(settings),
    ceilings,
    kernels,
    attribution: attribute(model, { kernels, profiledRuns: 0, profiledRunMs: 0 }),
    outputBytes: graph.model.outputs.reduce((sum, { name }) => sum + bytesOf(graph.tensors.get(name)), 0),
  })
  return { report, kernels }
}

const bytesOf = (type: TensorType | undefined): number =>
  type === undefined ? 0 : (byteSize(type.elementType, elements(fixedShape(type) ?? [])) ?? 0)
