import type { Attribution, ExecutedGraph, ExecutedKernel, ModelNode, NodeFate, Weight } from '../types.js'
import { functionCall, type Origin, originOf } from './kernel-name.js'
import { SourceGraph } from './source-graph.js'

/** Operators that onnxruntime adds to move data between layouts, types and devices. */
const movers = new Set([
  'ReorderInput',
  'ReorderOutput',
  'MemcpyFromHost',
  'MemcpyToHost',
  'Transpose',
  'Cast',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Identity',
])

/** onnxruntime's longest chain from a kernel's own operator to what it computes in the end is shorter. */
const longestFusion = 12

/** What a model must show to be attributed to. */
export interface Source {
  readonly nodes: readonly ModelNode[]
  readonly weights: ReadonlyMap<string, Weight>
  readonly outputs: readonly { readonly name: string }[]
}

/**
 * Finds the source nodes that each executed kernel stands for.
 *
 * A kernel computes its outputs from its inputs, so it stands for the source nodes between them. The tensors of the
 * executed graph are matched to those of the source: by name where it kept one; across inserted movers, whose two sides
 * are one source tensor; otherwise from the kernel's anchor, following the source graph forward through nodes that no
 * other kernel computes.
 */
export function attribute(source: Source, { kernels }: ExecutedGraph): Attribution {
  return new Matcher(new SourceGraph(source), kernels).match()
}

class Matcher {
  readonly #graph: SourceGraph
  readonly #kernels: readonly ExecutedKernel[]
  readonly #origins: readonly Origin[]
  /** By kernel, whether it moves data where the source has another operator or none. */
  readonly #moves: readonly boolean[]
  /** By executed tensor that has no source name, the source tensor it holds. */
  readonly #alias = new Map<string, string>()
  /** By source node, the kernel that computes it. */
  readonly #owner = new Map<number, number>()

  constructor(graph: SourceGraph, kernels: readonly ExecutedKernel[]) {
    this.#graph = graph
    this.#kernels = kernels
    this.#origins = kernels.map((kernel) => originOf(kernel, graph))
    this.#moves = kernels.map((kernel) => this.#isMove(kernel))
  }

