import type { Shape } from '../ops/rule.js'
import { hull, type Sampling, type Span, sampled, sizeOf, spanAt, spanOfAll, united, type Window } from './window.js'

/** Positions of the image are an axis of the tensor: neighbours along it see neighbouring pixels. */
interface Grid {
  readonly kind: 'grid'
  readonly axis: number
  readonly window: Window
}

/** Position ⌊i / inner⌋ mod count is at index i of an axis: where others were flattened with it into one. */
export interface Fold {
  readonly window: Window
  readonly count: number
  readonly inner: number
  /** Of a single position: how many axes came after its own when it last had one. */
  readonly after?: number
}

/**
 * Positions are among the elements of these axes, but no longer in a row, as flattening a map leaves them: each element
 * sees `size` pixels at most, all together `span`. Two tensors with the same `layout` have equal places at equal indices.
 * With a `fold` they can still be found, and unflattened.
 */
interface Scattered {
  readonly kind: 'scattered'
  readonly axes: readonly number[]
  readonly size: number | null
  readonly span: Span
  readonly layout: symbol
  readonly fold: Fold | null
}

interface Unknown {
  readonly kind: 'unknown'
}

/**
 * What a tensor's elements see along one axis of the image: each its own part, through paths that keep positions apart
 * (`local`, null where there is none), and all the same, through paths that do not (`shared`), as global pooling is one.
 */
export interface Seen {
  readonly local: Grid | Scattered | Unknown | null
  readonly shared: Span | null
}

export const unknown: Seen = { local: { kind: 'unknown' }, shared: null }

export const grid = (axis: number, window: Window, shared: Span | null = null): Seen => ({
  local: { kind: 'grid', axis, window },
  shared,
})

/** The axes of a tensor that positions are along or among. */
export function positionAxes({ local }: Seen): readonly number[] {
  if (local?.kind === 'grid') return [local.axis]
  return local?.kind === 'scattered' ? local.axes : []
}

const lost = ({ shared }: Seen): Seen => ({ local: { kind: 'unknown' }, shared })

const both = (a: Span | null, b: Span | null): Span | null => (a === null || b === null ? (a ?? b) : hull(a, b))

/** The span becomes everyone's, and nothing is left that is not. */
const sharing = ({ shared }: Seen, span: Span): Seen => ({ local: null, shared: both(shared, span) })

/** What all elements of a tensor of this shape see together; null where that is not known. */
function spanOf({ local }: Seen, shape: Shape): Span | null {
  if (local?.kind === 'grid') return spanOfAll(local.window, shape[local.axis] ?? 0)
  return local?.kind === 'scattered' ? local.span : null
}

/** Positions are no longer in a row along their axis, but among the elements of these. */
export function scattered(seen: Seen, shape: Shape, axes: readonly number[]): Seen {
  const { local } = seen
  const span = spanOf(seen, shape)
  if (local === null || local.kind === 'unknown' || span === null) return seen
  if (axes.length === 0) return sharing(seen, span)
  const kept = local.kind === 'grid' ? { size: sizeOf(local.window), layout: Symbol() } : local
  return { ...seen, local: { kind: 'scattered', axes, size: kept.size, span, layout: kept.layout, fold: null } }
}

/** Positions are no longer where those of any other tensor are. */
export function jumbled(seen: Seen, shape: Shape): Seen {
  const all = scattered(seen, shape, positionAxes(seen))
  return all.local?.kind === 'scattered' ? { ...all, local: { ...all.local, layout: Symbol() } } : all
}

/** Positions are at these indices of one axis. */
export function folded(seen: Seen, axis: number, fold: Fold): Seen {
  const { window, count } = fold
  const layout = seen.local?.kind === 'scattered' ? seen.local.layout : Symbol()
  const span = spanOfAll(window, count)
  return { ...seen, local: { kind: 'scattered', axes: [axis], size: sizeOf(window), span, layout, fold } }
}

/** Where positions are along or in one axis; null where that is not known. */
export function foldOf({ local }: Seen, shape: Shape): (Fold & { readonly axis: number }) | null {
  if (local?.kind === 'grid') return { axis: local.axis, window: local.window, count: shape[local.axis] ?? 0, inner: 1 }
  if (local?.kind !== 'scattered' || local.fold === null) return null
  return { axis: local.axes[0] ?? 0, ...local.fold }
}

/** Every element sees all along these axes: a sum over them, say. Positions along other axes stay. */
export function contracted(seen: Seen, shape: Shape, axes: ReadonlySet<number>): Seen {
  if (seen.local?.kind === 'grid' && !axes.has(seen.local.axis)) return seen
  const own = positionAxes(seen)
  if (!own.some((axis) => axes.has(axis))) return seen
  const span = spanOf(seen, shape)
  return span === null || !own.every((axis) => axes.has(axis)) ? lost(seen) : sharing(seen, span)
}

