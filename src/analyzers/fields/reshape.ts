import { elements } from '../../onnx/element-types.js'
import type { Shape } from '../ops/rule.js'
import { fieldRule, type Step } from './rule.js'
import { type Fold, folded, foldOf, grid, moved, positionAxes, read, type Seen, scattered, unknown } from './seen.js'

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
 * The same elements in the same order. Positions stay in a row if their axis keeps its size, or gets it back, or if
 * channels behind it join it, as where a pixel is unfolded into r; else they are among the elements of what it became.
 */
function reshaped(step: Step): Seen {
  const { sees, x, y } = step
  const groups = groupsOf(x, y)
  if (groups === null) return unknown
  const fold = foldOf(sees, x)
  if (fold !== null)
    return refolded(step, fold, groups.find(({ from }) => from.includes(fold.axis)) ?? alone(fold.axis))
  const axes = positionAxes(sees)
  const became = groups.filter(({ from }) => from.some((axis) => axes.includes(axis))).flatMap(({ to }) => to)
  return scattered(sees, x, inOrder(became.filter((axis) => y[axis] !== 1)))
}

const alone = (axis: number): Group => ({ from: [axis], to: [] })

const inOrder = (axes: readonly number[]): readonly number[] => [...axes].sort((a, b) => a - b)

/** Elements from one index of an axis to the next, within its group. */
const strideIn = (axes: readonly number[], shape: Shape, axis: number): number =>
  elements(axes.filter((other) => other > axis).map((other) => shape[other] ?? 1))

function refolded(step: Step, { axis, ...fold }: Fold & { readonly axis: number }, { from, to }: Group): Seen {
  const { sees, x, y } = step
  const [first = 0] = to
  if (fold.count === 1) return single(step, axis, fold)
  if (from.length === 1 && to.length === 1) return moved(sees, () => first)
  const stride = fold.inner * strideIn(from, x, axis)
  const home = to.find((one) => {
    const own = strideIn(to, y, one)
    return stride % own === 0 && (own * (y[one] ?? 1)) % (stride * fold.count) === 0
  })
  if (home === undefined) return scattered(sees, x, inOrder(to.filter((one) => y[one] !== 1)))
  const inner = stride / strideIn(to, y, home)
  const isRow = inner * fold.count === y[home] && (inner === 1 || !isShared(step, from, axis))
  if (isRow) return unfolded(sees, home, { ...fold, inner })
  return folded(sees, home, { ...fold, inner })
}

/** A map of one position has no index to be found at: it is where as many axes come after it as before. */
function single({ sees, x, y }: Step, axis: number, fold: Fold): Seen {
  const { after = x.length - 1 - axis, window } = fold
  const back = y.length - 1 - after
  if (y.length > 2 && back > 0 && y[back] === 1) return grid(back, window, sees.shared)
  return folded(sees, Math.min(axis, y.length - 1), { ...fold, after })
}

/** Whether other positions are in the same group of axes. */
const isShared = ({ sees, positions, x }: Step, from: readonly number[], own: number): boolean =>
  (sees.local?.kind === 'scattered' && sees.local.fold !== null) ||
  from.some((axis) => axis !== own && positions().has(axis) && x[axis] !== 1)

/** Each position, `inner` times, in a row. */
function unfolded({ shared }: Seen, axis: number, { window, inner }: Fold): Seen {
  const row = grid(axis, window, shared)
  const sources = (output: number) => ({ start: Math.floor(output / inner), end: Math.floor(output / inner) + 1 })
  return inner === 1 ? row : read(row, () => ({ up: inner, down: 1, sources }))
}

/** Whatever tells the shape: only what came of it counts. */
export const reshapes = [fieldRule(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'], reshaped)]
