import type { Estimate, Expectation, GuidelineVerdict, RowFinding } from '../../types.js'

/** A smaller effect is none: what the same network measured twice by turns may differ by. */
export const margin = 0.02

interface Beside {
  /** How many times as fast as the first row. */
  readonly relativeSpeed: Estimate
  /** MACs over those of the first row. */
  readonly macsRatio: number
}

/**
 * Whether a row shows the effect that the guideline expects: with its whole interval by more than the margin, both as
 * measured and at equal MACs, since rounded widths give some rows a few percent more or fewer. It is absent where the whole
 * interval is on the other side of the margin, again both ways.
 */
export function findingOf({ relativeSpeed, macsRatio }: Beside, expectation: Expectation): RowFinding {
  const slowest = relativeSpeed.lower * Math.min(1, macsRatio)
  const fastest = relativeSpeed.upper * Math.max(1, macsRatio)
  // speeds of what should be the slower of the two over the other
  const [lower, upper] = expectation === 'slower' ? [slowest, fastest] : [1 / fastest, 1 / slowest]
  if (upper < 1 - margin) return 'shown'
  return lower > 1 - margin ? 'absent' : 'unclear'
}

/** A guideline holds where every row shows it, and does not where one shows that it makes no difference or the opposite. */
export function verdictOf(findings: readonly RowFinding[]): GuidelineVerdict {
  if (findings.includes('absent')) return 'does-not-hold'
  return findings.includes('unclear') ? 'cannot-tell' : 'holds'
}