/** Every element sees its own part and, through a mean or a maximum, all along these axes. */
export function mixed(seen: Seen, shape: Shape, axes: ReadonlySet<number>): Seen {
  const all = contracted(seen, shape, axes)
  return all === seen || all.local !== null ? all : { ...seen, shared: all.shared }
}

/** Axis a of the tensor becomes axis move(a). */
export function moved(seen: Seen, move: (axis: number) => number): Seen {
  const { local } = seen
  if (local?.kind === 'grid') {
    const axis = move(local.axis)
    return axis === local.axis ? seen : { ...seen, local: { ...local, axis } }
  }
  if (local?.kind !== 'scattered') return seen
  const axes = local.axes.map(move)
  const inOrder = axes.every((axis, index) => index === 0 || axis > (axes[index - 1] ?? 0))
  return { ...seen, local: { ...local, axes, layout: inOrder ? local.layout : Symbol() } }
}

/** How an operator reads along an axis: every position itself, others, or it is not known. */
export type Reading = Sampling | 'same' | 'unknown'

/** What the output of an operator sees that reads along each axis as told. */
export function read(seen: Seen, reading: (axis: number) => Reading): Seen {
  const { local, shared } = seen
  if (local?.kind !== 'grid') return positionAxes(seen).every((axis) => reading(axis) === 'same') ? seen : lost(seen)
  const how = reading(local.axis)
  if (how === 'same') return seen
  const window = how === 'unknown' ? null : sampled(local.window, how)
  return window === null ? lost(seen) : grid(local.axis, window, shared)
}

/** Only this position along its axis is left. */
export function picked(seen: Seen, position: number): Seen {
  const { local } = seen
  return local?.kind === 'grid' ? sharing(seen, spanAt(local.window, position)) : lost(seen)
}

/** A tensor of shape `from` as every operand of the shape `to` sees it: what stands once is everyone's. */
export function broadcast(seen: Seen, from: Shape, to: Shape): Seen {
  const ahead = to.length - from.length
  const { local } = seen
  if (local?.kind === 'grid' && from[local.axis] === 1 && to[local.axis + ahead] !== 1) return picked(seen, 0)
  return ahead === 0 ? seen : moved(seen, (axis) => axis + ahead)
}

/** What an element sees that is made of one element of each tensor, all of one shape. */
export function joined(all: readonly Seen[]): Seen {
  const [first, ...others] = all
  if (first === undefined) return unknown
  return others.reduce((a, b) => {
    if (a === b) return a
    return { local: together(a.local, b.local), shared: both(a.shared, b.shared) }
  }, first)
}

function together(a: Seen['local'], b: Seen['local']): Seen['local'] {
  if (a === null || b === null) return a ?? b
  if (a.kind === 'grid' && b.kind === 'grid' && a.axis === b.axis) {
    const window = united(a.window, b.window)
    return window === null ? { kind: 'unknown' } : { ...a, window }
  }
  return a.kind === 'scattered' && b.kind === 'scattered' ? samePlaces(a, b) : { kind: 'unknown' }
}

function samePlaces(a: Scattered, b: Scattered): Scattered | Unknown {
  if (a.axes.join() !== b.axes.join()) return { kind: 'unknown' }
  if (a.fold === null || b.fold === null) return a.layout === b.layout ? a : { kind: 'unknown' }
  if (a.fold.count !== b.fold.count || a.fold.inner !== b.fold.inner) return { kind: 'unknown' }
  const window = united(a.fold.window, b.fold.window)
  if (window === null) return { kind: 'unknown' }
  return { ...a, size: sizeOf(window), span: hull(a.span, b.span), fold: { ...a.fold, window } }
}

/** What the elements see of tensors that stand next to each other, none made of two: the widest counts. */
export function sideBySide(a: Seen, b: Seen): Seen {
  const shared = both(a.shared, b.shared)
  if (a.local === null || b.local === null) return { local: a.local ?? b.local, shared }
  if (a.local.kind !== 'scattered' || b.local.kind !== 'scattered') return { local: together(a.local, b.local), shared }
  const same = samePlaces(a.local, b.local)
  return { local: same.kind === 'unknown' ? widest(a.local, b.local) : same, shared }
}

function widest(a: Scattered, b: Scattered): Scattered {
  const axes = [...new Set([...a.axes, ...b.axes])].sort((one, other) => one - other)
  const size = a.size === null || b.size === null ? null : Math.max(a.size, b.size)
  return { kind: 'scattered', axes, size, span: hull(a.span, b.span), layout: Symbol(), fold: null }
}
