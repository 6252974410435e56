import type { Environment, Estimate } from './machine.js'

/** One gate of a model beside itself. */
export interface SelfcheckGate {
  /** Of the model over itself, 99 %: one but for noise. */
  readonly ratio: Estimate
  readonly pairs: number
  /** By the first process alone, unconfirmed. */
  readonly verdict: 'passed' | 'failed' | 'cannot-tell'
}

/** How well a machine can judge latency: a model held against itself, process after process. */
export interface Selfcheck {
  readonly model: string
  readonly environment: Environment
  /** The ratio that fails, such as 1.05. */
  readonly threshold: number
  readonly gates: readonly SelfcheckGate[]
  /** The middle one of the ratios, and the farthest from one on both sides. */
  readonly spread: { readonly median: number; readonly lowest: number; readonly highest: number }
  /** The slowdown that nine of ten gates could have told at the threshold, such as 1.07. */
  readonly minimumDetectable: number
  /** The least threshold, in half percents, under which every gate had its whole interval; at least 1.02. */
  readonly recommendedThreshold: number
  /** Whether the threshold is at least the recommended one. */
  readonly isFit: boolean
}
