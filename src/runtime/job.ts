import type { ErrorCode } from '../errors.js'
import type { Measurement, SessionSettings } from '../types.js'
import type { InputType } from './feeds.js'
import type { Budget } from './sample.js'

/** What a measuring process is asked to do. */
export interface Job {
  readonly settings: SessionSettings
  readonly models: readonly JobModel[]
  /** A folder of its own, which the asking process removes. */
  readonly scratch: string
}

export interface JobModel {
  readonly path: string
  readonly inputs: readonly InputType[]
  readonly budget: Budget
}

export type Phase = 'loading' | 'warming up' | 'measuring' | 'profiling'

export type Reply =
  | { readonly kind: 'progress'; readonly model: number; readonly phase: Phase; readonly share: number }
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'done' }