  match(): Attribution {
    this.#aliasBackward()
    const anchors = this.#kernels.map((kernel, index) => this.#anchors(kernel, index))
    for (const [index, kernel] of this.#kernels.entries()) {
      if (functionCall(kernel.outputs[0] ?? '') !== undefined) continue
      if (this.#moves[index]) this.#aliasForward(kernel, index)
      else this.#claim(kernel, index, anchors[index] ?? [])
    }
    const sources = this.#kernels.map((): number[] => [])
    for (const [node, kernel] of [...this.#owner].sort(([a], [b]) => a - b)) sources[kernel]?.push(node)
    const parts = this.#parts(sources)
    return {
      sources,
      parts,
      fates: this.#graph.nodes.map((_, node) => this.#fate(node)),
      inserted: this.#moves.map((moves, index) => moves && sources[index]?.length === 0 && parts[index] === null),
    }
  }

  /** A function that runs as its definition belongs to the kernel that ends it; the others are its parts. */
  #parts(sources: readonly (readonly number[])[]): readonly (number | null)[] {
    const calls = new Map<string, number>()
    for (const [index, { inputs }] of this.#kernels.entries()) {
      const [node] = sources[index] ?? []
      for (const call of inputs.map(functionCall)) if (call !== undefined && node !== undefined) calls.set(call, node)
    }
    return this.#kernels.map(({ outputs }) => calls.get(functionCall(outputs[0] ?? '') ?? '') ?? null)
  }

  /** The source tensor that an executed tensor holds. */
  #resolve(tensor: string): string | undefined {
    return this.#graph.has(tensor) ? tensor : this.#alias.get(tensor)
  }

  #inputsOf = ({ inputs }: ExecutedKernel): ReadonlySet<string> =>
    new Set(inputs.map((input) => this.#resolve(input)).filter((name) => name !== undefined))

  #dataIn = (tensors: ReadonlySet<string>): string[] => [...tensors].filter((name) => !this.#graph.isConstant(name))

  #isMove({ op, outputs, name }: ExecutedKernel): boolean {
    if (!movers.has(op)) return false
    const producer = this.#graph.producerOf(outputs[0] ?? '')
    const named = this.#graph.nodeNamed(name)
    return producer?.op !== op && named?.op !== op
  }

  /** What a mover writes is what it reads; known outputs tell of inputs. */
  #aliasBackward(): void {
    for (let index = this.#kernels.length - 1; index >= 0; index--) {
      if (!this.#moves[index]) continue
      const { op, inputs, outputs } = this.#kernels[index] as ExecutedKernel
      const written = this.#resolve(outputs[0] ?? '')
      const input = inputs[0] ?? ''
      if (written === undefined || this.#resolve(input) !== undefined) continue
      const transpose = op === 'ReorderOutput' ? this.#graph.producer(written) : undefined
      this.#alias.set(input, this.#absorb(transpose, index)?.inputs[0] ?? written)
    }
  }

  #aliasForward({ op, inputs, outputs }: ExecutedKernel, index: number): void {
    const read = this.#resolve(inputs[0] ?? '')
    const output = outputs[0] ?? ''
    if (read === undefined || this.#resolve(output) !== undefined) return
    const [transpose, ...others] = op === 'ReorderInput' ? this.#graph.consumers(read) : []
    this.#alias.set(output, (others.length === 0 && this.#absorb(transpose, index)?.outputs[0]) || read)
  }

  /** A reorder between NHWC and blocks does the Transpose that the source has there; returns that node. */
  #absorb(node: number | undefined, kernel: number): ModelNode | undefined {
    const found = node === undefined || this.#owner.has(node) ? undefined : this.#graph.nodes[node]
    if (node === undefined || found?.op !== 'Transpose') return undefined
    this.#owner.set(node, kernel)
    return found
  }

  /** Source tensors that a kernel surely computes; their nodes are kept for it. */
  #anchors(kernel: ExecutedKernel, index: number): readonly string[] {
    if (this.#moves[index]) return []
    const { op, tensors } = this.#origins[index] as Origin
    const inputs = this.#inputsOf(kernel)
    const outputs = kernel.outputs.map((output) => this.#resolve(output))
    const anchors = [...tensors, ...outputs].filter((tensor) => tensor !== undefined)
    for (const tensor of anchors) {
      for (const node of this.#pathToKind(tensor, op, inputs)) {
        if (!this.#owner.has(node)) this.#owner.set(node, index)
      }
    }
    return anchors
  }

  /** The nodes from a tensor's producer back to the nearest one of the wanted kind; the producer alone if none is. */
  #pathToKind(tensor: string, kind: string, inputs: ReadonlySet<string>): readonly number[] {
    const start = this.#graph.producer(tensor)
    if (start === undefined) return []
    const paths: (readonly number[])[] = [[start]]
    const seen = new Set([start])
    for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
      const { op, inputs: needed } = this.#graph.nodes[path.at(-1) as number] as ModelNode
      if (op === kind) return path
      if (path.length >= longestFusion) continue
      for (const name of needed) {
        const node = inputs.has(name) ? undefined : this.#graph.producer(name)
        if (node === undefined || seen.has(node) || this.#owner.has(node) || this.#graph.isFoldable(node)) continue
        seen.add(node)
        paths.push([...path, node])
      }
    }
    return [start]
  }

  #claim(kernel: ExecutedKernel, index: number, anchors: readonly string[]): void {
    const inputs = this.#inputsOf(kernel)
    const starts = anchors.length > 0 ? anchors : this.#namelessAnchors(index, inputs)
    for (const tensor of starts) this.#claimBackward(tensor, index, inputs)
    const [unknown] = kernel.outputs.filter((output) => output !== '' && this.#resolve(output) === undefined)
    if (unknown === undefined) return
    const last = starts.at(-1)
    const held = last === undefined ? this.#claimRegion(index, inputs) : this.#claimForward(last, index, inputs)
    if (held !== undefined) this.#alias.set(unknown, held)
  }

  /**
   * For a kernel that nothing names: what the nodes compute that alone read one of its weights, or else the first node of
   * its kind that reads one of its inputs.
   */
  #namelessAnchors(index: number, inputs: ReadonlySet<string>): readonly string[] {
    const isOpen = (node: number | undefined) => node !== undefined && !this.#owner.has(node)
    const weightReaders = [...inputs].filter(this.#graph.isConstant).map(this.#graph.consumers)
    const sole = weightReaders.filter((nodes) => nodes.length === 1 && isOpen(nodes[0])).flat()
    const readers = this.#dataIn(inputs).flatMap(this.#graph.consumers)
    const kind = readers.find((node) => isOpen(node) && this.#graph.nodes[node]?.op === this.#origins[index]?.op)
    const found = sole.length > 0 ? sole.sort((a, b) => a - b) : kind === undefined ? [] : [kind]
    return found.flatMap((node) => this.#graph.nodes[node]?.outputs.slice(0, 1) ?? [])
  }

  /** For a kernel that nothing names: all that its inputs suffice for and that no other kernel computes. Returns the last tensor. */
  #claimRegion(index: number, inputs: ReadonlySet<string>): string | undefined {
    const known = new Set(this.#dataIn(inputs))
    let last: string | undefined
    for (const tensor of known) {
      for (const node of this.#graph.consumers(tensor)) {
        if (!this.#isNext(node, known)) continue
        this.#owner.set(node, index)
        last = this.#graph.nodes[node]?.outputs[0]
        for (const output of this.#graph.nodes[node]?.outputs ?? []) known.add(output)
      }
    }
    return last
  }

  /** Everything between a tensor and the kernel's inputs. */
  #claimBackward(tensor: string, index: number, inputs: ReadonlySet<string>): void {
    const given = new Set([...inputs].map(this.#graph.canonical))
    const open = [tensor]
    const seen = new Set<string>()
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      const node = this.#graph.producer(next)
      if (node === undefined || (next !== tensor && given.has(this.#graph.canonical(next)))) continue
      if (this.#graph.isFoldable(node) && next !== tensor) continue
      const owner = this.#owner.get(node)
      if (owner !== undefined && owner !== index) continue
      this.#owner.set(node, index)
      open.push(...(this.#graph.nodes[node]?.inputs ?? []))
    }
  }

  /** From a tensor on through nodes that the kernel can compute too. Returns the last tensor reached. */
  #claimForward(tensor: string, index: number, inputs: ReadonlySet<string>): string {
    const known = new Set([...inputs, tensor])
    let last = tensor
    for (;;) {
      const [node, ...others] = this.#graph.consumers(last)
      if (node === undefined || others.length > 0 || !this.#isNext(node, known)) return last
      this.#owner.set(node, index)
      last = this.#graph.nodes[node]?.outputs[0] ?? last
      known.add(last)
    }
  }

  /** True where no kernel has the node yet and all it reads is known. */
  #isNext(node: number, known: ReadonlySet<string>): boolean {
    const needed = this.#graph.nodes[node]?.inputs ?? []
    return (
      !this.#owner.has(node) && needed.every((name) => name === '' || known.has(name) || this.#graph.isConstant(name))
    )
  }

  #fate(node: number): NodeFate {
    const kernel = this.#owner.get(node)
    if (kernel !== undefined) return this.#fateIn(node, kernel)
    if (this.#graph.isFoldable(node)) return 'folded'
    return this.#graph.isRedundant(node) ? 'removed' : 'unmatched'
  }

  #fateIn(node: number, kernel: number): NodeFate {
    if (this.#graph.nodes[node]?.op === this.#origins[kernel]?.op) return 'executed'
    return this.#graph.isPassThrough(node) ? 'removed' : 'fused'
  }
}
