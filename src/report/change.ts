/** How changes read. Everything here takes plain values and returns short text. */

/** `+1.20 M`, `-3`; empty where nothing changed, `?` where that is not known. */
export function signed(change: number | null, format: (value: number) => string): string {
  if (change === null) return '?'
  if (change === 0) return ''
  return `${change > 0 ? '+' : '-'}${format(Math.abs(change))}`
}

/** One text where nothing changed, and `before→after` where it did. */
export const arrow = (before: string, after: string): string => (before === after ? before : `${before}→${after}`)

/** A shape with what changed of it: `1x32→16x112x112`; both shapes where their ranks differ. */
export function shapeChange(before: string, after: string): string {
  const [a, b] = [before.split('x'), after.split('x')]
  const isSameRank = a.length > 1 && a.length === b.length
  return isSameRank ? b.map((size, axis) => arrow(a[axis] ?? '', size)).join('x') : arrow(before, after)
}
