/** Figures and names as people read them. Everything here takes plain values and returns short text. */

const steps = [
  [1e18, 'E'],
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** Three significant digits and a decimal prefix: `569 M`, `4.09 G`, `12`. */
export function count(value: number): string {
  for (const [size, prefix] of steps) {
    // 999.5 and more would round to four digits
    if (Math.abs(value) >= size * 0.9995) return `${digits(value / size)} ${prefix}`
  }
  return digits(value)
}

/** `14.2 MB`; decimal prefixes, as disks and buses are specified. */
export const bytes = (value: number): string => (Math.abs(value) < 999.5 ? `${digits(value)} B` : `${count(value)}B`)

/** `206 GFLOP/s`. */
export const rate = (perSecond: number, unit: string): string =>
  Math.abs(perSecond) < 999.5 ? `${digits(perSecond)} ${unit}/s` : `${count(perSecond)}${unit}/s`

/** `5.01 ms`, `204 µs`, `1.2 s`. */
export function time(ms: number): string {
  const size = Math.abs(ms)
  if (size >= 999.5) return `${digits(ms / 1000)} s`
  if (size >= 0.9995) return `${digits(ms)} ms`
  if (size >= 0.0009995) return `${digits(ms * 1000)} µs`
  return size === 0 ? '0 ms' : `${digits(ms * 1e6)} ns`
}

/** Milliseconds without their unit, for columns: three digits after the point at most. */
export const milliseconds = (ms: number): string => ms.toFixed(ms >= 100 ? 1 : ms >= 10 ? 2 : 3)

/** `50 %`, `4.2 %`, `<0.1 %`. */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  if (Math.abs(value) < 0.05) return '<0.1 %'
  return `${Math.abs(value) < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`
}

/** `1.57 x`. */
export const times = (ratio: number): string => `${digits(ratio)} x`

/** `1x3x224x224`; `?` where it is not known. */
export const shape = (dims: readonly (number | string)[] | null): string =>
  dims === null ? '?' : dims.length === 0 ? 'scalar' : dims.join('x')

/** Three significant digits, and never an exponent. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return '?'
  const magnitude = Math.abs(value)
  if (magnitude >= 99.95 || Number.isInteger(value)) return value.toFixed(0)
  return magnitude >= 9.995 ? value.toFixed(1) : value.toFixed(2)
}

/** A count in full, with thousands apart: `3,504,872`. By hand: Intl takes 11 ms to wake up. */
export const exact = (value: number): string => value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',')

// control, format (direction marks among them), private, unassigned and line-breaking characters
const unsafe = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu

/** A name from a file, made harmless for a terminal: what is not a visible character is spelled out. */
export const visible = (name: string): string =>
  name.replace(unsafe, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)

/** A name that fits `width`, shortened in the middle, where names of layers differ least. */
export function shorten(name: string, width: number): string {
  const chars = [...visible(name)]
  if (chars.length <= width) return chars.join('')
  const head = Math.ceil((width - 1) / 2)
  return `${chars.slice(0, head).join('')}…${chars.slice(chars.length - (width - 1 - head)).join('')}`
}
