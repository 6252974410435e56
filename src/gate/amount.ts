import type { GateUnit } from '../types.js'

/** A figure in full, thousands apart: a gate is about small changes. */
export const amount = (value: number, unit: GateUnit): string =>
  `${String(value).replace(/\B(?=(\d{3})+$)/g, ',')}${unit === 'bytes' ? ' B' : ''}`

/** `0.2 % more`, `12 % less`, from a ratio of new over old. */
export function moreOrLess(ratio: number): string {
  const percent = Math.abs(ratio - 1) * 100
  const digits = percent >= 9.95 ? percent.toFixed(0) : percent >= 0.05 ? percent.toFixed(1) : 'less than 0.1'
  return `${digits} % ${ratio > 1 ? 'more' : 'less'}`
}

/** `5 %`, `2.5 %`. */
export const percentOf = (share: number): string => `${Number((share * 100).toFixed(1))} %`
