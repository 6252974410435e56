import type { GateCheck } from './gate.js'
import type { Environment, Estimate } from './machine.js'

/** A figure that is counted and compared exactly. */
export type StaticMetric =
  | 'macs'
  | 'flops'
  | 'params'
  | 'bytes'
  | 'peakActivationBytes'
  | 'kernels'
  | 'modelBytes'
  | 'findings'
  | 'uncounted'

/** What a layer adds to the figures of its model; null where it is not known. */
export interface GateLayer {
  readonly name: string
  readonly op: string
  readonly macs: number | null
  readonly flops: number | null
  readonly params: number
  /** Read and written. */
  readonly bytes: number | null
}

/** What a gate knows of a model without running it. */
export interface GateFacts {
  readonly model: string
  readonly structureSha256: string
  /** Null where one is not known. */
  readonly figures: Readonly<Record<StaticMetric, number | null>>
  readonly layers: readonly GateLayer[]
  /** How many kernels onnxruntime executes here, by operator; null where it does not take the model. */
  readonly kernels: Readonly<Record<string, number>> | null
  /** Lint findings: the rule, and the main layer that it is about. */
  readonly findings: readonly { readonly rule: string; readonly node: string }[]
}

/** Latency of a model over that of the bundled reference network, by turns. */
export interface BaselineLatency {
  readonly reference: string
  /** 99 %. */
  readonly ratio: Estimate
}

export interface BaselineModel extends GateFacts {
  /** Where kernels were counted and times taken. */
  readonly environment: Environment
  readonly latency: BaselineLatency | null
}

/** A small file, kept beside the models, of what they were when they were last accepted. */
export interface Baseline {
  readonly baselineVersion: 1
  readonly models: readonly BaselineModel[]
}

/** What a baseline file holds, and what was changed of it. */
export interface BaselineReport extends Baseline {
  readonly path: string
  /** Figures that are new or not as they were. */
  readonly changes: readonly GateCheck[]
  /** Models that went. */
  readonly removed: readonly string[]
}
