import { constantOf } from '../onnx/constant.js'
import { byteSize, elements, isFloating } from '../onnx/element-types.js'
import { fixedShape } from '../onnx/fixed-shape.js'
import type { ElementType, Graph, LayerCost, ModelNode, Weight } from '../types.js'
import type { OpRule, Role, RuleInput } from './ops/rule.js'

/** A tensor whose values are a weight's: the weight itself, or what a chain of copies makes of it. */
export interface Constant {
  readonly weight: Weight
  /** Whether a DequantizeLinear is in the chain, so that integers stand for trained numbers. */
  readonly isDequantized: boolean
}

/** Constant tensors by name. */
export type Constants = ReadonlyMap<string, Constant>

/** Operators that give the values of their first input in another shape, order, number or type. */
const copies = new Set(
  'Identity Cast CastLike Reshape Transpose Squeeze Unsqueeze Flatten Expand Tile QuantizeLinear DequantizeLinear'.split(
    ' ',
  ),
)

/** True where a node hands its first input's values on. */
export const isCopy = ({ op, domain }: ModelNode): boolean =>
  copies.has(op) && (domain === '' || domain === 'com.microsoft')

/**
 * Constant tensors: initializers, the values of Constant and ConstantOfShape nodes, and their copies, so that a weight is
 * counted where it is used and not where it is cast or transposed.
 *
 * @param around those of the graph around a body
 */
export function constantsOf({ model, tensors }: Graph, around: Constants): Map<string, Constant> {
  const constants = new Map(around)
  for (const [name, weight] of model.weights) {
    constants.set(name, around.get(name) ?? { weight, isDequantized: false })
  }
  for (const node of model.nodes) {
    const name = node.outputs[0]
    if (name === undefined) continue
    const own = constantOf(node) ?? filled(node, name, tensors)
    const source = own === undefined && isCopy(node) ? constants.get(node.inputs[0] ?? '') : undefined
    if (own !== undefined) constants.set(name, { weight: own, isDequantized: false })
    else if (source !== undefined) {
      constants.set(name, { ...source, isDequantized: source.isDequantized || node.op === 'DequantizeLinear' })
    }
  }
  return constants
}

function filled({ op, domain }: ModelNode, name: string, tensors: Graph['tensors']): Weight | undefined {
  const type = op === 'ConstantOfShape' && domain === '' ? tensors.get(name) : undefined
  const dims = fixedShape(type)
  if (type === undefined || dims === null) return undefined
  return { name, elementType: type.elementType, dims, data: { kind: 'filled' } }
}

/**
 * What a node is the first to use of trained weights and of state.
 *
 * @param seen weights counted before; those of this node are added
 */
export function countWeights(
  node: ModelNode,
  rule: OpRule | undefined,
  input: RuleInput | null,
  constants: Constants,
  seen: Set<Weight>,
): Pick<LayerCost, 'params' | 'buffers' | 'paramBytes'> {
  let params = 0
  let buffers = 0
  let paramBytes = 0
  if (isCopy(node)) return { params, buffers, paramBytes }
  for (const [index, name] of node.inputs.entries()) {
    const constant = constants.get(name)
    if (constant === undefined || seen.has(constant.weight)) continue
    const { weight } = constant
    const role = roleOf(constant, rule?.role(index) ?? 'operand')
    if (role === 'setting') continue
    seen.add(weight)
    const packed = input === null ? undefined : rule?.packed?.(index, input)
    const count = packed ?? weight.sparse?.values ?? elements(weight.dims)
    if (role === 'param') params += count
    else buffers += count
    paramBytes += storedBytes(weight)
  }
  return { params, buffers, paramBytes }
}

function storedBytes({ elementType, dims, sparse }: Weight): number {
  const values = byteSize(elementType, sparse?.values ?? elements(dims)) ?? 0
  return values + (sparse?.indexBytes ?? 0)
}

/** Integers are indices and shapes, unless they are quantised; a weight that was stored narrow and then cast is one too. */
function roleOf({ weight, isDequantized }: Constant, role: Role): 'param' | 'buffer' | 'setting' {
  if (role === 'quantized') return 'param'
  const { elementType, dims, data } = weight
  const isTrained = isFloating(elementType) || isDequantized || (role === 'param' && isNarrow(elementType))
  if (!isTrained) return 'setting'
  // one value throughout, as ConstantOfShape makes it, is a weight of a layer but no trained operand
  if (role === 'operand') return elements(dims) > 1 && data.kind !== 'filled' ? 'param' : 'setting'
  return role
}

const isNarrow = (elementType: ElementType): boolean => /^u?int[248]$/.test(elementType)
