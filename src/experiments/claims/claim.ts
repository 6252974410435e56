import type { Estimate } from '../../types.js'
import type { Evidence } from './evidence.js'
import type { Expected } from './expected.js'
import type { Paper } from './papers.js'
import type { MeasuredSet } from './sets.js'

/** One figure of a claim and how it follows from what was counted and measured. */
export interface Figure {
  readonly name: string
  readonly unit: string
  readonly expected: Expected
  readonly found: (evidence: Evidence) => number | Estimate
}

/** A statement of a paper that can be checked without training. */
export interface Claim {
  readonly id: string
  readonly claim: string
  readonly paper: Paper
  readonly where: string
  /** What the paper says, in figures. */
  readonly says: string
  readonly how: string
  /** Models to count. */
  readonly counts: readonly string[]
  /** Models to run by turns; null for a claim that counting decides. */
  readonly set: MeasuredSet | null
  readonly figures: readonly Figure[]
  /** The arithmetic behind a verdict that needs one. */
  readonly note?: string
  readonly publishedIsWrong?: true
}

/** A claim that counting decides. */
export const counted = (claim: Omit<Claim, 'set'>): Claim => ({ ...claim, set: null })

/** A claim that takes a clock. */
export const measured = (
  claim: Omit<Claim, 'set' | 'counts'> & { readonly set: MeasuredSet; readonly counts?: readonly string[] },
): Claim => ({ counts: [], ...claim })
