import type { Model, ModelNode, UniformFill, ValueInfo, Weight } from '../types.js'
import type { Attributes } from './attributes.js'

/** Opset 17 is the newest that onnx-proto's IR version, 8, may carry. */
const opset = 17
const irVersion = 8

/** Collects a graph's nodes and constants, each under a name of its own. */
export class GraphWriter {
  readonly #nodes: ModelNode[] = []
  readonly #weights = new Map<string, Weight>()
  readonly #inputs: ValueInfo[] = []
  readonly #names = new Set<string>()
  #scope = ''

  /** Prefixes the names of the layers written inside it. */
  scope<T>(name: string, write: () => T): T {
    const outer = this.#scope
    this.#scope = `${outer}${name}/`
    try {
      return write()
    } finally {
      this.#scope = outer
    }
  }

  /** The finished model with these outputs. */
  finish(name: string, spec: string, outputs: readonly { readonly name: string }[]): Model {
    return {
      name,
      origin: { kind: 'spec', spec },
      irVersion,
      opsets: { '': opset },
      inputs: this.#inputs,
      outputs: outputs.map((output) => ({ name: output.name, type: null })),
      nodes: this.#nodes,
      weights: this.#weights,
      functions: new Map(),
      declared: new Map(),
    }
  }

  /** The layer being written, for messages. */
  protected get layer(): string {
    return this.#scope.slice(0, -1) || 'it'
  }

  protected addInput(name: string, dims: readonly number[]): void {
    this.#inputs.push({ name, type: { elementType: 'float32', dims } })
  }

  protected addNode(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: readonly string[] = [name],
  ): void {
    if (this.#names.has(name)) throw new Error(`two layers are named ${name}`)
    this.#names.add(name)
    this.#nodes.push({ name, op, domain: '', inputs, outputs, attributes })
  }

  protected nameOf(kind: string): string {
    return this.#scope + kind
  }

  protected addWeight(name: string, dims: readonly number[], fill: UniformFill): string {
    this.#weights.set(name, { name, elementType: 'float32', dims, data: { kind: 'generated', fill } })
    return name
  }

  protected addScalar(name: string, value: number): string {
    return this.addConstant(name, 'float32', [], Float32Array.of(value))
  }

  protected addIntegers(name: string, values: readonly number[]): string {
    return this.addConstant(name, 'int64', [values.length], BigInt64Array.from(values, BigInt))
  }

  protected addConstant(
    name: string,
    elementType: string,
    dims: readonly number[],
    { buffer }: { buffer: ArrayBufferLike },
  ): string {
    this.#weights.set(name, { name, elementType, dims, data: { kind: 'inline', bytes: new Uint8Array(buffer) } })
    return name
  }
}
