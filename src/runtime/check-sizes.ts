import { FlopgapError } from '../errors.js'
import { elements } from '../onnx/element-types.js'
import { fixedShape } from '../onnx/fixed-shape.js'
import { layerName } from '../onnx/names.js'
import type { Model, ModelNode, TensorType } from '../types.js'

/**
 * onnxruntime's inference takes some nodes at their word until they run.
 *
 * @throws FlopgapError `bad-shape`
 */
export function checkSizes({ nodes }: Model, tensors: ReadonlyMap<string, TensorType>): void {
  const sizes = (tensor: string | undefined) => fixedShape(tensors.get(tensor ?? ''))
  for (const node of nodes) {
    const check = node.domain === '' ? checks[node.op] : undefined
    const [from, filter, to] = check ? [node.inputs[0], node.inputs[1], node.outputs[0]].map(sizes) : []
    const problem = from ? (check?.(node, { from, filter: filter ?? null, to: to ?? null }) ?? null) : null
    if (problem === null) continue
    const name = JSON.stringify(layerName(node))
    throw new FlopgapError(
      'bad-shape',
      `node ${name} ${problem}`,
      'If it was made for another size, change that with --shape.',
    )
  }
}

type Sizes = readonly number[] | null

type Check = (node: ModelNode, sizes: { from: readonly number[]; filter: Sizes; to: Sizes }) => string | null

const checks: Readonly<Record<string, Check>> = {
  Reshape: (_, { from, to }) =>
    to === null || elements(from) === elements(to) ? null : `cannot reshape ${from.join('x')} to ${to.join('x')}`,
  Conv({ attributes }, { from, filter }) {
    const group = attributes.group?.type === 'int' ? attributes.group.value : 1
    const channels = filter === null ? from[1] : (filter[1] ?? 0) * group
    return from[1] === channels ? null : `has filters for ${channels} channels, but its input has ${from[1]}`
  },
}
