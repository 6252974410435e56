import type { BodyGraph, ModelNode, TensorType } from '../types.js'

type Typed = readonly [name: string, type: TensorType]

/** The types of a node's outputs by the graphs inside it; those that they do not tell are left out. */
export function outputsOf(node: ModelNode, bodies: readonly BodyGraph[]): readonly Typed[] {
  const [first, second] = bodies
  if (first === undefined) return []
  switch (node.domain === '' ? node.op : '') {
    case 'If':
      return ofBranches(node, first, second)
    case 'Loop':
      return ofLoop(node, first)
    case 'Scan':
      return ofScan(node, first)
    default:
      return typesOf(first).flatMap((type, index) => named(node, index, type))
  }
}

const typesOf = ({ graph }: BodyGraph): (TensorType | undefined)[] =>
  graph.model.outputs.map(({ name }) => graph.tensors.get(name))

const named = ({ outputs }: ModelNode, index: number, type: TensorType | undefined): Typed[] => {
  const name = outputs[index]
  return type === undefined || name === undefined ? [] : [[name, type]]
}

/** Those of the branch that runs; of two that may run, what they have in common. */
function ofBranches(node: ModelNode, first: BodyGraph, second: BodyGraph | undefined): Typed[] {
  const taken = [first, second].find((branch) => branch?.isTaken === true)
  if (taken !== undefined) return typesOf(taken).flatMap((type, index) => named(node, index, type))
  const others = second === undefined ? [] : typesOf(second)
  return typesOf(first).flatMap((type, index) => {
    const other = others[index]
    const isSame =
      type?.dims.length === other?.dims.length && type?.dims.every((dim, axis) => dim === other?.dims[axis])
    return isSame ? named(node, index, type) : []
  })
}

/** The body's outputs: condition, carried values, then what each iteration adds to a stack. */
function ofLoop(node: ModelNode, body: BodyGraph): Typed[] {
  const carried = node.inputs.length - 2
  return typesOf(body)
    .slice(1)
    .flatMap((type, index) => named(node, index, index < carried ? type : stacked(type, 0, body.times)))
}

/** The body's outputs: states, then one slice of each scanned output. */
function ofScan(node: ModelNode, body: BodyGraph): Typed[] {
  // opset 8 had a batch around all, which onnxruntime types by itself
  if ((body.graph.model.opsets[''] ?? 0) < 9) return []
  const { num_scan_inputs: scanned, scan_output_axes: axes } = node.attributes
  const states = node.inputs.length - (scanned?.type === 'int' ? scanned.value : 0)
  return typesOf(body).flatMap((type, index) => {
    if (index < states) return named(node, index, type)
    const axis = axes?.type === 'ints' ? (axes.value[index - states] ?? 0) : 0
    return named(node, index, stacked(type, axis, body.times))
  })
}

/** The type of as many slices as iterations, one behind the other along an axis. */
function stacked(type: TensorType | undefined, axis: number, times: number | null): TensorType | undefined {
  if (type === undefined) return undefined
  const at = axis < 0 ? axis + type.dims.length + 1 : axis
  return { ...type, dims: type.dims.toSpliced(at, 0, times ?? '?iterations') }
}
