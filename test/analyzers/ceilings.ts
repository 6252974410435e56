import type { Ceilings } from '../../src/types.js'

/** A machine in round numbers: 1 GFLOP/s, 1 GB/s, and nothing costs anything to start. */
export const ceilings: Ceilings = {
  measuredAt: '2026-01-01T00:00:00.000Z',
  fingerprint: 'round numbers',
  flopsPerSecond: 1e9,
  arithmetic: [{ name: 'matmul 512', flopsPerSecond: 1e9 }],
  bandwidth: [{ workingSetBytes: 1e6, bytesPerSecond: 1e9 }],
  dispatchMs: 0,
  runMs: 0,
  profilerMs: 0,
  profilerRunMs: 0,
}
