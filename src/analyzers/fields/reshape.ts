import { elements } from '../../onnx/element-types.js'
import type { Shape } from '../ops/rule.js'
import { fieldRule, type Step } from './rule.js'
import { moved, picked, read, type Seen, scattered, unknown } from './seen.js'

/** Axes of two shapes with as many elements between them, in the same order: [C, H, W] → [g, C/g, H, W] has three. */
interface Group {
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/** What axes became what; null where the shapes do not hold the same elements. */
function groupsOf(from: Shape, to: Shape): Group[] | null {
  if (elements(from) !== elements(to) || elements(from) === 0) return null
  const groups: Group[] = []
  let [i, j] = [from.length, to.length]
  for (; i > 0 && j > 0 && from[i - 1] === to[j - 1]; i--, j--) groups.push({ from: [i - 1], to: [j - 1] })
  let start = 0
  for (; start < Math.min(i, j) && from[start] === to[start]; start++) groups.push({ from: [start], to: [start] })
  return [...groups, ...regrouped({ from, to, start, fromEnd: i, toEnd: j })]
}

/** The axes in the middle, in the smallest groups of equal products. */
function regrouped(middle: { from: Shape; to: Shape; start: number; fromEnd: number; toEnd: number }): Group[] {
  const { from, to, start, fromEnd, toEnd } = middle
  const groups: Group[] = []
  let [i, j] = [start, start]
  while (i < fromEnd || j < toEnd) {
    const group = { from: [] as number[], to: [] as number[] }
    let [left, right] = [1, 1]
    do {
      if (j >= toEnd || (i < fromEnd && left <= right)) {
        left *= from[i] ?? 1
        group.from.push(i++)
      } else {
        right *= to[j] ?? 1
        group.to.push(j++)
      }
    } while (left !== right)
    groups.push(group)
  }
  return groups
}

/**
 * The same elements in the same order. An axis of positions stays one if it keeps its size, or if channels behind it
 * join it, as where a pixel is unfolded into r; else positions are scattered among the axes it became.
 */
function reshaped(step: Step): Seen {
  const groups = groupsOf(step.x, step.y)
  if (groups === null) return unknown
  const { local } = step.sees
  if (local?.kind === 'grid') return gridReshaped(step, local.axis, groups)
  if (local?.kind !== 'scattered') return step.sees
  const { axes } = local
  const became = groups.filter(({ from }) => from.some((axis) => axes.includes(axis))).flatMap(({ to }) => to)
  return scattered(step.sees, step.x, inOrder(became.filter((axis) => step.y[axis] !== 1)))
}

const inOrder = (axes: readonly number[]): readonly number[] => [...axes].sort((a, b) => a - b)

function gridReshaped(step: Step, axis: number, groups: readonly Group[]): Seen {
  const { sees, x, y, positions } = step
  const group = groups.find(({ from }) => from.includes(axis)) ?? { from: [], to: [] }
  const [first = 0] = group.to
  if (group.from.length === 1 && group.to.length === 1) return moved(sees, () => first)
  if (x[axis] === 1) return picked(sees, 0)
  const others = group.from.filter((other) => other !== axis && x[other] !== 1)
  const became = group.to.filter((other) => y[other] !== 1)
  const [only, ...more] = became
  const behind = others.every((other) => other > axis && !positions.has(other))
  if (only === undefined || more.length > 0 || !behind) return scattered(sees, x, became)
  const unfolded = (y[only] ?? 1) / (x[axis] ?? 1)
  const sources = (output: number) => ({
    start: Math.floor(output / unfolded),
    end: Math.floor(output / unfolded) + 1,
  })
  const widened = unfolded === 1 ? sees : read(sees, () => ({ up: unfolded, down: 1, sources }))
  return moved(widened, () => only)
}

/** Whatever tells the shape: only what came of it counts. */
export const reshapes = [fieldRule(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'], reshaped)]
