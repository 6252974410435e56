import { layerName } from '../onnx/names.js'
import type { AxisReceptiveField, Graph, LayerReceptiveField, ModelNode, ReceptiveFields } from '../types.js'
import { axisField } from './fields/axis-field.js'
import { isWindowed } from './fields/index.js'
import { knownShape, Propagation, type View } from './fields/propagate.js'
import { grid, type Seen } from './fields/seen.js'
import { pixels } from './fields/window.js'
import type { Shape } from './ops/rule.js'

/**
 * The receptive field of every layer, by axis of the image: size, stride and offset.
 *
 * As Araujo, Norris and Sim define it: from the first to the last pixel that may change an output, the image going on
 * behind its borders, over all paths from the input. Their effective padding is the offset with its sign turned. Unlike
 * them, a path that brings all pixels to all outputs (a Squeeze-and-Excitation gate) is told apart from the field of the
 * paths beside it. Where an operator takes pixels at the border for those behind it (Resize, a reflecting Pad), outputs
 * there may see a few that lie outside the field as told.
 *
 * @param input the image's name; by default the first input of four axes, else of five, else of three
 * @returns null where no input is an image, or no layer reads it in windows
 * @see https://distill.pub/2019/computing-receptive-fields/
 */
export function receptiveFields(graph: Graph, input = imageOf(graph)): ReceptiveFields | null {
  const inputShape = knownShape(graph.tensors.get(input ?? ''))
  if (input === undefined || inputShape === undefined) return null
  const spatialAxes = spatialAxesOf(graph, input, inputShape)
  if (spatialAxes.length === 0) return null
  const propagation = new Propagation(graph, input, viewOf(spatialAxes))
  for (const node of graph.model.nodes) propagation.pass(node)
  const told = new Telling(
    graph,
    propagation.views,
    spatialAxes.map((axis) => inputShape[axis] ?? 0),
  )
  const layers = graph.model.nodes.flatMap((node) => told.layer(node))
  const outputs = graph.model.outputs.map(({ name }) => ({ name, axes: told.axes(name) }))
  return { input, inputShape, spatialAxes, layers, widest: widestOf(layers, told), outputs }
}

/** What looks most like an image among the inputs. */
function imageOf({ model, tensors }: Graph): string | undefined {
  const ranks = new Map(model.inputs.map(({ name }) => [name, tensors.get(name)?.dims.length ?? 0]))
  const names = [...ranks.keys()]
  return [4, 5, 3].map((rank) => names.find((name) => ranks.get(name) === rank)).find((name) => name !== undefined)
}

/** Every pixel of the image sees itself. */
const viewOf = (axes: readonly number[]): View => axes.map((axis) => grid(axis, pixels))

/** The axes that the first layer with a window takes for space, wherever they are in the input: NCHW or NHWC. */
function spatialAxesOf(graph: Graph, input: string, shape: Shape): readonly number[] {
  const axes = shape.map((_, axis) => axis).slice(1)
  const propagation = new Propagation(graph, input, viewOf(axes))
  for (const node of graph.model.nodes) {
    const view = propagation.views.get(node.inputs[0] ?? '')
    if (view !== undefined && isWindowed(node.domain, node.op)) {
      return axes.filter((_, index) => isSpace(view[index]))
    }
    propagation.pass(node)
  }
  return []
}

const isSpace = (seen: Seen | undefined): boolean => seen?.local?.kind === 'grid' && seen.local.axis >= 2

/** Says what was found of the tensors, once for those that see alike. */
class Telling {
  readonly #graph: Graph
  readonly #views: ReadonlyMap<string, View>
  readonly #extents: readonly number[]
  readonly #told = new Map<string, readonly AxisReceptiveField[]>()

  constructor(graph: Graph, views: ReadonlyMap<string, View>, extents: readonly number[]) {
    this.#graph = graph
    this.#views = views
    this.#extents = extents
  }

  axes(tensor: string): readonly AxisReceptiveField[] {
    const found = this.#told.get(tensor)
    if (found !== undefined) return found
    const shape = knownShape(this.#graph.tensors.get(tensor)) ?? []
    const axes = (this.#views.get(tensor) ?? []).map((seen, axis) => axisField(seen, shape, this.#extents[axis] ?? 0))
    this.#told.set(tensor, axes)
    return axes
  }

  layer(node: ModelNode): LayerReceptiveField[] {
    const output = node.outputs.find((name) => this.#views.has(name))
    if (output === undefined) return []
    const axes = this.axes(output)
    return [
      {
        name: layerName(node),
        op: node.op,
        output,
        outputShape: knownShape(this.#graph.tensors.get(output)) ?? null,
        axes,
        changed: !node.inputs.some((name) => this.#views.has(name) && alike(this.axes(name), axes)),
      },
    ]
  }

  /** Whether positions are still in rows, and this is no pooling of them all, whatever it is called. */
  isMap({ op, output }: LayerReceptiveField): boolean {
    const view = this.#views.get(output) ?? []
    const isRow = view.every(({ local }) => local?.kind === 'grid')
    const shape = knownShape(this.#graph.tensors.get(output)) ?? []
    const isOne = view.every(({ local }) => local?.kind === 'grid' && shape[local.axis] === 1)
    return isRow && !(op === 'AveragePool' && isOne)
  }
}

const alike = (a: readonly AxisReceptiveField[], b: readonly AxisReceptiveField[]): boolean =>
  a.every((field, axis) => {
    const other = b[axis]
    const { size, stride, offset, inside, global } = field
    return (
      size === other?.size &&
      stride === other.stride &&
      offset === other.offset &&
      inside === other.inside &&
      global === other.global
    )
  })

const pixelsOf = ({ axes }: LayerReceptiveField): number => axes.reduce((all, { size }) => all * (size ?? 0), 1)

function widestOf(layers: readonly LayerReceptiveField[], told: Telling): LayerReceptiveField | null {
  let widest: LayerReceptiveField | null = null
  for (const layer of layers) {
    if (pixelsOf(layer) >= (widest === null ? 1 : pixelsOf(widest)) && told.isMap(layer)) widest = layer
  }
  return widest
}
