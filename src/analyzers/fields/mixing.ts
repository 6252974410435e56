import { axesOf, type FieldRule, fieldRule, fromFront, type Step } from './rule.js'
import { broadcast, contracted, joined, mixed, moved, type Seen, unknown } from './seen.js'

const allAxes = ({ x }: Step): readonly number[] => x.map((_, axis) => axis)

/** Every element of y sees all of x along the axes; without `keepdims` they are gone. */
function reduced(step: Step, axes: readonly number[] | null): Seen {
  if (axes === null) return unknown
  const gone = new Set(axes)
  const seen = contracted(step.sees, step.x, gone)
  if (step.attributes.int('keepdims', 1) === 1) return seen
  return moved(seen, (axis) => axis - axes.filter((one) => one < axis).length)
}

/** No axes are all, but where `noop_with_empty_axes` makes them none. */
const reduce = fieldRule(
  [
    ...['ReduceSum', 'ReduceProd', 'ReduceMax', 'ReduceMin', 'ReduceMean', 'ReduceLogSum'],
    ...['ReduceL1', 'ReduceSumSquare', 'ReduceL2', 'ReduceLogSumExp'],
  ],
  (step) => {
    const axes = axesOf(step)
    const isNone = axes?.length === 0 && step.attributes.int('noop_with_empty_axes', 0) === 1
    return isNone ? step.sees : reduced(step, axes?.length === 0 ? allAxes(step) : axes)
  },
)

const argument = fieldRule(['ArgMax', 'ArgMin'], (step) =>
  reduced(step, [fromFront(step.attributes.int('axis', 0), step.x.length)]),
)

/** Every element is divided by what all along the axes make. */
const normalized = (ops: readonly string[], axes: (step: Step) => readonly number[]): FieldRule =>
  fieldRule(ops, (step) => mixed(step.sees, step.x, new Set(axes(step))))

const oneAxis = ({ attributes, x }: Step): readonly number[] => [fromFront(attributes.int('axis', -1), x.length)]

const axisAndBehind =
  (otherwise: number) =>
  (step: Step): readonly number[] =>
    allAxes(step).slice(fromFront(step.attributes.int('axis', otherwise), step.x.length))

const behindChannels = (step: Step): readonly number[] => allAxes(step).slice(2)

/** By opset 13 one axis, before it the axis and all behind it. */
const softmax: FieldRule = normalized(['Softmax', 'LogSoftmax', 'Hardmax'], (step) =>
  step.opset < 13 ? axisAndBehind(1)(step) : oneAxis(step),
)

/** Means and variances of a channel or a group of them are over its positions. */
const instance = normalized(['InstanceNormalization', 'GroupNormalization'], behindChannels)
const layer = normalized(['LayerNormalization', 'RMSNormalization'], axisAndBehind(-1))
const norm = normalized(['LpNormalization'], oneAxis)
const meanVariance = normalized(['MeanVarianceNormalization'], ({ attributes }) => attributes.ints('axes') ?? [0, 2, 3])

/** Axis of A [… M, K] and of B [… K, N] that the product sums over. */
type Summed = readonly [a: number, b: number]

/** What of A and B is left when the positions along K are summed over, and its shape; an operand without any is left out. */
const operands = ({ seen, inputs }: Step, summed: Summed) =>
  summed.flatMap((axis, index) => {
    const operand = seen[index] ?? null
    const shape = inputs[index] ?? []
    return operand === null ? [] : [{ seen: contracted(operand, shape, new Set([axis])), shape }]
  })

/** y [… M, N]: rows see rows of A, columns see columns of B. A vector is a matrix whose other axis is not written. */
const matMul: FieldRule = {
  ops: ['MatMul', 'MatMulInteger'],
  domain: '',
  seen(step) {
    const [a = [], b = []] = step.inputs
    const left = operands(step, [a.length - 1, Math.max(0, b.length - 2)])
    const isVector = a.length < 2 || b.length < 2
    const last = step.y.length - 1
    return joined(
      left.map(({ seen, shape }) =>
        isVector ? moved(seen, (axis) => Math.min(axis, last)) : broadcast(seen, shape, step.y),
      ),
    )
  },
}

/** A [M, K], B [K, N], either transposed, and C broadcast to y [M, N]. */
const gemm: FieldRule = {
  ops: ['Gemm'],
  domain: '',
  seen(step) {
    const { attributes, seen, inputs, y } = step
    const summed: Summed = [attributes.int('transA', 0) === 1 ? 0 : 1, attributes.int('transB', 0) === 1 ? 1 : 0]
    const rows = operands({ ...step, seen: [seen[0] ?? null] }, summed).map((one) => moved(one.seen, () => 0))
    const columns = operands({ ...step, seen: [null, seen[1] ?? null] }, summed).map((one) => moved(one.seen, () => 1))
    const added = seen[2] == null ? [] : [broadcast(seen[2], inputs[2] ?? [], y)]
    return joined([...rows, ...columns, ...added])
  },
}

export const mixing = [reduce, argument, softmax, instance, layer, norm, meanVariance, matMul, gemm]
