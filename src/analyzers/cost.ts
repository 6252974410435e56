import { byteSize, elements, isFloating } from '../onnx/element-types.js'
import type { Graph, LayerCost, ModelNode, TensorType, Weight } from '../types.js'
import { ruleOf } from './ops/index.js'
import { attributesOf, type OpRule, type Role, type RuleInput, type Shape } from './ops/rule.js'
import { movedBytes } from './traffic.js'

/**
 * The cost of every node of a graph, in the file's order.
 *
 * A weight is counted at the first node that uses it, once. Bytes are those that must move at least once: inputs and
 * weights read, outputs written, at their stored width.
 */
export const layerCosts = (graph: Graph): LayerCost[] => countedNodes(graph).map(({ layer }) => layer)

/** A node with its cost and what its rule saw; `input` is null where a shape is not known. */
export interface CountedNode {
  readonly node: ModelNode
  readonly input: RuleInput | null
  readonly layer: LayerCost
}

/** As `layerCosts`, with the nodes themselves. */
export function countedNodes(graph: Graph): CountedNode[] {
  const constants = constantTensors(graph)
  const seen = new Set<string>()
  return graph.model.nodes.map((node) => {
    const input = ruleInput(graph, node)
    return { node, input, layer: layerCost(graph, node, input, constants, seen) }
  })
}

/** Constant tensors by name: initializers, and the values of Constant and ConstantOfShape nodes. */
function constantTensors({ model, tensors }: Graph): Map<string, Weight> {
  const constants = new Map(model.weights)
  for (const { op, domain, outputs, attributes } of model.nodes) {
    const name = outputs[0]
    if (domain !== '' || name === undefined) continue
    if (op === 'Constant' && attributes.value?.type === 'tensor') constants.set(name, attributes.value.value)
    if (op === 'ConstantOfShape') {
      const type = tensors.get(name)
      const dims = knownShape(type)
      if (type && dims) constants.set(name, { name, elementType: type.elementType, dims, data: { kind: 'filled' } })
    }
  }
  return constants
}

function layerCost(
  graph: Graph,
  node: ModelNode,
  input: RuleInput | null,
  constants: ReadonlyMap<string, Weight>,
  seen: Set<string>,
): LayerCost {
  const rule = ruleOf(node.domain, node.op)
  const weights = countWeights(node, rule, input, constants, seen)
  const common = {
    name: node.name || (node.outputs[0] ?? ''),
    op: node.op,
    domain: node.domain,
    outputs: node.outputs,
    outputShape: knownShape(graph.tensors.get(node.outputs[0] ?? '')),
    ...weights,
    ...(input === null ? { readBytes: null, writeBytes: null } : traffic(graph, node, rule)),
    kernelClass: kernelClass(rule, input),
  }
  if (rule?.cost === 'free') return { ...common, status: 'free', macs: 0, flops: 0 }
  const cost = input === null ? null : (rule?.cost(input) ?? null)
  if (cost === null) return { ...common, status: 'uncounted', macs: null, flops: null }
  const { macs = 0, flops = 0 } = cost
  return { ...common, status: 'counted', macs, flops: 2 * macs + flops }
}

function kernelClass(rule: OpRule | undefined, input: RuleInput | null): LayerCost['kernelClass'] {
  if (rule === undefined) return 'other'
  if (typeof rule.kernelClass === 'string') return rule.kernelClass
  return input === null ? 'other' : rule.kernelClass(input)
}

/** The shapes and attributes a rule sees; null where a shape is not known. */
function ruleInput({ tensors }: Graph, { inputs, outputs, attributes }: ModelNode): RuleInput | null {
  const shapes = (names: readonly string[]) =>
    names.map((name) => (name === '' ? undefined : knownShape(tensors.get(name))))
  const inputShapes = shapes(inputs)
  const outputShapes = shapes(outputs)
  if (inputShapes.includes(null) || outputShapes.includes(null)) return null
  const known = inputShapes as (Shape | undefined)[]
  return {
    inputs: known,
    outputs: outputShapes as (Shape | undefined)[],
    x: known[0] ?? [],
    w: known[1] ?? [],
    b: known[2],
    y: (outputShapes[0] as Shape | undefined) ?? [],
    types: inputs.map((name) => tensors.get(name)?.elementType),
    attributes: attributesOf(attributes),
  }
}

/** All sizes of a tensor, or null where one is not known. */
function knownShape(type: TensorType | undefined): readonly number[] | null {
  if (type === undefined || type.dims.some((dim) => typeof dim === 'string')) return null
  return type.dims as readonly number[]
}

function countWeights(
  { inputs }: ModelNode,
  rule: OpRule | undefined,
  input: RuleInput | null,
  constants: ReadonlyMap<string, Weight>,
  seen: Set<string>,
): Pick<LayerCost, 'params' | 'buffers' | 'paramBytes'> {
  let params = 0
  let buffers = 0
  let paramBytes = 0
  for (const [index, name] of inputs.entries()) {
    const weight = constants.get(name)
    if (weight === undefined || seen.has(name)) continue
    const role = roleOf(weight, rule?.role(index) ?? 'operand')
    if (role === 'setting') continue
    seen.add(name)
    const stored = elements(weight.dims)
    const count = (input === null ? undefined : rule?.packed?.(index, input)) ?? stored
    if (role === 'param') params += count
    else buffers += count
    paramBytes += byteSize(weight.elementType, stored) ?? 0
  }
  return { params, buffers, paramBytes }
}

/** Integers are indices and shapes, never trained. */
function roleOf({ elementType, dims, data }: Weight, role: Role): Exclude<Role, 'operand' | 'quantized'> {
  if (role === 'quantized') return 'param'
  if (!isFloating(elementType)) return 'setting'
  // one value throughout, as ConstantOfShape makes it, is a weight of a layer but no trained operand
  if (role === 'operand') return elements(dims) > 1 && data.kind !== 'filled' ? 'param' : 'setting'
  return role
}

/** Bytes read and written once; null where the size of an element or a shape is not known. */
function traffic({ tensors }: Graph, { inputs, outputs }: ModelNode, rule: OpRule | undefined) {
  const moved = (names: readonly string[]) =>
    names.filter(Boolean).map((name) => ({ name, bytes: tensorBytes(tensors.get(name)) }))
  return movedBytes(rule?.traffic ?? 'all', moved(inputs), moved(outputs))
}

/** Bytes of a tensor as stored, or null where its shape or element size is not known. */
export function tensorBytes(type: TensorType | undefined): number | null {
  const dims = knownShape(type)
  return type === undefined || dims === null ? null : byteSize(type.elementType, elements(dims))
}
