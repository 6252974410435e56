import { fixedShape } from '../onnx/fixed-shape.js'
import type { ExecutedGraph, Graph } from '../types.js'

/**
 * A graph with the sizes that one real run showed where data decide them: of tensors that a kernel wrote under the name
 * they have in the file.
 */
export function withSeenShapes(graph: Graph, { kernels }: ExecutedGraph): Graph {
  const made = new Set(graph.model.nodes.flatMap(({ outputs }) => outputs))
  const tensors = new Map(graph.tensors)
  const shapesFrom = new Map(graph.shapesFrom)
  for (const { outputs, outputTypes } of kernels) {
    for (const [index, name] of outputs.filter(Boolean).entries()) {
      const type = outputTypes[index]
      if (type === undefined || !made.has(name) || fixedShape(tensors.get(name)) !== null) continue
      tensors.set(name, type)
      shapesFrom.set(name, 'run')
    }
  }
  return shapesFrom.size === graph.shapesFrom.size ? graph : { ...graph, tensors, shapesFrom }
}
