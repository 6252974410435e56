import { FlopgapError } from '../errors.js'

/** One option of an architecture: how its text in a spec becomes a value. */
export interface Option<T extends OptionValue = OptionValue> {
  readonly default: T
  /** What may be given, for people: `1 to 4096`. */
  readonly range: string
  /** The value of a text; undefined where it is out of range. */
  readonly parse: (text: string) => T | undefined
  /** Other values that may be given: in each direction away from this one, the nearest first. */
  neighbours(value: T): readonly (readonly T[])[]
}

export type OptionValue = number | string | boolean

export type Options = Readonly<Record<string, Option>>

/** The values that an architecture's options have in one spec. */
export type ValuesOf<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never
}

/** How far away other values are looked for. */
const mostSteps = 100

/** A whole number from `min` to `max`. */
export const integer = (standard: number, min: number, max: number): Option<number> => ({
  default: standard,
  range: `whole numbers from ${min} to ${max}`,
  parse: (text) => within(/^\d+$/.test(text) ? Number(text) : Number.NaN, min, max),
  neighbours: (value) => stepsAway(value, 1, min, max),
})

/** A decimal number from `min` to `max`. */
export const real = (standard: number, min: number, max: number): Option<number> => ({
  default: standard,
  range: `${min} to ${max}`,
  parse: (text) => within(/^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN, min, max),
  neighbours: (value) => stepsAway(value, 100, min, max),
})

/** A multiple of `step` from `min` to `max`. */
export const multiple = (standard: number, step: number, min: number, max: number): Option<number> => {
  const { parse } = integer(standard, min, max)
  return {
    default: standard,
    range: `a multiple of ${step} from ${min} to ${max}`,
    parse: (text) => {
      const value = parse(text)
      return value !== undefined && value % step === 0 ? value : undefined
    },
    neighbours: (value) => [[value - step], [value + step]].map((near) => near.filter((n) => n >= min && n <= max)),
  }
}

/** One of a few names. */
export const choice = <T extends string>(standard: T, ...others: readonly T[]): Option<T> => ({
  default: standard,
  range: [standard, ...others].join(' | '),
  parse: (text) => [standard, ...others].find((name) => name === text),
  neighbours: (value) => [[standard, ...others].filter((name) => name !== value)],
})

/** One of a few numbers, given in ascending order. */
export const oneOf = (standard: number, numbers: readonly number[]): Option<number> => ({
  default: standard,
  range: numbers.join(' | '),
  parse: (text) => (/^\d*\.?\d+$/.test(text) ? numbers.find((number) => number === Number(text)) : undefined),
  neighbours: (value) => [
    numbers.filter((number) => number < value).reverse(),
    numbers.filter((number) => number > value),
  ],
})

/** Yes or no. */
export const flag = (standard: boolean): Option<boolean> => ({
  default: standard,
  range: 'true | false',
  parse: (text) => [true, false].find((value) => String(value) === text),
  neighbours: (value) => [[!value]],
})

/** A number that another option decides unless it is given. */
export const unlessGiven = <T extends string>(
  decides: T,
  { range, parse, neighbours }: Option<number>,
): Option<number | T> => ({
  default: decides,
  range: `${range}, or as ${decides} says`,
  parse: (text) => (text === decides ? decides : parse(text)),
  neighbours: (value) => (typeof value === 'number' ? neighbours(value) : []),
})

/**
 * Some of the whole numbers from `min` to `max`: numbers and ranges joined by +, `3`, `2-4`, `2+4-5`. The value is the
 * shortest such text; `numbersIn` reads it.
 */
export const numbers = (standard: string, min: number, max: number): Option<string> => ({
  default: standard,
  range: `some of ${min} to ${max}: ${min}, ${min}-${max - 1} or ${min}+${max}`,
  parse: (text) => {
    if (!/^\d+(-\d+)?(\+\d+(-\d+)?)*$/.test(text)) return undefined
    const found = numbersIn(text)
    return found.length > 0 && found.every((value) => value >= min && value <= max) ? shortest(found) : undefined
  },
  neighbours: () => [],
})

/** The numbers that a text of `numbers` names, in order; none where a range runs backwards. */
export function numbersIn(text: string): number[] {
  const ranges = text.split('+').map((range) => range.split('-').map(Number))
  if (ranges.some(([first = 0, last = first]) => first > last)) return []
  const all = ranges.flatMap(([first = 0, last = first]) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
  )
  return [...new Set(all)].sort((a, b) => a - b)
}

/** As ranges: [2, 3, 5] is 2-3+5. */
function shortest(ordered: readonly number[]): string {
  const first = ordered.filter((value) => !ordered.includes(value - 1))
  const last = ordered.filter((value) => !ordered.includes(value + 1))
  return first.map((value, i) => (value === last[i] ? `${value}` : `${value}-${last[i]}`)).join('+')
}

const within = (value: number, min: number, max: number) => (value >= min && value <= max ? value : undefined)

/** The multiples of 1 / `fineness` below and above a value. */
function stepsAway(value: number, fineness: number, min: number, max: number): number[][] {
  const steps = Array.from({ length: mostSteps }, (_, step) => step + 1)
  const below = steps.map((step) => (Math.ceil(value * fineness) - step) / fineness)
  const above = steps.map((step) => (Math.floor(value * fineness) + step) / fineness)
  return [below.filter((number) => number >= min), above.filter((number) => number <= max)]
}

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
