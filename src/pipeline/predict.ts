import { identify } from '../analyzers/identify.js'
import { addRules } from '../analyzers/ops/index.js'
import { rareRules } from '../analyzers/ops/rare.js'
import { predictionReport } from '../analyzers/prediction.js'
import { noBinding } from '../onnx/bind.js'
import { byteSize, elements } from '../onnx/element-types.js'
import { fixedShape } from '../onnx/fixed-shape.js'
import { attribute } from '../runtime/attribution.js'
import { checkProvider, environmentOf } from '../runtime/environment.js'
import type { Model, PredictionReport, SessionSettings, TensorType } from '../types.js'
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
  const { binding = noBinding, threads = 1, seed = 0, optimization = 'all', onProgress = () => {} } = options
  const settings: SessionSettings = { provider, threads, optimization }
  checkProvider(provider)
  const graph = await runnable(model, binding, provider)
  const ceilings = await ceilingsFor(settings, (share) => onProgress('calibrating this machine', share))
  onProgress(`optimising ${model.name}`, 0)
  const kernels = kernelsToRun(await optimizedGraph(graph, seed, settings), settings)
  addRules(rareRules)
  return predictionReport({
    analysis: identify(costs(graph), model, null),
    environment: environmentOf(settings),
    ceilings,
    kernels,
    attribution: attribute(model, { kernels, profiledRuns: 0, profiledRunMs: 0 }),
    outputBytes: graph.model.outputs.reduce((sum, { name }) => sum + bytesOf(graph.tensors.get(name)), 0),
  })
}

const bytesOf = (type: TensorType | undefined): number =>
  type === undefined ? 0 : (byteSize(type.elementType, elements(fixedShape(type) ?? [])) ?? 0)
