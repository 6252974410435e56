import { analyze } from '../analyzers/analyze.js'
import { layerName } from '../onnx/names.js'
import { attribute } from '../runtime/attribution.js'
import { optimize } from '../runtime/optimize.js'
import { onnxruntimeVersion } from '../runtime/ort.js'
import { withScratchFolder } from '../runtime/scratch.js'
import type { ExecutedCost, ExecutedGraph, ExecutedLayer, Graph, Model, ModelNode, SessionSettings } from '../types.js'
import { typed } from './typed.js'
import { withFile } from './with-file.js'

const settings: SessionSettings = { provider: 'cpu', threads: 1, optimization: 'all' }

/**
 * What a model costs as onnxruntime executes it on the CPU: of its optimised graph, with the source layers each kernel
 * stands for. Weights are read, for folding and fusing need them; nothing is run.
 *
 * @param graph the model as written, its inputs of fixed sizes
 * @throws FlopgapError `rejected-model`
 */
export const executedCost = ({ model, tensors }: Graph): Promise<ExecutedCost> =>
  withFile(model, 0, (path) =>
    withScratchFolder(async (folder) => {
      const optimized = await optimize(path, settings, folder)
      const shapes = Object.fromEntries(
        optimized.inputs.map(({ name }) => [name, (tensors.get(name)?.dims ?? []) as readonly number[]]),
      )
      const { totals, coverage, layers } = analyze(await typed(optimized, { shapes, dims: {} }))
      const { sources, inserted } = attribute(model, kernelsOf(optimized))
      const kernels = optimized.nodes.flatMap((node, index) => (isKernel(node) ? [index] : []))
      return {
        provider: settings.provider,
        onnxruntime: onnxruntimeVersion(),
        totals,
        coverage,
        layers: kernels.map((index, kernel): ExecutedLayer => {
          const { name, op, domain, outputShape, macs, flops, readBytes, writeBytes } = layers[
            index
          ] as (typeof layers)[0]
          const nodes = (sources[kernel] ?? []).map((source) => layerName(model.nodes[source] as ModelNode))
          const cost = { macs, flops, readBytes, writeBytes }
          return { name, op, domain, nodes, inserted: inserted[kernel] ?? false, outputShape, ...cost }
        }),
      }
    }),
  )

const isKernel = ({ op, domain }: Model['nodes'][0]): boolean => op !== 'Constant' || domain !== ''

/** The optimised graph's nodes as kernels that have not run. */
const kernelsOf = (optimized: Model): ExecutedGraph => ({
  kernels: optimized.nodes.filter(isKernel).map(({ name, op, domain, inputs, outputs, attributes: { group } }) => ({
    ...{ name, op, domain, inputs, outputs, provider: settings.provider, profiledMs: 0, timeSource: 'launch' as const },
    group: group?.type === 'int' ? group.value : null,
    inputTypes: [],
    outputTypes: [],
  })),
  profiledRuns: 0,
  profiledRunMs: 0,
})
