import { elements } from '../../onnx/element-types.js'
import type { ModelNode } from '../../types.js'
import type { CountedNode } from '../cost.js'
import { ruleOf } from '../ops/index.js'
import type { RuleInput, Shape } from '../ops/rule.js'
import type { Convention } from './convention.js'

/** Nodes that a block may have between its convolutions and that keep every element's place. */
const keepsPlace = new Set([
  ...['BatchNormalization', 'Relu', 'Clip', 'LeakyRelu', 'PRelu', 'Elu', 'HardSwish', 'Swish', 'Mish', 'Gelu'],
  ...['Identity', 'Mul', 'QuantizeLinear', 'DequantizeLinear', 'Cast', 'Dropout'],
])

/** A strided bottleneck: its first 1 x 1 convolution, what follows it up to the 3 x 3, and the 3 x 3 itself. */
interface Bottleneck {
  readonly first: CountedNode
  readonly between: readonly CountedNode[]
  readonly second: CountedNode
}

/**
 * The nodes as they would be with the stride of each bottleneck in its first 1 x 1 convolution or in its 3 x 3.
 *
 * ResNet was published with stride 2 in the first 1 x 1 of a stage's first block, most later code has it in the 3 x 3:
 * torchvision calls that V1.5. Only what lies between the two changes its size.
 * @see https://arxiv.org/abs/1512.03385 Table 1
 * @see https://catalog.ngc.nvidia.com/orgs/nvidia/resources/resnet_50_v1_5_for_pytorch
 * @returns node by node; a node that does not change is the same object
 */
export function withStride(nodes: readonly CountedNode[], place: Convention['stride']): readonly CountedNode[] {
  if (place === null) return nodes
  const moved = new Map(bottlenecks(nodes).flatMap((block) => (strideOf(block) === place ? [] : resized(block, place))))
  return nodes.map((node) => moved.get(node) ?? node)
}

const strideOf = ({ second }: Bottleneck): '1x1' | '3x3' => (strides(second) === 2 ? '3x3' : '1x1')

/** The nodes of a block that change, each with what it becomes. */
function resized(block: Bottleneck, place: '1x1' | '3x3'): [CountedNode, CountedNode][] {
  const x = block.first.input?.x ?? []
  const size = (place === '1x1' ? (block.second.input?.y ?? []) : x).slice(2)
  const to = (shape: Shape): Shape => [...shape.slice(0, 2), ...size]
  const shorter = (input: RuleInput) => ({ ...input, y: to(input.y), outputs: [to(input.y)] })
  const after = (input: RuleInput) => withFirst(input, to(input.x))
  return [
    [block.first, withShapes(block.first, shorter)],
    ...block.between.map((node): [CountedNode, CountedNode] => [
      node,
      withShapes(node, (input) => shorter(after(input))),
    ]),
    [block.second, withShapes(block.second, after)],
  ]
}

const withFirst = (input: RuleInput, x: Shape): RuleInput => ({ ...input, x, inputs: [x, ...input.inputs.slice(1)] })

/** A node under other shapes, counted anew. */
function withShapes(counted: CountedNode, change: (input: RuleInput) => RuleInput): CountedNode {
  const { node, layer } = counted
  const input = change(counted.input as RuleInput)
  const rule = ruleOf(node.domain, node.op)
  const cost = typeof rule?.cost === 'function' ? rule.cost(input) : null
  if (cost === null) return { ...counted, input }
  const { macs = 0, flops = 0 } = cost
  return { ...counted, input, layer: { ...layer, macs, flops: 2 * macs + flops } }
}

function bottlenecks(nodes: readonly CountedNode[]): Bottleneck[] {
  const graph = new Wiring(nodes)
  return nodes.flatMap(({ node }) => (['Add', 'Sum'].includes(node.op) ? graph.bottleneckInto(node) : []))
}

/** Who makes and who reads each tensor. */
class Wiring {
  readonly #makers = new Map<string, CountedNode>()
  readonly #readers = new Map<string, number>()

