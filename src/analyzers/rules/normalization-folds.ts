import { elements } from '../../onnx/element-types.js'
import type { FoldedWeight, GraphEdit, NormalizationWeights, Weight } from '../../types.js'
import { attributesOf } from '../ops/rule.js'
import type { Fix, LintContext } from './rule.js'

const noEdit: GraphEdit = {
  removedNodes: [],
  inputs: new Map(),
  outputs: new Map(),
  added: [],
  fixedWeights: [],
}

/** Weights that are graph inputs too become weights alone: whoever runs the model can replace them no longer. */
export function unoverridden({ graph }: LintContext): Fix | null {
  const names = [...(graph.model.overridable ?? [])]
  // before IR version 4 a weight has to be an input, and onnxruntime takes it for constant
  if (names.length === 0 || graph.model.irVersion < 4) return null
  return { change: `${names.length} weights are no inputs any more`, edit: { ...noEdit, fixedWeights: names } }
}

/** The weights of a normalization in inference, if their values can be read; null otherwise. */
function normalizationAt({ wiring }: LintContext, index: number): NormalizationWeights | null {
  const { inputs, outputs, attributes } = wiring.node(index)
  const [, scale = '', bias = '', mean = '', variance = ''] = inputs
  const read = attributesOf(attributes)
  const isPlain = read.int('training_mode', 0) === 0 && outputs.filter(Boolean).length === 1
  const hasAll = [scale, bias, mean, variance].every((name) => isReadable(wiring.constant(name)))
  return isPlain && hasAll ? { scale, bias, mean, variance, epsilon: read.float('epsilon', 1e-5) } : null
}

/** Values in memory, in the file, or still to be made. */
const isReadable = (weight: Weight | undefined): weight is Weight =>
  weight?.elementType === 'float32' &&
  weight.sparse === undefined &&
  (weight.data.kind === 'inline' || weight.data.kind === 'file' || weight.data.kind === 'generated')

/** A name that no tensor has. */
function nameFor({ graph }: LintContext, name: string): string {
  const isTaken = (candidate: string) => graph.model.weights.has(candidate) || graph.tensors.has(candidate)
  let candidate = `${name}.folded`
  while (isTaken(candidate)) candidate += '_'
  return candidate
}

interface Layer {
  readonly weight: Weight
  readonly bias: Weight | null
  readonly group: number
  readonly isTransposed: boolean
}

/** A layer whose weights can be changed. */
function layerAt({ wiring }: LintContext, index: number): Layer | null {
  const { op, domain, inputs, attributes } = wiring.node(index)
  const read = attributesOf(attributes)
  if (domain !== '' || !/^(Conv|ConvTranspose|Gemm)$/.test(op)) return null
  const [weight, bias] = [wiring.constant(inputs[1] ?? ''), wiring.constant(inputs[2] ?? '')]
  if (!isReadable(weight) || ((inputs[2] ?? '') !== '' && !isReadable(bias))) return null
  // Gemm may scale its terms, and spread a bias of any shape
  const isPlain = read.float('alpha', 1) === 1 && read.float('beta', 1) === 1 && (bias?.dims.length ?? 1) === 1
  if (!isPlain) return null
  const isTransposed = op === 'Gemm' ? read.int('transB', 0) === 0 : op === 'ConvTranspose'
  const layer = { weight, bias: bias ?? null, group: read.int('group', 1), isTransposed }
  return bias === undefined || bias.dims[0] === channelsOf(layer) ? layer : null
}

/** Outputs of a layer. */
const channelsOf = ({ weight: { dims }, group, isTransposed }: Omit<Layer, 'bias'>): number =>
  isTransposed ? (dims[1] ?? 0) * group : (dims[0] ?? 0)

const foldOf = (
  context: LintContext,
  node: number,
  layer: Layer,
  [filters, biases]: readonly [FoldedWeight['kind'], FoldedWeight['kind']],
  normalization: NormalizationWeights,
): readonly [FoldedWeight, FoldedWeight] => {
  const { weight, bias, group, isTransposed } = layer
  const common = { isTransposed, group, normalization, filterDims: weight.dims }
  const name = nameFor(context, context.wiring.node(node).inputs[1] ?? '')
  const biasName = nameFor(context, bias?.name ?? `${weight.name}.bias`)
  return [
    { ...common, name: unlike(name, node), dims: weight.dims, kind: filters, weight: weight.name, through: null },
    {
      ...common,
      through: biases === 'input-bias' ? weight.name : null,
      name: unlike(biasName, node),
      dims: [channelsOf(layer)],
      kind: biases,
      weight: bias?.name ?? null,
    },
  ]
}

