import type { GateFacts, GateLayer } from '../../src/types.js'

/** A layer by hand: its MACs, and what follows. */
export const layer = (name: string, macs: number | null, op = 'Conv'): GateLayer => ({
  ...{ name, op, macs, params: 10 },
  flops: macs === null ? null : 2 * macs,
  bytes: 40,
})

/** A model of such layers. */
export function facts(layers: readonly GateLayer[], given: Partial<GateFacts['figures']> = {}): GateFacts {
  const sum = (of: (layer: GateLayer) => number | null) => layers.reduce((total, one) => total + (of(one) ?? 0), 0)
  return {
    model: 'net',
    structureSha256: 'hash',
    figures: {
      macs: sum(({ macs }) => macs),
      flops: sum(({ flops }) => flops),
      params: sum(({ params }) => params),
      bytes: sum(({ bytes }) => bytes),
      peakActivationBytes: 80,
      kernels: 1,
      modelBytes: null,
      findings: 0,
      uncounted: layers.filter(({ macs }) => macs === null).length,
      ...given,
    },
    layers,
    kernels: { Conv: 1 },
    findings: [],
  }
}
