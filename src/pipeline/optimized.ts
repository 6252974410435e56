import { fixedShape } from '../onnx/fixed-shape.js'
import { kernelAttributes } from '../runtime/executed.js'
import { optimize } from '../runtime/optimize.js'
import { withScratchFolder } from '../runtime/scratch.js'
import type { ExecutedKernel, Graph, Model, SessionSettings } from '../types.js'
import { typed } from './typed.js'
import { withFile } from './with-file.js'

/**
 * The graph that onnxruntime makes of a model to execute it. Weights are read, for folding and fusing need them; nothing is
 * run.
 *
 * @param graph the model as written, its inputs of fixed sizes
 * @throws FlopgapError `rejected-model`
 */
export const optimizedGraph = (graph: Graph, seed: number, settings: SessionSettings): Promise<Graph> =>
  withFile(graph, seed, (file) =>
    withScratchFolder(async (folder) => {
      const optimized = await optimize(file, settings, folder)
      const shapes = Object.fromEntries(
        optimized.inputs.map(({ name }) => [name, fixedShape(graph.tensors.get(name)) ?? []]),
      )
      return typed(optimized, { shapes, dims: {} })
    }),
  )

/** Places of the nodes that are kernels. */
export const kernelPlaces = ({ nodes }: Model): number[] =>
  nodes.flatMap(({ op, domain }, index) => (op !== 'Constant' || domain !== '' ? [index] : []))

/** An optimised graph's nodes as kernels that have not run. */
export function kernelsToRun({ model, tensors }: Graph, { provider }: SessionSettings): ExecutedKernel[] {
  const typesOf = (names: readonly string[]) => names.filter(Boolean).flatMap((name) => tensors.get(name) ?? [])
  return kernelPlaces(model).map((place) => {
    const { name, op, domain, inputs, outputs, attributes } = model.nodes[place] as Model['nodes'][0]
    return {
      ...{ name, op, domain, inputs, outputs, provider, profiledMs: 0, timeSource: 'launch' as const },
      attributes: kernelAttributes(attributes),
      inputTypes: typesOf(inputs),
      outputTypes: typesOf(outputs),
    }
  })
}
