import type { ChangedLayer, Environment, Estimate, GateCheck, GateUnit } from '../../types.js'
import { signed } from '../change.js'
import { exact, percent, time } from '../format.js'
import { place } from '../place.js'

/** Figures of a gate as people read them: in full where they are counted, since a gate is about small changes. */

const formats: Readonly<Record<GateUnit, (value: number) => string>> = {
  count: exact,
  bytes: (value) => `${exact(value)} B`,
  ms: time,
  ratio: (value) => `${value.toFixed(3)} x`,
}

/** `-` where there is none. */
export const valueText = (value: number | null, unit: GateUnit): string => (value === null ? '-' : formats[unit](value))

/** `+5.2 %` of the baseline; empty without one, and where nothing changed. */
export function changeText({ baseline, current }: GateCheck): string {
  if (baseline === null || current === null || baseline === 0) return ''
  return signed(current / baseline - 1, percent)
}

/** `1.052 x, 99 % interval 1.031 x to 1.074 x`. */
export const intervalText = ({ point, lower, upper, confidenceLevel }: Estimate, unit: GateUnit): string =>
  `${valueText(point, unit)}, ${percent(confidenceLevel)} interval ${valueText(lower, unit)} to ${valueText(upper, unit)}`

const signs = { added: '+', removed: '-', changed: '~' } as const

/** `~ stem/conv (Conv) +1,024`. */
export const layerText = ({ layer, op, change, difference }: ChangedLayer, unit: GateUnit): string =>
  [signs[change], layer, `(${op})`, signed(difference, formats[unit])].filter(Boolean).join(' ')

export const machineText = (environment: Environment): string => `${place(environment)}, ${environment.cpu}`
