import { elementByElement, type FieldRule, fieldRule, fromFront, reading, type Step } from './rule.js'
import {
  contracted,
  jumbled,
  moved,
  picked,
  positionAxes,
  type Reading,
  read,
  type Seen,
  scattered,
  sideBySide,
  unknown,
} from './seen.js'
import type { Sampling } from './window.js'

const every = (step: number, first: number): Sampling => ({
  up: 1,
  down: step,
  sources: (output) => ({ start: output * step + first, end: output * step + first + 1 }),
})

/** Axis i of the output is axis perm[i] of x; back to front by default. */
const transpose = fieldRule(['Transpose'], ({ sees, x, attributes }) => {
  const perm = attributes.ints('perm') ?? x.map((_, axis) => x.length - 1 - axis)
  return moved(sees, (axis) => perm.indexOf(axis))
})

/** One after another: along channels each position has the elements of all, along positions they are in no row. */
const concat: FieldRule = {
  ops: ['Concat'],
  domain: '',
  seen({ seen, inputs, attributes, y }) {
    const along = fromFront(attributes.int('axis', 1), y.length)
    const parts = seen.flatMap((one, index) => (one === null ? [] : [unrowed(one, inputs[index] ?? [], along)]))
    return parts.reduce((a, b) => sideBySide(a, b))
  },
}

const unrowed = (seen: Seen, shape: readonly number[], along: number): Seen =>
  positionAxes(seen).includes(along) ? jumbled(seen, shape) : seen

/** Output k begins where output k − 1 ends. */
const split = reading(['Split'], ({ x, y, attributes, outputs, output }, axis) => {
  if (axis !== fromFront(attributes.int('axis', 0), x.length) || x[axis] === y[axis]) return 'same'
  let start = 0
  for (const before of outputs.slice(0, output)) {
    const size = before?.[axis]
    if (size === undefined) return 'unknown'
    start += size
  }
  return every(1, start)
})

/** Bounds by axis; as attributes before opset 10. */
const slice = reading(['Slice'], (step, axis) => {
  const { x, y, attributes, constant, inputs } = step
  const steps = inputs[4] === undefined ? [] : constant(4)
  const starts = attributes.ints('starts') ?? constant(1)
  const axes = sliceAxes(step)
  // whatever the bounds are, they left all of it
  if (x[axis] === y[axis] && steps?.every((size) => size > 0)) return 'same'
  if (starts === null || axes === null || steps === null) return 'unknown'
  const index = axes.indexOf(axis)
  const stride = steps[index] ?? 1
  if (index === -1) return 'same'
  return stride > 0 ? every(stride, bounded(starts[index] ?? 0, x[axis] ?? 0)) : 'unknown'
})

const bounded = (start: number, size: number): number => Math.min(size, Math.max(0, fromFront(start, size)))

function sliceAxes({ x, attributes, constant, inputs }: Step): readonly number[] | null {
  const given = attributes.ints('axes') ?? (inputs[3] === undefined ? x.map((_, axis) => axis) : constant(3))
  return given?.map((axis) => fromFront(axis, x.length)) ?? null
}

/**
 * Positions move by what comes in front. What `reflect` and `edge` put there is seen by those who see the border's
 * neighbourhood anyway; `wrap` brings the far side.
 */
const pad = reading(['Pad'], ({ x, attributes, constant, inputs }, axis) => {
  if (attributes.string('mode', 'constant') === 'wrap') return 'unknown'
  const pads = attributes.ints('pads') ?? attributes.ints('paddings') ?? constant(1)
  const axes = inputs[3] === undefined ? x.map((_, index) => index) : constant(3)
  if (pads === null || axes === null) return 'unknown'
  const index = axes.map((one) => fromFront(one, x.length)).indexOf(axis)
  const before = index === -1 ? 0 : (pads[index] ?? 0)
  return before === 0 ? 'same' : every(1, -before)
})

/** Each position becomes blocksize positions a side: x [N, C, H, W], y [N, C/b², H·b, W·b]. */
const depthToSpace = reading(['DepthToSpace'], ({ attributes }, axis): Reading => {
  const block = attributes.int('blocksize', 1)
  const sources = (output: number) => ({ start: Math.floor(output / block), end: Math.floor(output / block) + 1 })
  return axis < 2 || block === 1 ? 'same' : { up: block, down: 1, sources }
})

/** Blocks become positions: x [N, C, H, W], y [N, C·b², H/b, W/b]. */
const spaceToDepth = reading(['SpaceToDepth'], ({ attributes }, axis): Reading => {
  const block = attributes.int('blocksize', 1)
  const sources = (output: number) => ({ start: output * block, end: (output + 1) * block })
  return axis < 2 || block === 1 ? 'same' : { up: 1, down: block, sources }
})

/** Indices in place of an axis. */
const gather = fieldRule(['Gather'], (step) => {
  const { sees, x, inputs, attributes, constant } = step
  const axis = fromFront(attributes.int('axis', 0), x.length)
  const rank = inputs[1]?.length ?? 0
  const behind = (other: number) => (other < axis ? other : other + rank - 1)
  if (!positionAxes(sees).includes(axis)) return moved(sees, behind)
  if (sees.local?.kind !== 'grid' || sees.local.window.phases.length > 1) return read(sees, () => 'unknown')
  if (rank > 0) return scattered(sees, x, inputs[1]?.map((_, index) => axis + index) ?? [])
  const [index] = constant(1) ?? []
  return index === undefined ? read(sees, () => 'unknown') : picked(sees, fromFront(index, x[axis] ?? 0))
})

/** What stands once is seen by all that it is repeated for. */
const repeated = fieldRule(['Expand', 'Tile'], (step) => {
  const { x, y } = step
  const kept = positionAxes(step.sees).every((axis) => {
    const size = y[axis + y.length - x.length]
    return x[axis] === 1 || size === x[axis]
  })
  return kept ? elementByElement({ ...step, seen: [step.sees], inputs: [x] }) : read(step.sees, () => 'unknown')
})

/** Running sums: the last sees all. */
const cumulated = fieldRule(['CumSum', 'CumProd'], (step) => {
  const [axis] = step.constant(1) ?? []
  if (axis === undefined) return unknown
  const all = contracted(step.sees, step.x, new Set([fromFront(axis, step.x.length)]))
  return all === step.sees ? all : read(step.sees, () => 'unknown')
})

export const movement = [transpose, concat, split, slice, pad, depthToSpace, spaceToDepth, gather, repeated, cumulated]
