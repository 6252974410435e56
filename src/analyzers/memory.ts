import { elements } from '../onnx/element-types.js'
import { layerName } from '../onnx/names.js'
import type { ConvolutionAccess, Graph, MemoryAccess, ModelNode, PointwiseBound } from '../types.js'
import { knownShape } from './fields/propagate.js'
import { positionsRead, type Taps, tapsOf } from './fields/taps.js'
import { attributesOf, type Shape } from './ops/rule.js'

/**
 * ShuffleNet V2's memory access cost of every convolution: the elements of the input that some window reads, of the
 * weights, and of the output, each once; biases are left out, as there. Of a 1 x 1 convolution c1 → c2 in g groups on
 * h · w positions of N images it is
 *
 *     hwN (c1 + c2) + c1 · c2 / g
 *
 * and no 1 x 1 convolution of as many MACs B has less than 2 √(hwN · B) + B / hwN, which only c1 = c2, g = 1 attains.
 * @see arXiv 1807.11164, section 2, guidelines G1 (equation 1) and G2 (equation 2)
 */
export function memoryAccess(graph: Graph): MemoryAccess {
  const nodes = graph.model.nodes.filter(({ op, domain }) => op === 'Conv' && domain === '')
  const all = nodes.map((node) => accessOf(graph, node))
  const convolutions = all.filter((one) => one !== null)
  return {
    convolutions,
    unknown: nodes.filter((_, index) => all[index] === null).map(layerName),
    accessElements: sum(convolutions, ({ accessElements }) => accessElements),
    pointwise: pointwiseTotals(convolutions),
  }
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)

function pointwiseTotals(convolutions: readonly ConvolutionAccess[]): MemoryAccess['pointwise'] {
  const bounded = convolutions.filter(({ bound }) => bound !== null)
  const accessElements = sum(bounded, (one) => one.accessElements)
  const boundElements = sum(bounded, ({ bound }) => bound?.accessElements ?? 0)
  return {
    layers: bounded.length,
    accessElements,
    boundElements,
    excess: bounded.length === 0 ? null : accessElements / boundElements - 1,
  }
}

/** x [N, C1, D…], w [C2, C1/group, k…], y [N, C2, D'…]; null where what it reads is not known. */
function accessOf({ tensors }: Graph, node: ModelNode): ConvolutionAccess | null {
  const attributes = attributesOf(node.attributes)
  const [x, filter] = node.inputs.map((name) => knownShape(tensors.get(name)))
  const y = knownShape(tensors.get(node.outputs[0] ?? ''))
  if (x === undefined || filter === undefined || y === undefined) return null
  const taps = x.slice(2).map((_, index) => tapsOf({ x, attributes }, index + 2, filter))
  if (!taps.every((one) => one !== null)) return null
  const [batch = 1, inputChannels = 0] = x
  const [, outputChannels = 0] = y
  const positions = positionsOf(taps, x, y)
  if (positions === null) return null
  const inputElements = batch * inputChannels * positions
  const access = {
    inputElements,
    weightElements: elements(filter),
    outputElements: elements(y),
    accessElements: inputElements + elements(filter) + elements(y),
  }
  return {
    name: layerName(node),
    op: node.op,
    kernel: taps.map(({ kernel }) => kernel),
    group: attributes.int('group', 1),
    inputChannels,
    outputChannels,
    ...access,
    macs: elements(y) * elements(filter.slice(1)),
    bound: boundOf(access, { x, filter, y }),
  }
}

/** Positions of an image that some window reads; null where that is not known. */
function positionsOf(taps: readonly Taps[], x: Shape, y: Shape): number | null {
  const read = taps.map((one, index) => positionsRead(one, y[index + 2] ?? 0, x[index + 2] ?? 0))
  return read.every((count) => count !== null) ? elements(read) : null
}

/**
 * With hw the output's positions, of all images: a strided convolution reads only as many of its input. One that also
 * reads padding has no bound here, for what it reads there costs nothing.
 */
function boundOf(
  { inputElements, accessElements }: Pick<ConvolutionAccess, 'inputElements' | 'accessElements'>,
  { x, filter, y }: { x: Shape; filter: Shape; y: Shape },
): PointwiseBound | null {
  const positions = elements(y) / (y[1] ?? 1)
  const isPointwise = elements(filter.slice(2)) === 1
  if (!isPointwise || positions === 0 || inputElements !== positions * (x[1] ?? 0)) return null
  const macs = elements(y) * (filter[1] ?? 0)
  const group = (x[1] ?? 0) / (filter[1] ?? 1)
  const least = (groups: number) => 2 * Math.sqrt(positions * macs * groups) + macs / positions
  const bound = least(1)
  return {
    accessElements: bound,
    unequalWidthElements: accessElements - least(group),
    groupElements: least(group) - bound,
    excess: accessElements / bound - 1,
  }
}
