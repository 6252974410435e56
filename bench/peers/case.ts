import { type Graph, modelBytes, type Node, type Tensor, value } from '../onnx-file.js'

/** A small network with the one true count of its products and of its trained elements. */
export interface Case {
  readonly name: string
  readonly bytes: Uint8Array
  readonly macs: number
  readonly params: number
  /**
   * The most that operations besides the products (biases, activations, pooling) are worth to any tool. Some count them
   * among their MACs, so a count of up to `macs + others` is by convention, not by mistake.
   */
  readonly others: number
  /** Why `macs` and `params` are these. */
  readonly because: string
  /** Bytes of the data file beside the model. */
  readonly external?: number
}

type Truth = Pick<Case, 'macs' | 'params' | 'because'> & Partial<Pick<Case, 'others' | 'external'>>

interface Parts extends Omit<Graph, 'output' | 'node' | 'initializer'> {
  readonly opset?: number
  /** Sizes of the float32 inputs, by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  readonly nodes: readonly Node[]
  readonly weights?: readonly Tensor[]
  /** Sizes of the only output, which is the last node's; or the outputs themselves. */
  readonly output: readonly number[]
  readonly outputType?: number
}

/** A case from the parts of its graph. */
export function caseOf(name: string, { others = 0, ...truth }: Truth, parts: Parts): Case {
  const { opset = 17, inputs, nodes, weights = [], output, outputType, ...rest } = parts
  const graph: Graph = {
    input: Object.entries(inputs).map(([input, dims]) => value(input, dims)),
    output: [value(nodes.at(-1)?.output?.[0] ?? '', output, outputType)],
    node: [...nodes],
    initializer: [...weights],
    ...rest,
  }
  return { name, others, ...truth, bytes: modelBytes(graph, opset) }
}
