import type { AxisReceptiveField } from '../../types.js'
import type { Shape } from '../ops/rule.js'
import { foldOf, type Seen } from './seen.js'
import { hull, isEmpty, lengthWithin, type Span, sizeOf, spanAt, strideOf, type Window } from './window.js'

/** What is said of a tensor of this shape, made from an image of `extent` pixels along the axis. */
export function axisField(seen: Seen, shape: Shape, extent: number): AxisReceptiveField {
  const { local, shared } = seen
  const global = shared !== null
  if (local === null) return { ...ofAll(shared, extent), global }
  const fold = foldOf(seen, shape)
  if (fold === null) {
    const size = local.kind === 'scattered' ? local.size : null
    return { size, stride: null, offset: null, inside: least(shared, extent), global }
  }
  const { window, count } = fold
  const { start } = spanAt(window, 0)
  return {
    size: sizeOf(window),
    stride: strideOf(window),
    offset: Number.isFinite(start) ? start : null,
    inside: mostInside(window, shared, { count, extent }),
    global,
  }
}

function ofAll(shared: Span | null, extent: number): Omit<AxisReceptiveField, 'global'> {
  if (shared === null || isEmpty(shared)) return { size: null, stride: null, offset: null, inside: null }
  const size = shared.end - shared.start
  return { size, stride: null, offset: shared.start, inside: lengthWithin(shared, extent) }
}

/** What an element sees of which only this is known: nothing, but where that is the whole image. */
const least = (shared: Span | null, extent: number): number | null =>
  shared !== null && lengthWithin(shared, extent) === extent ? extent : null

/**
 * The most pixels within the image, over all positions. Along a phase the part inside grows, stays, and shrinks, with
 * turns where an end of the field passes an end of the image or of what is shared: only those positions are looked at.
 */
function mostInside(window: Window, shared: Span | null, { count, extent }: { count: number; extent: number }): number {
  const { phases, step } = window
  let most = 0
  for (const [index, phase] of phases.entries()) {
    const last = Math.floor((count - 1 - index) / phases.length)
    if (last < 0 || isEmpty(phase)) continue
    const look = (round: number): void => {
      if (Number.isNaN(round)) return
      const field = spanAt(window, index + Math.min(last, Math.max(0, round)) * phases.length)
      most = Math.max(most, lengthWithin(shared === null ? field : hull(field, shared), extent))
    }
    look(0)
    look(last)
    for (const pixel of shared === null ? [0, extent] : [0, extent, shared.start, shared.end]) {
      for (const edge of [phase.start, phase.end]) {
        look(Math.floor((pixel - edge) / step))
        look(Math.ceil((pixel - edge) / step))
      }
    }
  }
  return most
}
