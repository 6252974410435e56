import { foldForward, foldIntoProducer, layerBefore, unoverridden } from './normalization-folds.js'
import { type Draft, type Fix, type LintContext, type LintRule, needsKernels } from './rule.js'

/** Layers that could take a normalization into their weights. */
const multiplies = /^(Conv|ConvTranspose|Gemm|MatMul)$/

/** Why a normalization runs by itself, and what does away with it. */
interface Reason {
  readonly why: string
  readonly try: string
  readonly fix?: Fix | null
}

const trainAgain = 'Put the normalization right behind the convolution and train again.'
const canBeFolded = 'Fold it into the layer: flopgap lint --fix does.'

function reasonOf(context: LintContext, index: number): Reason {
  const { wiring, graph } = context
  const [input = '', ...weights] = wiring.node(index).inputs
  const before = layerBefore(context, input)
  const op = before === undefined ? 'an input' : wiring.node(before.index).op
  const used = before === undefined ? weights : [...weights, ...wiring.node(before.index).inputs.slice(1)]
  if (used.some((name) => graph.model.overridable?.has(name))) {
    return {
      why: 'its weights, or those of the layer before it, are inputs of the graph too, which a caller may replace',
      try: 'Make them weights alone (flopgap lint --fix does), or export without keep_initializers_as_inputs.',
      fix: unoverridden(context),
    }
  }
  if (!weights.every(wiring.isConstant)) return { why: 'its weights are computed', try: 'Export constants.' }
  const forward = foldForward(context, index)
  if (forward !== null)
    return { why: `it follows ${op}, and comes before a convolution`, try: canBeFolded, fix: forward }
  if (before === undefined) return { why: 'it follows an input', try: trainAgain }
  if (!multiplies.test(op)) {
    return { why: `it follows ${op}, not a convolution`, try: trainAgain }
  }
  if (wiring.only(input) !== index) {
    return { why: `other layers read the output of the ${op} before it too`, try: 'Let them read what is normalized.' }
  }
  if (!wiring.isConstant(wiring.node(before.index).inputs[1] ?? '')) {
    return { why: `the weights of the ${op} before it are computed`, try: 'Export constants.' }
  }
  const fix = foldIntoProducer(context, before, index)
  const behind = before.added === null ? '' : ' and a bias that is added behind it'
  return {
    why: `onnxruntime does not fold it into ${op}${behind} here`,
    try: fix === null ? trainAgain : canBeFolded,
    fix,
  }
}

function draftOf(context: LintContext, index: number, place: number): Draft {
  const { why, try: advice, fix } = reasonOf(context, index)
  return {
    nodes: [index],
    kernels: [place],
    message: `the normalization runs as a kernel of its own, since ${why}`,
    try: advice,
    ...(fix == null ? {} : { fix }),
  }
}

export const unfusedNormalization: LintRule = {
  id: 'unfused-normalization',
  level: 'warning',
  summary: 'A BatchNormalization runs as a kernel of its own, because onnxruntime cannot fold it into a convolution.',
  source: 'onnxruntime, core/optimizer/conv_bn_fusion.cc',
  fixable: true,
  unavailable: needsKernels,
  check: (context) =>
    (context.executed?.kernels ?? []).flatMap(({ nodes }, place) => {
      const ops = nodes.map((index) => context.wiring.node(index).op)
      // in blocks of channels it runs as a depthwise convolution that the model does not have
      const index = nodes[ops.indexOf('BatchNormalization')]
      return index === undefined || ops.some((op) => multiplies.test(op)) ? [] : draftOf(context, index, place)
    }),
}
