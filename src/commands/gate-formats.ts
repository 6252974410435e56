import { surfaces } from '../report/gate/index.js'
import type { Page } from '../report/page.js'
import type { GateReport } from '../types.js'

/** How a gate's report is written, JSON aside. */
type Format = (report: GateReport, page: Page, options: { readonly all: boolean }) => string

/** Formats by name; only the one that is asked for is loaded. */
export const formats: Readonly<Record<string, () => Promise<Format>>> = {
  table: async () => (await import('../report/gate.js')).gateText,
  ...surfaces,
}
