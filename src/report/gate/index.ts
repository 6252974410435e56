import type { GateReport } from '../../types.js'

/** A report of `gate` as text in a format that others read. */
export type Surface = (report: GateReport) => string

/** Only the one that is asked for is loaded. */
export const surfaces = {
  junit: async () => (await import('./junit.js')).junit,
  annotations: async () => (await import('./annotations.js')).annotations,
  summary: async () => (await import('./summary.js')).summary,
  markdown: async () => (await import('./markdown.js')).markdown,
  'custom-smaller-is-better': async () => (await import('./custom-smaller-is-better.js')).customSmallerIsBetter,
  bencher: async () => (await import('./bencher.js')).bencher,
} as const satisfies Readonly<Record<string, () => Promise<Surface>>>

export type SurfaceName = keyof typeof surfaces

/** Names for `--format`. */
export const surfaceNames = Object.keys(surfaces) as readonly SurfaceName[]
