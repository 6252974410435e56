import type { Environment, Estimate, SessionSettings } from './machine.js'

/** What a check that does not pass does to the verdict: nothing, a warning, or a failure. */
export type GateLevel = 'off' | 'warn' | 'error'

/**
 * `information` where a figure is shown and not judged: it is new, or was taken on another machine. `missing` where the
 * baseline has what is not there any more.
 */
export type CheckVerdict = 'passed' | 'improved' | 'regressed' | 'inconclusive' | 'information' | 'missing'

export type GateUnit = 'count' | 'bytes' | 'ms' | 'ratio'

/** One figure beside what it is held against. */
export interface GateCheck {
  /** The label of the model. */
  readonly model: string
  /** `macs`, `flops`, `params`, `bytes`, `peakActivationBytes`, `kernels`, `modelBytes`, `findings`, `uncounted`, `latency`, `model`. */
  readonly metric: string
  readonly unit: GateUnit
  readonly level: GateLevel
  /** Null where there is none: of a new model, or against a limit alone. */
  readonly baseline: number | null
  readonly current: number | null
  /** The most that passes; null where any change is told and none fails. */
  readonly limit: number | null
  readonly verdict: CheckVerdict
  /** What, by how much, against what: one line. */
  readonly message: string
  /** What to do about it, null where it passed. */
  readonly try: string | null
  /** Layers that changed the figure, most first. */
  readonly layers: readonly ChangedLayer[]
}

/** A layer as one of the two models has it. */
export interface ChangedLayer {
  readonly layer: string
  readonly op: string
  readonly change: 'added' | 'removed' | 'changed'
  /** By how much the check's figure changes with it. */
  readonly difference: number
}

/** Why a latency could not be told. */
export type InconclusiveReason = 'noise' | 'at-threshold' | 'not-reproduced' | 'below-floor' | 'unfit-environment'

/** A candidate's latency against what it was measured beside. */
export interface LatencyEvidence {
  readonly model: string
  /** What it ran by turns with: the old model, or the bundled reference network. */
  readonly beside: string
  readonly settings: SessionSettings
  /** Candidate over old, 99 %: above one, slower. */
  readonly ratio: Estimate
  /** Of the launch that confirmed a regression; null where none was needed. */
  readonly confirmation: Estimate | null
  /** The ratio that fails, such as 1.05. */
  readonly threshold: number
  readonly candidateMs: Estimate
  readonly besideMs: Estimate
  /** The least slowdown that these runs could have told from none, such as 1.03. */
  readonly minimumDetectable: number
  readonly pairs: number
  readonly launches: number
  readonly reason: InconclusiveReason | null
  /** What would help where it could not be told. */
  readonly hint: string | null
  /** Every run, in time order, launch after launch: run i of both was taken in one pair. */
  readonly runs: readonly { readonly candidateMs: readonly number[]; readonly besideMs: readonly number[] }[]
}

export type GateVerdict = 'passed' | 'improved' | 'regressed' | 'inconclusive' | 'error'

/** What `gate` reports; it is written in every case, also where measuring failed. */
export interface GateReport {
  readonly verdict: GateVerdict
  readonly strict: boolean
  /** True where a regression was expected, to prove the wiring: the exit code is turned round. */
  readonly expectFail: boolean
  readonly environment: Environment | null
  /** The file of the baseline or the old model; null where neither is given. */
  readonly against: { readonly kind: 'baseline' | 'model'; readonly path: string } | null
  /** Failing ones first. */
  readonly checks: readonly GateCheck[]
  readonly latency: readonly LatencyEvidence[]
  /** Why nothing could be judged; null where something was. */
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null
}
