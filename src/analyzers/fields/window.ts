/** Positions from `start` up to `end`, which is not among them; a span that ends before it starts is empty. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * The input pixels that the outputs along one axis see: output i sees phases[i mod n] moved by ⌊i / n⌋ · step, n phases
 * in all. Only where a network scales up do neighbours differ in more than where they stand, and n is more than one.
 */
export interface Window {
  readonly phases: readonly Span[]
  readonly step: number
}

/** What an operator reads along one axis: output i reads `sources(i)`, and output i + up the same `down` positions on. */
export interface Sampling {
  readonly up: number
  readonly down: number
  readonly sources: (output: number) => Span
}

/** Every pixel sees itself. */
export const pixels: Window = { phases: [{ start: 0, end: 1 }], step: 1 }

export const nothing: Span = { start: Number.POSITIVE_INFINITY, end: Number.NEGATIVE_INFINITY }

/** From the first of either span to the last of either. */
export const hull = (a: Span, b: Span): Span => ({ start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) })

export const isEmpty = ({ start, end }: Span): boolean => start >= end

/** The part of a span from 0 up to `extent`, in pixels. */
export const lengthWithin = ({ start, end }: Span, extent: number): number =>
  Math.max(0, Math.min(end, extent) - Math.max(start, 0))

/** More phases than any network has: what needs them is a resize by an odd ratio of sizes, and not worth its time. */
const mostPhases = 1024

/** What output `position`, which may lie outside the map, sees. */
export function spanAt({ phases, step }: Window, position: number): Span {
  const round = Math.floor(position / phases.length)
  const phase = phases[position - round * phases.length] ?? nothing
  return { start: phase.start + round * step, end: phase.end + round * step }
}

/** What a map of `count` positions sees in all. */
export function spanOfAll(window: Window, count: number): Span {
  const inRound = Math.min(count, window.phases.length)
  let all = nothing
  for (let i = 0; i < inRound; i++) all = hull(all, hull(spanAt(window, i), spanAt(window, count - 1 - i)))
  return all
}

/** Pixels of the widest phase; null where no output sees any. */
export function sizeOf({ phases }: Window): number | null {
  const size = phases.reduce((most, { start, end }) => Math.max(most, end - start), 0)
  return size > 0 ? size : null
}

export const strideOf = ({ phases, step }: Window): number => step / phases.length

/**
 * The window of an operator's output, from that of its input.
 *
 * Gaps between the taps of a dilated window count as seen, as in Araujo, Norris and Sim, whose sizes are from the first
 * pixel to the last. Null where it would have too many phases.
 */
export function sampled(window: Window, { up, down, sources }: Sampling): Window | null {
  const { phases, step } = window
  if (up === 1 && phases.length === 1) {
    return { phases: [seenThrough(window, sources(0))], step: down * step }
  }
  const rounds = phases.length / greatestDivisor(phases.length, down)
  if (up * rounds > mostPhases) return null
  return {
    phases: Array.from({ length: up * rounds }, (_, output) => seenThrough(window, sources(output))),
    step: ((down * rounds) / phases.length) * step,
  }
}

function seenThrough(window: Window, sources: Span): Span {
  if (isEmpty(sources)) return nothing
  const ends = hull(spanAt(window, sources.start), spanAt(window, sources.end - 1))
  if (window.phases.length === 1) return ends
  // a phase between the ends may see further than either, or they nothing
  let all = ends
  const { start, end } = sources
  for (let i = start + 1; i < Math.min(end - 1, start + window.phases.length); i++) all = hull(all, spanAt(window, i))
  for (let i = Math.max(start + 1, end - window.phases.length); i < end - 1; i++) all = hull(all, spanAt(window, i))
  return all
}

/** What outputs see that stand for the same places in two maps; null where neighbours are not equally far apart. */
export function united(a: Window, b: Window): Window | null {
  if (a === b) return a
  const [m, n] = [a.phases.length, b.phases.length]
  if (a.step * n !== b.step * m) return null
  const length = (m * n) / greatestDivisor(m, n)
  if (length > mostPhases) return null
  const phases = Array.from({ length }, (_, i) => hull(spanAt(a, i), spanAt(b, i)))
  return { phases, step: (length / m) * a.step }
}

export const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))
