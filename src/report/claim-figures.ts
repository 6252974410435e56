import type { CheckedClaim, ClaimFigure, Estimate } from '../types.js'
import { exact } from './format.js'

/** Four digits at most, as papers print; whole numbers in full. */
export const figure = (value: number, unit: string): string =>
  `${Number.isInteger(value) ? exact(value) : Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`

/** `94.86 %`; `11.2 x [10.9, 11.5]` where it is measured, or its point alone. */
export function found({ found, unit }: Pick<ClaimFigure, 'found' | 'unit'>, { point = false } = {}): string {
  if (found === null) return 'not measured'
  if (typeof found === 'number') return figure(found, unit)
  return point ? `${short(found.point)}${unit === '' ? '' : ` ${unit}`}` : interval(found, unit)
}

const interval = ({ point, lower, upper }: Estimate, unit: string): string =>
  `${short(point)}${unit === '' ? '' : ` ${unit}`} [${short(lower)}, ${short(upper)}]`

const short = (value: number): string => (Math.abs(value) >= 99.95 ? value.toFixed(0) : value.toPrecision(3))

export const published = ({ published, unit }: Pick<ClaimFigure, 'published' | 'unit'>): string =>
  published === null ? '-' : figure(published, unit)

/** `8 to 9 x`, `at least 1 x`; a figure that is exact, or as printed, needs no range. */
export function accepted({ lower, upper, unit, margin }: ClaimFigure): string {
  if (lower !== null && upper !== null) {
    const isNarrow = upper - lower < 1e-6 * Math.max(1, Math.abs(upper))
    return isNarrow ? margin : `${figure(lower, '')} to ${figure(upper, unit)}, ${margin}`
  }
  if (lower !== null) return `at least ${figure(lower, unit)}, ${margin}`
  return upper === null ? 'anything' : `at most ${figure(upper, unit)}, ${margin}`
}

/** The first of the figures that make the verdict what it is; each claim has one. */
export const deciding = ({ figures, verdict }: CheckedClaim): ClaimFigure =>
  figures.find((one) => one.verdict === verdict) as ClaimFigure

/** Claims by paper, in their order. */
export function byPaper(claims: readonly CheckedClaim[]): ReadonlyMap<string, readonly CheckedClaim[]> {
  const papers = new Map<string, CheckedClaim[]>()
  for (const claim of claims) papers.set(claim.paper, [...(papers.get(claim.paper) ?? []), claim])
  return papers
}
