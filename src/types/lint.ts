import type { ModelIdentity, Warning } from './analysis.js'
import type { Totals } from './cost.js'
import type { Environment, Estimate } from './machine.js'

/** How much a finding matters, least first. */
export type Level = 'info' | 'warning' | 'error'

/** A level, or that a rule is not to be checked. */
export type RuleLevel = Level | 'off'

/** Whether times are from runs, or from the calibration alone. */
export type Basis = 'measured' | 'predicted'

/** One place of a model where a rule applies. */
export interface Finding {
  readonly rule: string
  readonly level: Level
  readonly message: string
  /** Names of the layers that it is about, the main one first. */
  readonly nodes: readonly string[]
  /** Of these layers as written. */
  readonly macs: number
  readonly bytes: number
  readonly params: number
  /** Of the kernels that compute these layers, or that the finding is about; null where it is about none, or no time is known. */
  readonly ms: number | null
  /** Of the latency. */
  readonly share: number | null
  readonly basis: Basis | null
  readonly try: string
  /** Whether `lint --fix` makes the change. */
  readonly fixable: boolean
}

/** What a rule is, for those who list rules. */
export interface RuleInfo {
  readonly id: string
  readonly level: Level
  readonly summary: string
  readonly source: string
  /** Whether some of its findings can be fixed by `lint --fix`. */
  readonly fixable: boolean
}

export interface RuleOutcome extends RuleInfo {
  /** As configured. */
  readonly configured: RuleLevel
  readonly status: 'checked' | 'skipped' | 'off'
  /** Why it could not be checked. */
  readonly reason: string | null
  readonly findings: number
  /** Findings that the configuration hides. */
  readonly ignored: number
}

export type FailOn = Level | 'never'

/** What `lint` reports. */
export interface LintReport {
  readonly model: ModelIdentity
  readonly totals: Totals
  /** Null where no time is known. */
  readonly environment: Environment | null
  readonly latencyMs: Estimate | null
  readonly basis: Basis | null
  /** The configuration that was read. */
  readonly configuration: string | null
  /** Gravest first, then dearest. */
  readonly findings: readonly Finding[]
  readonly rules: readonly RuleOutcome[]
  readonly failOn: FailOn
  /** Whether a finding reaches `failOn`. */
  readonly failed: boolean
  readonly warnings: readonly Warning[]
}

/** What `lint --fix` did. */
export interface FixReport {
  readonly model: ModelIdentity
  /** In the order of the layers. */
  readonly changes: readonly { readonly rule: string; readonly node: string; readonly change: string }[]
  /** Findings that can be fixed once the model is linted again: they touch what was changed now. */
  readonly left: number
  /** Null where there was nothing to change. */
  readonly written: FixedModel | null
}

/** A model that was changed, beside the one that it was. */
export interface FixedModel {
  readonly path: string
  readonly byteLength: number
  readonly sha256: string
  /** The largest difference of an output over the root mean square of all of it, on the same random inputs. */
  readonly largestDifference: number
  /** What it may be. */
  readonly tolerance: number
  readonly before: { readonly nodes: number; readonly latencyMs: Estimate }
  readonly after: { readonly nodes: number; readonly latencyMs: Estimate }
  /** Latency before over after, from runs by turns. */
  readonly speedup: Estimate
}
