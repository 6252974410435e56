import { FlopgapError } from '../errors.js'

/** One option of an architecture: how its text in a spec becomes a value. */
export interface Option<T extends OptionValue = OptionValue> {
  readonly default: T
  /** What may be given, for people: `1 to 4096`. */
  readonly range: string
  /** The value of a text; undefined where it is out of range. */
  readonly parse: (text: string) => T | undefined
}

export type OptionValue = number | string | boolean

export type Options = Readonly<Record<string, Option>>

/** The values that an architecture's options have in one spec. */
export type ValuesOf<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never
}

/** A whole number from `min` to `max`. */
export const integer = (standard: number, min: number, max: number): Option<number> => ({
  default: standard,
  range: `${min} to ${max}`,
  parse: (text) => within(/^\d+$/.test(text) ? Number(text) : Number.NaN, min, max),
})

/** A decimal number from `min` to `max`. */
export const real = (standard: number, min: number, max: number): Option<number> => ({
  default: standard,
  range: `${min} to ${max}`,
  parse: (text) => within(/^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN, min, max),
})

/** One of a few names. */
export const choice = <T extends string>(standard: T, ...others: readonly T[]): Option<T> => ({
  default: standard,
  range: [standard, ...others].join(' | '),
  parse: (text) => [standard, ...others].find((name) => name === text),
})

const within = (value: number, min: number, max: number) => (value >= min && value <= max ? value : undefined)

/** The values for one architecture, from the texts in a spec and the defaults. */
export function parseOptions(architecture: string, options: Options, given: ReadonlyMap<string, string>) {
  const values: Record<string, OptionValue> = {}
  for (const [key, option] of Object.entries(options)) {
    const text = given.get(key)
    const value = text === undefined ? option.default : option.parse(text)
    if (value === undefined) {
      throw new FlopgapError(
        'bad-option',
        `${architecture}: ${key}=${text} is out of range`,
        `${key} takes ${option.range}; its default is ${option.default}.`,
      )
    }
    values[key] = value
  }
  return values
}
