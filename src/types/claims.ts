import type { GuidelineVerdict } from './guidelines.js'
import type { InterleavedMeasurement } from './interleaved.js'
import type { Environment, Estimate } from './machine.js'

/** A figure whose interval crosses the edge of what is accepted decides nothing. */
export type ClaimVerdict = GuidelineVerdict

/** One figure of a claim: what was published, what is accepted for it, what came out here. */
export interface ClaimFigure {
  readonly name: string
  /** `%`, `x`, `M`, …; empty for a plain number. */
  readonly unit: string
  /** Null where the paper has words and no figure. */
  readonly published: number | null
  /** The least and the most that are accepted, decided before anything was measured; null where there is no bound. */
  readonly lower: number | null
  readonly upper: number | null
  /** Why these bounds. */
  readonly margin: string
  /** A number where it is counted, with its interval where it is measured; null where it could not be. */
  readonly found: number | Estimate | null
  readonly verdict: ClaimVerdict
}

/** A statement of a paper beside what came out here. */
export interface CheckedClaim {
  readonly id: string
  /** The statement in one sentence. */
  readonly claim: string
  /** The paper's name and number, and where in it the statement stands. */
  readonly paper: string
  readonly where: string
  readonly kind: 'counted' | 'measured'
  /** What the paper says, in figures. */
  readonly says: string
  /** How it is checked here. */
  readonly how: string
  readonly figures: readonly ClaimFigure[]
  readonly verdict: ClaimVerdict
  /** The published figure itself cannot be right, or follows from no known network: `note` has the arithmetic. */
  readonly publishedIsWrong: boolean
  readonly note: string | null
}

/** Models that several claims share, run by turns. */
export interface ClaimMeasurement {
  readonly set: string
  readonly measurement: InterleavedMeasurement
  readonly environment: Environment
  readonly fingerprint: string
  /** Structure hash of each model, in their order: a model that has changed is measured again. */
  readonly structures: readonly string[]
}

export interface ClaimTotals {
  readonly holds: number
  readonly doesNotHold: number
  readonly cannotTell: number
  /** Of those that do not hold: how many because the published figure itself is wrong. */
  readonly publishedIsWrong: number
}

/** What became of the claims that were asked for. */
export interface ClaimsReport {
  readonly claims: readonly CheckedClaim[]
  readonly totals: ClaimTotals
  readonly measurements: readonly ClaimMeasurement[]
  /** Sets that could not be measured; their claims cannot be told. */
  readonly failed: readonly { readonly set: string; readonly code: string; readonly message: string }[]
  /** Claims that were asked for and whose measurement is still to be made. */
  readonly missing: readonly string[]
}