  constructor(nodes: readonly CountedNode[]) {
    const again = new Set<string>()
    for (const counted of nodes) {
      for (const name of counted.node.outputs) {
        if (this.#makers.has(name)) again.add(name)
        this.#makers.set(name, counted)
      }
      for (const name of counted.node.inputs) this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1)
    }
    // names are unique in a graph alone, not in all bodies of a model
    for (const name of again) this.#makers.delete(name)
  }

  /** The strided bottleneck that an addition ends, if it does: at most one of its two sides is one. */
  bottleneckInto({ inputs }: ModelNode): Bottleneck[] {
    const [left = '', right = ''] = inputs
    return [this.#bottleneck(left, right) ?? this.#bottleneck(right, left) ?? []].flat()
  }

  #bottleneck(residual: string, shortcut: string): Bottleneck | null {
    const last = this.#convolutionBefore(residual)
    if (last === null || !isDense(last, 1) || strides(last) !== 1) return null
    const second = this.#convolutionBefore(last.node.inputs[0] ?? '')
    if (second === null || !isDense(second, 3)) return null
    const between = this.#chainBefore(second.node.inputs[0] ?? '')
    const first = between?.start
    if (between === null || first === undefined || !isDense(first, 1)) return null
    const isStrided = strides(first) * strides(second) === 2 && isHalved(first.input?.x, second.input?.y)
    const isProjected = this.#projected(shortcut) === this.#source(first.node.inputs[0] ?? '')
    return isStrided && isProjected ? { first, second, between: between.chain } : null
  }

  /** The convolution whose output, its place kept, is this tensor. */
  #convolutionBefore(name: string): CountedNode | null {
    const maker = this.#makers.get(this.#source(name))
    return maker?.node.op === 'Conv' && maker.input !== null ? maker : null
  }

  /** The tensor that others only normalise, scale or rectify on the way to this one. */
  #source(name: string): string {
    const maker = this.#makers.get(name)
    if (maker === undefined || !keepsPlace.has(maker.node.op)) return name
    const size = elements(maker.input?.y ?? [])
    // of SE's two factors the one that is as large as the product
    const whole = maker.node.inputs.find((_, index) => elements(maker.input?.inputs[index] ?? []) === size)
    return whole === undefined ? name : this.#source(whole)
  }

  /** The nodes between a convolution and this tensor, if nothing else reads what they make. */
  #chainBefore(name: string): { start: CountedNode; chain: CountedNode[] } | null {
    const chain: CountedNode[] = []
    let maker = this.#makers.get(name)
    for (let tensor = name; maker !== undefined && maker.input !== null; maker = this.#makers.get(tensor)) {
      if (this.#readers.get(tensor) !== 1) return null
      if (maker.node.op === 'Conv') return { start: maker, chain }
      if (!keepsPlace.has(maker.node.op) || maker.node.op === 'Mul') return null
      chain.push(maker)
      tensor = maker.node.inputs[0] ?? ''
    }
    return null
  }

  /** What a projection shortcut projects, also where an average pool (ResNet-D) takes its stride. */
  #projected(name: string): string | null {
    const projection = this.#convolutionBefore(name)
    if (projection === null) return null
    const from = projection.node.inputs[0] ?? ''
    const pool = this.#makers.get(from)
    return this.#source(pool?.node.op === 'AveragePool' ? (pool.node.inputs[0] ?? '') : from)
  }
}

/** A convolution of one group with a square kernel. */
function isDense({ input }: CountedNode, kernel: number): boolean {
  const size = input?.w.slice(2) ?? []
  return size.length === 2 && size.every((length) => length === kernel) && input?.attributes.int('group', 1) === 1
}

/** The stride along both axes; 0 where they differ. */
function strides({ input }: CountedNode): number {
  const [height = 1, width = 1] = input?.attributes.ints('strides') ?? []
  return height === width ? height : 0
}

/** Whether a 1 x 1 convolution of stride 2 would give the size that the block gives. */
const isHalved = (x: Shape = [], y: Shape = []): boolean =>
  x.slice(2).every((size, axis) => Math.ceil(size / 2) === y[axis + 2])
