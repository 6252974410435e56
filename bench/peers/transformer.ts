import { type Graph, integers, modelBytes, type Node, node, scalar, type Tensor, value, weight } from '../onnx-file.js'

const layers = 24
const heads = 4
const width = 256
const tokens = 128

/**
 * An encoder of 24 pre-norm layers as PyTorch exports them: attention by MatMul, Transpose and Softmax, GELU by Erf.
 *
 * MACs: 24 · (12 · width² · tokens + 2 · tokens² · width).
 */
export function transformer(): Uint8Array {
  const nodes: Node[] = []
  const weights: Tensor[] = [
    integers('split', [1, tokens, heads, width / heads]),
    integers('join', [1, tokens, width]),
    scalar('scale', (width / heads) ** -0.5),
    ...Object.entries({ half: 0.5, one: 1, rootTwo: Math.SQRT2 }).map(([name, of]) => scalar(name, of)),
  ]
  let from = 'x'
  for (let layer = 0; layer < layers; layer++) {
    const writer = new LayerWriter(`layer${layer}`, nodes, weights)
    from = writer.feedForward(writer.attention(from))
  }
  const dims = [1, tokens, width]
  const graph: Graph = { node: nodes, initializer: weights, input: [value('x', dims)], output: [value(from, dims)] }
  return modelBytes(graph)
}

class LayerWriter {
  readonly #name: string
  readonly #nodes: Node[]
  readonly #weights: Tensor[]

  constructor(name: string, nodes: Node[], weights: Tensor[]) {
    this.#name = name
    this.#nodes = nodes
    this.#weights = weights
  }

  attention(x: string): string {
    const normed = this.#norm('norm1', x)
    const [q, k, v] = ['q', 'k', 'v'].map((part) =>
      this.#heads(part, this.#linear(part, normed, width, width), part === 'k' ? [0, 2, 3, 1] : [0, 2, 1, 3]),
    ) as [string, string, string]
    const scores = this.#op('Mul', 'scaled', [this.#op('MatMul', 'scores', [q, k]), 'scale'])
    const mixed = this.#op('MatMul', 'mixed', [this.#op('Softmax', 'weights', [scores], { axis: -1 }), v])
    const joined = this.#op('Reshape', 'joined', [
      this.#op('Transpose', 'back', [mixed], { perm: [0, 2, 1, 3] }),
      'join',
    ])
    return this.#op('Add', 'sum1', [x, this.#linear('out', joined, width, width)])
  }

  feedForward(x: string): string {
    const wide = this.#linear('up', this.#norm('norm2', x), width, 4 * width)
    const erf = this.#op('Erf', 'erf', [this.#op('Div', 'div', [wide, 'rootTwo'])])
    const gate = this.#op('Mul', 'gate', [wide, this.#op('Add', 'plus', [erf, 'one'])])
    const gelu = this.#op('Mul', 'gelu', [gate, 'half'])
    return this.#op('Add', 'sum2', [x, this.#linear('down', gelu, 4 * width, width)])
  }

  #norm(name: string, x: string): string {
    const parameters = ['scale', 'shift'].map((part) => this.#weight(`${name}.${part}`, [width]))
    return this.#op('LayerNormalization', name, [x, ...parameters], { axis: -1 })
  }

  #linear(name: string, x: string, from: number, to: number): string {
    const product = this.#op('MatMul', `${name}.product`, [x, this.#weight(`${name}.weight`, [from, to])])
    return this.#op('Add', `${name}.biased`, [product, this.#weight(`${name}.bias`, [to])])
  }

  #heads(name: string, x: string, perm: readonly number[]): string {
    return this.#op('Transpose', `${name}.heads`, [this.#op('Reshape', `${name}.split`, [x, 'split'])], { perm })
  }

  #weight(name: string, dims: readonly number[]): string {
    this.#weights.push(weight(`${this.#name}.${name}`, dims))
    return `${this.#name}.${name}`
  }

  #op(op: string, name: string, inputs: readonly string[], attributes: Parameters<typeof node>[3] = {}): string {
    this.#nodes.push(node(op, inputs, `${this.#name}.${name}`, attributes))
    return `${this.#name}.${name}`
  }
}
