import { plot } from 'asciichart'
import type { Ceilings } from '../types.js'
import { rate } from './format.js'
import { indent, type Page } from './page.js'

/** FLOP per byte at the left and the right end, in powers of two. */
const [lowest, highest] = [-4, 10]
const height = 10

/**
 * The roofline of a machine: FLOP/s over arithmetic intensity, both on logarithmic axes; the upper line for data in the
 * nearest cache, the lower for data in memory.
 */
export function rooflineChart({ bandwidth, flopsPerSecond }: Ceilings, { paint, width }: Page): string {
  const columns = Math.max(29, Math.min(71, width - 24))
  const rates = bandwidth.map(({ bytesPerSecond }) => bytesPerSecond)
  const line = (bytesPerSecond: number) =>
    Array.from({ length: columns }, (_, column) => {
      const intensity = 2 ** (lowest + ((highest - lowest) * column) / (columns - 1))
      return Math.log10(Math.min(flopsPerSecond, intensity * bytesPerSecond))
    })
  const format = (power: number) => rate(10 ** power, 'FLOP').padStart(12)
  const lines = [line(Math.max(...rates)), line(rates.at(-1) ?? 0)]
  return [
    indent(paint.dim('Roofline')),
    indent(plot(lines, { height, format }).replaceAll(/ +$/gm, '')),
    indent(axis(columns)),
    indent(paint.dim(`${' '.repeat(15)}FLOP per byte; the upper line from the nearest cache, the lower from memory`)),
  ].join('\n')
}

/** Powers of two under their columns. */
function axis(columns: number): string {
  const line = Array<string>(15 + columns + 6).fill(' ')
  for (let power = lowest; power <= highest; power += 2) {
    const at = 14 + Math.round(((power - lowest) / (highest - lowest)) * (columns - 1))
    const label = power < 0 ? `1/${2 ** -power}` : String(2 ** power)
    for (const [offset, char] of [...label].entries()) line[at + offset] = char
  }
  return line.join('').trimEnd()
}