/** Layers that share a weight have each a folded one. */
const unlike = (name: string, node: number): string => `${name}.${node}`

/** A layer, and a bias that is added behind it as a node of its own, as Paddle exports transposed convolutions. */
export interface Before {
  readonly index: number
  readonly added: { readonly index: number; readonly bias: string } | null
}

/** What a tensor comes from; undefined for an input of the graph. */
export function layerBefore(context: LintContext, tensor: string): Before | undefined {
  const { wiring } = context
  const index = wiring.producer(tensor)
  if (index === undefined) return undefined
  const [data = '', ...others] = wiring.data(index)
  const source = wiring.producer(data)
  const bias = wiring.node(index).inputs.find(wiring.isConstant)
  const isBias =
    wiring.node(index).op === 'Add' &&
    others.length === 0 &&
    bias !== undefined &&
    isPerChannel(context, bias, data) &&
    wiring.only(data) === index
  return isBias && source !== undefined ? { index: source, added: { index, bias } } : { index, added: null }
}

/** Whether a constant has one value for each channel of a tensor [N, C, D…]. */
function isPerChannel({ graph, wiring }: LintContext, constant: string, tensor: string): boolean {
  const [dims, shape] = [wiring.constant(constant)?.dims, graph.tensors.get(tensor)?.dims]
  if (dims === undefined || shape === undefined) return false
  const channels = dims.at(1 - shape.length)
  return dims.length >= shape.length - 1 && channels === shape[1] && elements(dims) === channels
}

/** Folds a normalization into the layer before it, which it alone reads. */
export function foldIntoProducer(
  context: LintContext,
  { index: before, added: bias }: Before,
  index: number,
): Fix | null {
  const { wiring } = context
  const [layer, normalization] = [layerAt(context, before), normalizationAt(context, index)]
  const behind = bias === null ? null : (wiring.constant(bias.bias) ?? null)
  if (layer === null || normalization === null) return null
  if (bias !== null && (layer.bias !== null || !isReadable(behind ?? undefined))) return null
  const biased = { ...layer, bias: layer.bias ?? behind }
  const added = foldOf(context, before, biased, ['scaled-outputs', 'shifted-bias'], normalization)
  const [input = ''] = wiring.node(before).inputs
  return {
    change: `folded into the ${wiring.node(before).op} before it`,
    edit: {
      ...noEdit,
      removedNodes: bias === null ? [index] : [bias.index, index],
      inputs: new Map([[before, [input, ...added.map(({ name }) => name)]]]),
      outputs: new Map([[before, [wiring.node(index).outputs[0] ?? '']]]),
      added,
    },
  }
}

/** Folds a normalization into the convolution behind it: one that adds no zeros at the border, which it would shift. */
export function foldForward(context: LintContext, index: number): Fix | null {
  const { wiring } = context
  const next = wiring.only(wiring.node(index).outputs[0] ?? '')
  if (next === undefined || wiring.node(next).op !== 'Conv' || !isUnpadded(context, next)) return null
  const [layer, normalization] = [layerAt(context, next), normalizationAt(context, index)]
  if (layer === null || normalization === null || wiring.node(next).inputs[0] !== wiring.node(index).outputs[0]) {
    return null
  }
  const added = foldOf(context, next, layer, ['scaled-inputs', 'input-bias'], normalization)
  return {
    change: 'folded into the Conv behind it',
    edit: {
      ...noEdit,
      removedNodes: [index],
      inputs: new Map([[next, [wiring.node(index).inputs[0] ?? '', ...added.map(({ name }) => name)]]]),
      added,
    },
  }
}

function isUnpadded({ wiring }: LintContext, index: number): boolean {
  const attributes = attributesOf(wiring.node(index).attributes)
  const auto = attributes.string('auto_pad', 'NOTSET')
  return auto === 'VALID' || (auto === 'NOTSET' && (attributes.ints('pads') ?? []).every((pad) => pad === 0))
}
