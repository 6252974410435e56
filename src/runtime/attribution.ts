import type { Attribution, ExecutedGraph, ExecutedKernel, ModelNode, NodeFate, Weight } from '../types.js'
import { functionParts } from './function-parts.js'
import { functionCall, isPermutation, type Origin, originOf, sourceWeight } from './kernel-name.js'
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
  /** By executed tensor, the kernels that read it. */
  readonly #readersOf = new Map<string, number[]>()
  /** Kernels that neither names nor weights lead to. */
  #nameless: ReadonlySet<number> = new Set()

  constructor(graph: SourceGraph, kernels: readonly ExecutedKernel[]) {
    this.#graph = graph
    this.#kernels = kernels
    this.#origins = kernels.map((kernel) => originOf(kernel, graph))
    this.#moves = kernels.map((kernel) => this.#isMove(kernel))
    for (const [index, { inputs }] of kernels.entries()) {
      for (const name of new Set(inputs)) this.#readersOf.set(name, [...(this.#readersOf.get(name) ?? []), index])
    }
  }

  match(): Attribution {
    this.#aliasBackward()
    const named = this.#kernels.map((kernel, index) => this.#anchors(kernel, index))
    const anchors = named.map((tensors, index) => (tensors.length > 0 ? tensors : this.#weightAnchors(index)))
    this.#nameless = new Set(anchors.flatMap((tensors, index) => (tensors.length > 0 ? [] : [index])))
    for (const [index, kernel] of this.#kernels.entries()) {
      if (functionCall(kernel.outputs[0] ?? '') !== undefined) continue
      if (this.#moves[index]) this.#aliasForward(kernel, index)
      else this.#claim(kernel, index, anchors[index] ?? [])
    }
    const sources = this.#kernels.map((): number[] => [])
    for (const [node, kernel] of [...this.#owner].sort(([a], [b]) => a - b)) sources[kernel]?.push(node)
    const parts = functionParts(this.#kernels, sources, this.#moves, this.#readersOf)
    return {
      sources,
      parts,
      fates: this.#graph.nodes.map((_, node) => this.#fate(node)),
      inserted: this.#moves.map((moves, index) => moves && sources[index]?.length === 0 && parts[index] === null),
    }
  }

  /** The source tensor that an executed tensor holds. */
  #resolve(tensor: string): string | undefined {
    return this.#graph.has(tensor) ? tensor : this.#alias.get(tensor)
  }

  #inputsOf = ({ inputs }: ExecutedKernel): ReadonlySet<string> =>
    new Set(inputs.map((input) => this.#resolve(input)).filter((name) => name !== undefined))

  #dataIn = (tensors: ReadonlySet<string>): string[] => [...tensors].filter((name) => !this.#graph.isConstant(name))

  #isMove({ op, inputs, outputs, name }: ExecutedKernel): boolean {
    // what reorders the sizes of a tensor that is in another layout
    if (op === 'Gather' && isPermutation(inputs[1] ?? '')) return true
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
    const starts = anchors.length > 0 ? anchors : this.#kindAnchors(index, inputs)
    for (const tensor of starts) this.#claimBackward(tensor, index, inputs)
    const [unknown] = kernel.outputs.filter((output) => output !== '' && this.#resolve(output) === undefined)
    if (unknown === undefined) return
    const last = starts.at(-1)
    const known = new Set([...inputs, ...starts])
    const held =
      last === undefined
        ? this.#claimRegion(index, inputs)
        : this.#claimForward(last, index, known, this.#readers(unknown))
    if (held !== undefined) this.#alias.set(unknown, held)
  }

  /** Operators of the kernels that read a tensor and that nothing names: they need a node of that kind. */
  #readers(tensor: string): ReadonlySet<string> {
    const ops = new Set<string>()
    for (const index of this.#readersOf.get(tensor) ?? []) {
      const moved = this.#kernels[index]?.outputs[0] ?? ''
      if (this.#moves[index]) for (const op of this.#readers(moved)) ops.add(op)
      else if (this.#nameless.has(index)) ops.add(this.#origins[index]?.op ?? '')
    }
    return ops
  }

  /** For a kernel that nothing names: what the nodes compute that alone read one of its weights; they are kept for it. */
  #weightAnchors(index: number): readonly string[] {
    const { inputs } = this.#kernels[index] as ExecutedKernel
    if (this.#moves[index] || functionCall(this.#kernels[index]?.outputs[0] ?? '') !== undefined) return []
    const weights = inputs.map(sourceWeight).filter(this.#graph.isConstant)
    const sole = weights
      .map(this.#graph.consumers)
      .filter((nodes) => nodes.length === 1)
      .flat()
    const open = sole.filter((node) => !this.#owner.has(node)).sort((a, b) => a - b)
    for (const node of open) this.#owner.set(node, index)
    return this.#firstOutputs(open)
  }

  /** For a kernel that neither names nor weights lead to: the first node of its kind that reads one of its inputs. */
  #kindAnchors(index: number, inputs: ReadonlySet<string>): readonly string[] {
    const readers = this.#dataIn(inputs).flatMap(this.#graph.consumers)
    const isKind = (node: number) => this.#graph.nodes[node]?.op === this.#origins[index]?.op
    const kind = readers.find((node) => !this.#owner.has(node) && isKind(node))
    return this.#firstOutputs(kind === undefined ? [] : [kind])
  }

  #firstOutputs = (nodes: readonly number[]): readonly string[] =>
    nodes.flatMap((node) => this.#graph.nodes[node]?.outputs.slice(0, 1) ?? [])

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
  #claimForward(tensor: string, index: number, known: Set<string>, readers: ReadonlySet<string>): string {
    for (let last = tensor; ; ) {
      const next = this.#step(last, known, readers)
      if (next === undefined) return last
      for (const node of next) this.#owner.set(node, index)
      last = this.#graph.nodes[next.at(-1) ?? -1]?.outputs[0] ?? last
      known.add(last)
    }
  }

  /** The only node that reads a tensor, or the two of which one only serves the other, as in Swish; none for others. */
  #step(tensor: string, known: ReadonlySet<string>, readers: ReadonlySet<string>): readonly number[] | undefined {
    const nodes = this.#graph.consumers(tensor)
    const [first, second] = nodes
    if (first === undefined || nodes.length > 2) return undefined
    if (second === undefined) return this.#isNext(first, known) && !this.#isOf(first, readers) ? [first] : undefined
    const [inner, ...others] = this.#graph.nodes[first]?.outputs ?? []
    const [only, ...more] = this.#graph.consumers(inner ?? '')
    const serves = others.length === 0 && only === second && more.length === 0
    const isNext = this.#isNext(first, known) && this.#isNext(second, new Set([...known, inner ?? '']))
    return serves && isNext && readers.size === 0 ? [first, second] : undefined
  }

  #isOf = (node: number, ops: ReadonlySet<string>): boolean => ops.has(this.#graph.nodes[node]?.op ?? '')

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
