import type { GateLevel, StaticMetric } from '../types.js'

/** What a figure may be. */
export interface Limit {
  /** The most that passes, whatever it was before. */
  readonly max?: number | undefined
  /** By how much of the baseline it may grow; 0 without it: any growth fails. */
  readonly increase?: number | undefined
}

/** How a model is judged. */
export interface GateRules {
  readonly limits: Readonly<Partial<Record<StaticMetric, Limit>>>
  /** `error` where nothing else is said. */
  readonly levels: Readonly<Partial<Record<StaticMetric | 'latency', GateLevel>>>
  /** By how much of the old latency a new one may be longer: 0.05. */
  readonly threshold: number
}

export const defaultThreshold = 0.05

/** A share as a person writes it: `5%`, or 0.05; null where it is neither. */
export function shareOf(text: string | number): number | null {
  const [, digits, sign] = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(String(text)) ?? []
  return digits === undefined ? null : Number(digits) / (sign === '%' ? 100 : 1)
}
