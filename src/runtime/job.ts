import type { ErrorCode } from '../errors.js'
import type { Launch, Profiled, SessionSettings } from '../types.js'
import type { InputType } from './feeds.js'
import type { ModelFile } from './session.js'
import type { StopRule } from './stop-rule.js'

/** What a measuring process is asked to do, task by task. */
export interface Job {
  readonly settings: SessionSettings
  readonly tasks: readonly Task[]
  /** A folder of its own, which the asking process removes. */
  readonly scratch: string
}

export interface JobModel extends ModelFile {
  readonly inputs: readonly InputType[]
}

export type Task = SampleTask | ProfileTask | CompareTask

/** Runs models by turns, without a profiler. */
export interface SampleTask {
  readonly kind: 'sample'
  /** Their sessions are created in this order. */
  readonly models: readonly JobModel[]
  /** For each of the models, in milliseconds. */
  readonly warmupMs: number
  /** For all of them. */
  readonly sampleMs: number
  /** Of two models: when to stop before. */
  readonly until?: StopRule
}

/** Runs one model in a profiled session. */
export interface ProfileTask {
  readonly kind: 'profile'
  readonly model: JobModel
  readonly profileMs: number
  /** A provider may lack the model's kernels: then the answer is that it was refused. */
  readonly mayFail?: true
}

/** Runs two models on the same inputs and says how their outputs differ. */
export interface CompareTask {
  readonly kind: 'compare'
  readonly models: readonly [JobModel, JobModel]
}

/** Of an output of two models, over the root mean square of the first one's; null where they cannot be compared. */
export interface OutputDifference {
  readonly name: string
  readonly difference: number | null
  /** Of the first model with and without onnxruntime's optimisations: what rounding alone does to it. */
  readonly rounding: number | null
}

/** Runs of one model in one launch. */
export interface LaunchRuns extends Omit<Launch, 'runs'> {
  readonly runsMs: readonly number[]
  readonly runsCpuMs: readonly number[]
  readonly outputBytes: number
}

export type Answer =
  | { readonly kind: 'sample'; readonly models: readonly LaunchRuns[] }
  | { readonly kind: 'profile'; readonly profile: Profiled }
  | { readonly kind: 'compare'; readonly differences: readonly OutputDifference[] }
  | { readonly kind: 'refused' }

export type Phase = 'loading' | 'warming up' | 'measuring' | 'profiling' | 'comparing'

export type Reply =
  | { readonly kind: 'progress'; readonly task: number; readonly phase: Phase; readonly share: number }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'done' }
