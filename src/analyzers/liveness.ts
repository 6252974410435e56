import type { Graph } from '../types.js'
import { tensorBytes } from './cost.js'
import { ruleOf } from './ops/index.js'

/**
 * The most activation bytes alive at once, running the nodes in the file's order and freeing each tensor after its
 * last use.
 *
 * Weights are not activations; views share their input's memory; graph inputs and outputs are the caller's and live
 * through the whole run. Null where a tensor's size is not known, or a node has a graph of its own (If, Loop, Scan), which
 * may hold any tensor alive.
 */
export function peakActivationBytes(graph: Graph): number | null {
  const { nodes, inputs } = graph.model
  if (nodes.some(({ op, domain }) => domain === '' && ['If', 'Loop', 'Scan'].includes(op))) return null
  const memory = new Memory(graph)
  let known = inputs.every(({ name }) => memory.allocate(name))
  for (const [index, node] of nodes.entries()) {
    known &&= node.outputs.every((name) => memory.allocate(name))
    for (const name of [...node.inputs, ...node.outputs]) memory.freeAfter(name, index)
  }
  return known ? memory.peak : null
}

/** Activation memory during a run. */
class Memory {
  peak = 0
  #bytes = 0
  readonly #graph: Graph
  readonly #constants: ReadonlySet<string>
  readonly #owner: ReadonlyMap<string, string>
  readonly #lastUse = new Map<string, number>()
  readonly #alive = new Map<string, number>()

  constructor(graph: Graph) {
    const { nodes, inputs, outputs, weights } = graph.model
    this.#graph = graph
    const constantNodes = nodes.filter(({ op }) => op === 'Constant')
    this.#constants = new Set([...weights.keys(), ...constantNodes.flatMap((node) => node.outputs)])
    this.#owner = owners(nodes, this.#constants)
    for (const [index, node] of nodes.entries()) {
      for (const name of [...node.inputs, ...node.outputs]) this.#lastUse.set(this.#ownerOf(name), index)
    }
    for (const { name } of [...inputs, ...outputs]) this.#lastUse.set(this.#ownerOf(name), nodes.length)
  }

  /** False where the tensor's size is not known. */
  allocate(name: string): boolean {
    if (name === '' || this.#constants.has(name) || this.#ownerOf(name) !== name || this.#alive.has(name)) return true
    const size = tensorBytes(this.#graph.tensors.get(name))
    if (size === null) return false
    this.#alive.set(name, size)
    this.#bytes += size
    this.peak = Math.max(this.peak, this.#bytes)
    return true
  }

  /** Frees the memory behind a tensor if node `index` is the last to use it. */
  freeAfter(name: string, index: number): void {
    const owner = this.#ownerOf(name)
    if (this.#lastUse.get(owner) !== index) return
    this.#bytes -= this.#alive.get(owner) ?? 0
    this.#alive.delete(owner)
  }

  #ownerOf(name: string): string {
    return this.#owner.get(name) ?? name
  }
}

/** By the name of a view, the tensor whose memory it shares. */
function owners(nodes: Graph['model']['nodes'], constants: ReadonlySet<string>): Map<string, string> {
  const owner = new Map<string, string>()
  for (const { domain, op, inputs, outputs } of nodes) {
    const [source = ''] = inputs
    const [view = ''] = outputs
    if (ruleOf(domain, op)?.traffic !== 'view' || constants.has(source)) continue
    owner.set(view, owner.get(source) ?? source)
  }
  return owner
}
