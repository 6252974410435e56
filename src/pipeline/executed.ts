import { analyze } from '../analyzers/analyze.js'
import { layerName } from '../onnx/names.js'
import { attribute } from '../runtime/attribution.js'
import { onnxruntimeVersion } from '../runtime/ort.js'
import type { ExecutedCost, ExecutedLayer, Graph, LayerCost, ModelNode, SessionSettings } from '../types.js'
import { kernelPlaces, kernelsToRun, optimizedGraph } from './optimized.js'

const settings: SessionSettings = { provider: 'cpu', threads: 1, optimization: 'all' }

/**
 * What a model costs as onnxruntime executes it on the CPU: of its optimised graph, with the source layers each kernel
 * stands for. Weights are read, for folding and fusing need them; nothing is run.
 *
 * @param graph the model as written, its inputs of fixed sizes
 * @throws FlopgapError `rejected-model`
 */
export async function executedCost(graph: Graph): Promise<ExecutedCost> {
  const optimized = await optimizedGraph(graph, 0, settings)
  const { totals, coverage, layers } = analyze(optimized)
  const kernels = kernelsToRun(optimized, settings)
  const { sources, inserted } = attribute(graph.model, { kernels, profiledRuns: 0, profiledRunMs: 0 })
  return {
    provider: settings.provider,
    onnxruntime: onnxruntimeVersion(),
    totals,
    coverage,
    layers: kernelPlaces(optimized.model).map((place, index): ExecutedLayer => {
      const { name, op, domain, outputShape, macs, flops, readBytes, writeBytes } = layers[place] as LayerCost
      const nodes = (sources[index] ?? []).map((source) => layerName(graph.model.nodes[source] as ModelNode))
      const cost = { macs, flops, readBytes, writeBytes }
      return { name, op, domain, nodes, inserted: inserted[index] ?? false, outputShape, ...cost }
    }),
  }
}
