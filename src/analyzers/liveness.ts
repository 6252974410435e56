import { namesRead } from '../onnx/body.js'
import { layerName } from '../onnx/names.js'
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
 * through the whole run. A graph inside a node adds its own peak while the node runs: of two open branches the larger one.
 * Null where a tensor's size is not known.
 */
export function peakActivations(graph: Graph): PeakActivations | null {
  const { nodes } = graph.model
  const at = run(graph, new Memory(graph))
  if (at === null) return null
  // the same run as far as the peak, so that nothing is copied on the way
  const memory = new Memory(graph)
  run(graph, memory, at)
  const node = nodes[at]
  return {
    bytes: memory.peak,
    layer: node === undefined ? null : layerName(node),
    tensors: [
      ...liveTensors(graph, memory.alive),
      ...(node === undefined ? [] : (inside(graph, node)?.tensors ?? [])),
    ].sort((a, b) => b.bytes - a.bytes),
  }
}

/** What the graphs inside a node hold at most; null where that is not known. */
function inside(graph: Graph, node: ModelNode): Pick<PeakActivations, 'bytes' | 'tensors'> | null {
  const isCall = graph.model.functions.has(`${node.domain}:${node.op}`)
  let most: Pick<PeakActivations, 'bytes' | 'tensors'> = { bytes: 0, tensors: [] }
  for (const { graph: body, isTaken } of graph.bodies.get(node) ?? []) {
    if (isTaken === false) continue
    // a function reads its inputs where they are; a loop carries values of its own
    const peak = peakActivations(isCall ? { ...body, model: { ...body.model, inputs: [] } } : body)
    if (peak === null) return null
    if (peak.bytes > most.bytes) most = peak
  }
  return most
}

/**
 * Allocates and frees as running does, up to the outputs of node `last`.
 *
 * @returns the node at which the peak was reached, -1 for none; null where a size is not known
 */
function run(graph: Graph, memory: Memory, last = Number.POSITIVE_INFINITY): number | null {
  const { model, bodies } = graph
  let known = model.inputs.every(({ name }) => memory.allocate(name))
  let at = -1
  for (const [index, node] of model.nodes.entries()) {
    if (index > last) break
    const before = memory.peak
    known &&= node.outputs.every((name) => memory.allocate(name))
    if (bodies.has(node)) known = known && memory.visit(inside(graph, node)?.bytes ?? null)
    if (memory.peak > before) at = index
    if (index === last) break
    for (const name of touched(node)) memory.freeAfter(name, index)
  }
  return known ? at : null
}

const touched = (node: ModelNode): string[] => [...namesRead(node), ...node.outputs]

function liveTensors({ model, tensors }: Graph, alive: ReadonlyMap<string, number>): LiveTensor[] {
  const writers = new Map(model.nodes.flatMap((node) => node.outputs.map((name) => [name, layerName(node)])))
  const live = [...alive].map(([name, bytes]) => ({
    name,
    shape: (tensors.get(name)?.dims ?? []) as readonly number[],
    elementType: tensors.get(name)?.elementType ?? 'unknown',
    bytes,
    layer: writers.get(name) ?? null,
  }))
  return live
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
      for (const name of touched(node)) this.#lastUse.set(this.#ownerOf(name), index)
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

  /** Counts memory that is held for one node alone; false where it is not known. */
  visit(bytes: number | null): boolean {
    this.peak = Math.max(this.peak, this.#bytes + (bytes ?? 0))
    return bytes !== null
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
