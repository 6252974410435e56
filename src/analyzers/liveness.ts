import type { Graph, LiveTensor, ModelNode, PeakActivations } from '../types.js'
import { tensorBytes } from './cost.js'
import { ruleOf } from './ops/index.js'

/** The most activation bytes alive at once; see `peakActivations`. */
export const peakActivationBytes = (graph: Graph): number | null => peakActivations(graph)?.bytes ?? null

/**
 * The moment at which most activation bytes are alive, running the nodes in the file's order and freeing each tensor
 * after its last use: the first such moment, and the tensors alive then.
 *
 * Weights are not activations; views share their input's memory; graph inputs and outputs are the caller's and live
 * through the whole run. Null where a tensor's size is not known, or a node has a graph of its own (If, Loop, Scan), which
 * may hold any tensor alive.
 */
export function peakActivations(graph: Graph): PeakActivations | null {
  const { nodes } = graph.model
  if (nodes.some(({ op, domain }) => domain === '' && ['If', 'Loop', 'Scan'].includes(op))) return null
  const at = run(graph, new Memory(graph))
  if (at === null) return null
  // the same run as far as the peak, so that nothing is copied on the way
  const memory = new Memory(graph)
  run(graph, memory, at)
  const node = nodes[at]
  return {
    bytes: memory.peak,
    layer: node === undefined ? null : layerName(node),
    tensors: liveTensors(graph, memory.alive),
  }
}

/**
 * Allocates and frees as running does, up to the outputs of node `last`.
 *
 * @returns the node at which the peak was reached, -1 for none; null where a size is not known
 */
function run({ model }: Graph, memory: Memory, last = Number.POSITIVE_INFINITY): number | null {
  let known = model.inputs.every(({ name }) => memory.allocate(name))
  let at = -1
  for (const [index, node] of model.nodes.entries()) {
    if (index > last) break
    const before = memory.peak
    known &&= node.outputs.every((name) => memory.allocate(name))
    if (memory.peak > before) at = index
    if (index === last) break
    for (const name of [...node.inputs, ...node.outputs]) memory.freeAfter(name, index)
  }
  return known ? at : null
}

const layerName = ({ name, outputs }: ModelNode): string => name || (outputs[0] ?? '')

function liveTensors({ model, tensors }: Graph, alive: ReadonlyMap<string, number>): LiveTensor[] {
  const writers = new Map(model.nodes.flatMap((node) => node.outputs.map((name) => [name, layerName(node)])))
  const live = [...alive].map(([name, bytes]) => ({
    name,
    shape: (tensors.get(name)?.dims ?? []) as readonly number[],
    elementType: tensors.get(name)?.elementType ?? 'unknown',
    bytes,
    layer: writers.get(name) ?? null,
  }))
  return live.sort((a, b) => b.bytes - a.bytes)
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

  /** Bytes by tensor. */
  get alive(): ReadonlyMap<string, number> {
    return this.#alive
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
