import type { Attribute, UniformFill } from '../types.js'

export type Attributes = Readonly<Record<string, Attribute>>

export const int = (value: number): Attribute => ({ type: 'int', value })
export const ints = (...value: readonly number[]): Attribute => ({ type: 'ints', value })
/** As the file holds it. */
export const float = (value: number): Attribute => ({ type: 'float', value: Math.fround(value) })

/** Even distribution of variance 2 / fan-in. */
export const he = (fanIn: number): UniformFill => ({ lower: -Math.sqrt(6 / fanIn), upper: Math.sqrt(6 / fanIn) })
export const around = (value: number): UniformFill => ({ lower: 0.9 * value, upper: 1.1 * value })
export const small: UniformFill = { lower: -0.1, upper: 0.1 }
