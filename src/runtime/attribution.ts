import type { Attribution, ExecutedGraph, ExecutedKernel, ModelNode, NodeFate, Weight } from '../types.js'
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

/** onnxruntime names an NCHWc kernel after the tensor it computed before it was re-laid out. */
const nchwc = '_nchwc'

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

/** The operator a kernel computes first, as a source would name it. */
const kindOf = ({ op }: ExecutedKernel): string => op.replace(/^Fused|^QLinear/, '')

class Matcher {
  readonly #graph: SourceGraph
  readonly #kernels: readonly ExecutedKernel[]
  readonly #inserted: readonly boolean[]
  /** By executed tensor that has no source name, the source tensor it holds. */
  readonly #alias = new Map<string, string>()
  /** By source node, the kernel that computes it. */
  readonly #owner = new Map<number, number>()

  constructor(graph: SourceGraph, kernels: readonly ExecutedKernel[]) {
    this.#graph = graph
    this.#kernels = kernels
    this.#inserted = kernels.map((kernel) => this.#isInserted(kernel))
  }

  match(): Attribution {
    this.#aliasBackward()
    const anchors = this.#kernels.map((kernel, index) => this.#anchors(kernel, index))
    for (const [index, kernel] of this.#kernels.entries()) {
      if (this.#inserted[index]) this.#aliasForward(kernel)
      else this.#claim(kernel, index, anchors[index] ?? [])
    }
    const sources = this.#kernels.map((): number[] => [])
    for (const [node, kernel] of [...this.#owner].sort(([a], [b]) => a - b)) sources[kernel]?.push(node)
    return { sources, fates: this.#graph.nodes.map((_, node) => this.#fate(node)), inserted: this.#inserted }
  }

  /** The source tensor that an executed tensor holds. */
  #resolve(tensor: string): string | undefined {
    return this.#graph.has(tensor) ? tensor : this.#alias.get(tensor)
  }

  #isInserted({ op, outputs, name }: ExecutedKernel): boolean {
    if (!movers.has(op)) return false
    const producer = this.#graph.producerOf(outputs[0] ?? '')
    const named = this.#graph.nodeNamed(name)
    return producer?.op !== op && named?.op !== op
  }

  /** What a mover writes is what it reads; known outputs tell of inputs. */
  #aliasBackward(): void {
    for (let index = this.#kernels.length - 1; index >= 0; index--) {
      if (!this.#inserted[index]) continue
      const { inputs, outputs } = this.#kernels[index] as ExecutedKernel
      const held = this.#resolve(outputs[0] ?? '')
      const input = inputs[0] ?? ''
      if (held !== undefined && this.#resolve(input) === undefined) this.#alias.set(input, held)
    }
  }

  #aliasForward({ inputs, outputs }: ExecutedKernel): void {
    const held = this.#resolve(inputs[0] ?? '')
    const output = outputs[0] ?? ''
    if (held !== undefined && this.#resolve(output) === undefined) this.#alias.set(output, held)
  }

  /** Source tensors that a kernel surely computes; their nodes are kept for it. */
  #anchors(kernel: ExecutedKernel, index: number): readonly string[] {
    if (this.#inserted[index]) return []
    const known = kernel.outputs.map((output) => this.#resolve(output))
    const hint = kernel.name.endsWith(nchwc) ? kernel.name.slice(0, -nchwc.length) : undefined
    const named = this.#graph.nodeNamed(kernel.name)
    const candidates = [...known, hint, ...(known.some(Boolean) ? [] : (named?.outputs ?? []))]
    const anchors = candidates.filter((tensor): tensor is string => tensor !== undefined && this.#graph.has(tensor))
    for (const tensor of anchors) {
      for (const node of this.#pathToKind(tensor, kindOf(kernel))) {
        if (!this.#owner.has(node)) this.#owner.set(node, index)
      }
    }
    return anchors
  }

  /** The nodes from a tensor's producer back to the nearest one of the wanted kind; the producer alone if none is. */
  #pathToKind(tensor: string, kind: string): readonly number[] {
    const start = this.#graph.producer(tensor)
    if (start === undefined) return []
    const paths: (readonly number[])[] = [[start]]
    const seen = new Set([start])
    for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
      const { op, inputs } = this.#graph.nodes[path.at(-1) as number] as ModelNode
      if (op === kind) return path
      if (path.length >= longestFusion) continue
      for (const input of inputs) {
        const node = this.#graph.producer(input)
        if (node === undefined || seen.has(node) || this.#owner.has(node) || this.#graph.isFoldable(node)) continue
        seen.add(node)
        paths.push([...path, node])
      }
    }
    return [start]
  }

  #claim(kernel: ExecutedKernel, index: number, anchors: readonly string[]): void {
    const inputs = new Set(kernel.inputs.map((input) => this.#resolve(input)).filter((name) => name !== undefined))
    const starts = anchors.length > 0 ? anchors : this.#structuralAnchor(kernel, inputs)
    for (const tensor of starts) this.#claimBackward(tensor, index, inputs)
    const unknown = kernel.outputs.filter((output) => output !== '' && this.#resolve(output) === undefined)
    const [output] = unknown
    const last = starts.at(-1)
    if (output === undefined || last === undefined) return
    this.#alias.set(output, this.#claimForward(last, index, inputs))
  }

  /** The first node of the same kind, still without a kernel, that reads one of the kernel's inputs. */
  #structuralAnchor(kernel: ExecutedKernel, inputs: ReadonlySet<string>): readonly string[] {
    const kind = kindOf(kernel)
    for (const input of inputs) {
      for (const node of this.#graph.consumers(input)) {
        const candidate = this.#graph.nodes[node]
        if (candidate?.op === kind && !this.#owner.has(node)) return candidate.outputs.slice(0, 1)
      }
    }
    return []
  }

  /** Everything between a tensor and the kernel's inputs. */
  #claimBackward(tensor: string, index: number, inputs: ReadonlySet<string>): void {
    const open = [tensor]
    const seen = new Set<string>()
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      const node = this.#graph.producer(next)
      if (node === undefined || (next !== tensor && inputs.has(next))) continue
      if (this.#graph.isFoldable(node) && next !== tensor) continue
      const owner = this.#owner.get(node)
      if (owner !== undefined && owner !== index) continue
      this.#owner.set(node, index)
      open.push(...(this.#graph.nodes[node]?.inputs ?? []))
    }
  }

  /**
   * From a tensor on through nodes that the kernel could compute too: no other kernel has them, and all they read is the
   * kernel's. Returns the last tensor reached.
   */
  #claimForward(tensor: string, index: number, inputs: ReadonlySet<string>): string {
    const known = new Set([...inputs, tensor])
    let last = tensor
    for (;;) {
      const [node, ...others] = this.#graph.consumers(last)
      if (node === undefined || others.length > 0 || this.#owner.has(node)) return last
      const { inputs: needed, outputs } = this.#graph.nodes[node] as ModelNode
      if (!needed.every((name) => name === '' || known.has(name) || this.#graph.isConstant(name))) return last
      this.#owner.set(node, index)
      last = outputs[0] ?? last
      known.add(last)
    }
  }

  #fate(node: number): NodeFate {
    const kernel = this.#owner.get(node)
    if (kernel !== undefined) return this.#fateIn(node, this.#kernels[kernel] as ExecutedKernel)
    if (this.#graph.isFoldable(node)) return 'folded'
    return this.#graph.isRedundant(node) ? 'removed' : 'unmatched'
  }

  #fateIn(node: number, kernel: ExecutedKernel): NodeFate {
    if (this.#graph.nodes[node]?.op === kindOf(kernel)) return 'executed'
    return this.#graph.isPassThrough(node) ? 'removed' : 'fused'
  }
}
