import type {
  Attribute,
  ExecutedGraph,
  ExecutedKernel,
  KernelAttribute,
  Model,
  ModelNode,
  TensorType,
} from '../types.js'
import type { Trace, TracedKernel } from './trace.js'

/**
 * Joins the kernels of a profile with the nodes of the optimised graph that the same session wrote.
 *
 * Where both list the same operators and names in the same order, position decides. Otherwise names do, and nodes without one
 * are paired by operator, in the order of their indices or in that of execution, whichever the tensors' types contradict less.
 */
export function executedGraph(
  trace: Omit<Trace, 'creation'>,
  optimized: Model,
  inputs: readonly NamedType[],
): ExecutedGraph {
  const nodes = pair(trace.kernels, optimized.nodes)
  const types = tensorTypes(trace.kernels, nodes, [...inputs, ...optimized.weights.values()])
  return {
    kernels: trace.kernels.map((kernel, index) => executedKernel(kernel, nodes[index], types)),
    profiledRuns: trace.runs,
    profiledRunMs: trace.runMs,
  }
}

type NamedType = TensorType & { readonly name: string }

/** The type of each tensor that is given or that a kernel makes. */
function tensorTypes(
  kernels: readonly TracedKernel[],
  nodes: Pairs,
  given: readonly NamedType[],
): Map<string, TensorType> {
  const types = new Map<string, TensorType>(given.map(({ name, elementType, dims }) => [name, { elementType, dims }]))
  for (const [index, { outputTypes }] of kernels.entries()) {
    const names = (nodes[index]?.outputs ?? []).filter(Boolean)
    for (const [position, type] of outputTypes.entries()) types.set(names[position] ?? '', type)
  }
  return types
}

function pair(kernels: readonly TracedKernel[], nodes: readonly ModelNode[]): Pairs {
  const inStep = (kernel: TracedKernel, node: ModelNode | undefined) =>
    kernel.op === node?.op && (node.name === '' || kernel.name === node.name)
  if (kernels.length === nodes.length && kernels.every((kernel, index) => inStep(kernel, nodes[index]))) return nodes
  const byIndex = [...kernels].sort((a, b) => a.nodeIndex - b.nodeIndex)
  const [first, second] = [byIndex, kernels].map((order) => pairInOrder(kernels, order, nodes)) as [Pairs, Pairs]
  return contradictions(kernels, second) < contradictions(kernels, first) ? second : first
}

type Pairs = readonly (ModelNode | undefined)[]

function pairInOrder(
  kernels: readonly TracedKernel[],
  order: readonly TracedKernel[],
  nodes: readonly ModelNode[],
): Pairs {
  const byName = new Map(nodes.filter(({ name }) => name !== '').map((node) => [node.name, node]))
  const unnamed = queuesByOp(nodes.filter(({ name }) => name === ''))
  const found = new Map<TracedKernel, ModelNode>()
  for (const kernel of order) {
    const node = byName.get(kernel.name) ?? unnamed.get(kernel.op)?.shift()
    if (node !== undefined) found.set(kernel, node)
  }
  return kernels.map((kernel) => found.get(kernel))
}

/** How many tensors one kernel makes and another reads with a different type. */
function contradictions(kernels: readonly TracedKernel[], nodes: Pairs): number {
  const made = tensorTypes(kernels, nodes, [])
  const key = ({ elementType, dims }: TensorType) => `${elementType}${dims}`
  return kernels.reduce((sum, { inputTypes }, index) => {
    const read = new Set(inputTypes.map(key))
    const types = (nodes[index]?.inputs ?? []).map((name) => made.get(name))
    return sum + types.filter((type) => type !== undefined && !read.has(key(type))).length
  }, 0)
}

function queuesByOp(nodes: readonly ModelNode[]): Map<string, ModelNode[]> {
  const queues = new Map<string, ModelNode[]>()
  for (const node of nodes) {
    const queue = queues.get(node.op)
    if (queue === undefined) queues.set(node.op, [node])
    else queue.push(node)
  }
  return queues
}

function executedKernel(
  kernel: TracedKernel,
  node: ModelNode | undefined,
  types: ReadonlyMap<string, TensorType>,
): ExecutedKernel {
  return {
    name: kernel.name,
    op: kernel.op,
    domain: node?.domain ?? '',
    provider: kernel.provider,
    inputs: node?.inputs ?? [],
    outputs: node?.outputs ?? [],
    attributes: kernelAttributes(node?.attributes ?? {}),
    inputTypes: inputTypes(kernel, node, types),
    outputTypes: kernel.outputTypes,
    profiledMs: kernel.ms,
    timeSource: kernel.timeSource,
  }
}

/** What of a node's attributes is a number, numbers or a name. */
export const kernelAttributes = (attributes: ModelNode['attributes']): ExecutedKernel['attributes'] =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, attribute]) => {
      const value = kernelAttribute(attribute)
      return value === null ? [] : [[name, value]]
    }),
  )

function kernelAttribute(attribute: Attribute): KernelAttribute | null {
  switch (attribute.type) {
    case 'int':
    case 'float':
    case 'string':
    case 'ints':
    case 'floats':
      return attribute.value
    default:
      return null
  }
}

/** The profile leaves out weights that were packed before the first run, so types come from the graph where it has all. */
function inputTypes(
  kernel: TracedKernel,
  node: ModelNode | undefined,
  types: ReadonlyMap<string, TensorType>,
): readonly TensorType[] {
  const found = (node?.inputs ?? []).filter(Boolean).map((name) => types.get(name))
  const all = found.filter((type) => type !== undefined)
  return all.length > 0 && all.length === found.length ? all : kernel.inputTypes
}
