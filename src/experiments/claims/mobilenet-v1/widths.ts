import type { Figure } from '../claim.js'
import { roughly } from '../expected.js'

/** Widths of Table 6. */
const widths = [0.75, 0.5, 0.25] as const

const specOf = (width: number) => `mobilenet-v1:width=${width}`

export const thinned = ['mobilenet-v1', ...widths.map(specOf)]

/** What is left of a figure at each width, which should be the width squared. */
export const leftOf = (figure: 'macs' | 'params'): Figure[] =>
  widths.map((width) => ({
    name: `${figure === 'macs' ? 'MACs' : 'params'} at ${width}`,
    unit: 'x',
    expected: roughly(width ** 2),
    found: (evidence) => evidence[figure](specOf(width)) / evidence[figure]('mobilenet-v1'),
  }))
