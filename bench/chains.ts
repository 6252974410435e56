/** Networks of any length and any weight, for `size.ts`. */
import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import {
  externalWeight,
  type Graph,
  integers,
  modelBytes,
  type Node,
  node,
  type Tensor,
  value,
  weight,
} from './onnx-file.js'

const channels = 8
const side = 8

/**
 * A residual network of exactly `count` nodes: Conv, Relu, Conv, Add, Relu, and after every second block the
 * Shape → Slice → Concat → Reshape that exporters write for `x.view(x.size(0), x.size(1), h, w)`.
 */
export function residualChain(count: number): Uint8Array {
  const nodes: Node[] = []
  const weights: Tensor[] = [integers('zero', [0]), integers('two', [2]), integers('sides', [side, side])]
  let tensor = 'x'
  for (let block = 0; nodes.length + 9 <= count; block++) {
    const written = residualBlock(`block${block}`, tensor, weights)
    nodes.push(...written, ...(block % 2 === 1 ? viewBlock(`view${block}`, last(written)) : []))
    tensor = last(nodes)
  }
  while (nodes.length < count) {
    nodes.push(node('Relu', [tensor], `tail${nodes.length}`))
    tensor = last(nodes)
  }
  const dims = [1, channels, side, side]
  return modelBytes({ node: nodes, initializer: weights, input: [value('x', dims)], output: [value(tensor, dims)] })
}

function residualBlock(name: string, from: string, weights: Tensor[]): Node[] {
  weights.push(weight(`${name}.w1`, [channels, channels, 3, 3]), weight(`${name}.w2`, [channels, channels, 3, 3]))
  const pads = { pads: [1, 1, 1, 1] }
  return [
    node('Conv', [from, `${name}.w1`], `${name}.conv1`, pads),
    node('Relu', [`${name}.conv1`], `${name}.relu1`),
    node('Conv', [`${name}.relu1`, `${name}.w2`], `${name}.conv2`, pads),
    node('Add', [`${name}.conv2`, from], `${name}.add`),
    node('Relu', [`${name}.add`], `${name}.relu2`),
  ]
}

const viewBlock = (name: string, from: string): Node[] => [
  node('Shape', [from], `${name}.shape`),
  node('Slice', [`${name}.shape`, 'zero', 'two'], `${name}.slice`),
  node('Concat', [`${name}.slice`, 'sides'], `${name}.concat`, { axis: 0 }),
  node('Reshape', [from, `${name}.concat`], `${name}.reshape`),
]

const last = (nodes: readonly Node[]): string => nodes.at(-1)?.output?.[0] ?? ''

/**
 * Writes a chain of `layers` square fully connected layers whose weights lie in a file beside the model: sparse, so that
 * ten gigabytes take no disk.
 *
 * @returns bytes of the weights
 */
export function writeExternal(path: string, layers: number, width: number): number {
  const layerBytes = 4 * width * width
  const data = openSync(`${path}.data`, 'w')
  ftruncateSync(data, layers * layerBytes)
  closeSync(data)
  const weights = Array.from({ length: layers }, (_, layer) =>
    externalWeight(`w${layer}`, [width, width], `${basename(path)}.data`, layer * layerBytes),
  )
  writeFileSync(path, modelBytes(fullyConnected(weights, width)))
  return layers * layerBytes
}

function fullyConnected(weights: readonly Tensor[], width: number): Graph {
  const tensor = (layer: number) => (layer === 0 ? 'x' : `y${layer}`)
  return {
    node: weights.map(({ name }, layer) => node('MatMul', [tensor(layer), name ?? ''], tensor(layer + 1))),
    initializer: [...weights],
    input: [value('x', [1, width])],
    output: [value(tensor(weights.length), [1, width])],
  }
}
