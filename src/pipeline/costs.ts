import { analyze } from '../analyzers/analyze.js'
import { publishedOf } from '../models/spec.js'
import type { Analysis, Graph } from '../types.js'

/** A graph's analysis, with what was published of the architecture where it was built from a spec. */
export const costs = (graph: Graph): Analysis => ({
  ...analyze(graph),
  published: graph.model.origin.kind === 'spec' ? publishedOf(graph.model.origin.spec) : null,
})
