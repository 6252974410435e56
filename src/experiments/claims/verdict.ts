import type { ClaimVerdict, Estimate } from '../../types.js'

/**
 * Whether a figure is what is accepted: it is where its whole interval lies inside, it is not where all of it lies outside, and
 * otherwise cannot be told. A counted figure has no width, so that it always can.
 */
export function verdictOf(
  found: number | Estimate | null,
  accepted: { readonly lower: number; readonly upper: number },
): ClaimVerdict {
  if (found === null) return 'cannot-tell'
  const { lower, upper } = typeof found === 'number' ? { lower: found, upper: found } : found
  if (Number.isNaN(lower) || Number.isNaN(upper)) return 'cannot-tell'
  if (lower >= accepted.lower && upper <= accepted.upper) return 'holds'
  return upper < accepted.lower || lower > accepted.upper ? 'does-not-hold' : 'cannot-tell'
}

/** A claim holds with all of its figures, and falls with one. */
export function combined(verdicts: readonly ClaimVerdict[]): ClaimVerdict {
  if (verdicts.includes('does-not-hold')) return 'does-not-hold'
  return verdicts.length === 0 || verdicts.includes('cannot-tell') ? 'cannot-tell' : 'holds'
}
