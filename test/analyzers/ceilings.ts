import type { Ceilings } from '../../src/types.js'

/** A machine in round numbers: 1 GFLOP/s, 1 GB/s, and nothing costs anything to start. It predicts nothing. */
export const ceilings: Ceilings = {
  measuredAt: '2026-01-01T00:00:00.000Z',
  fingerprint: 'round numbers',
  flopsPerSecond: 1e9,
  flopsPerSecondBy: { float32: 1e9, float16: null, int8: null },
  arithmetic: [{ name: 'matmul 512', precision: 'float32', flopsPerSecond: 1e9 }],
  bandwidth: [{ workingSetBytes: 1e6, bytesPerSecond: 1e9 }],
  vectorBlock: 8,
  dispatchMs: 0,
  runMs: 0,
  profilerMs: 0,
  outputBytesPerSecond: 1e15,
  classes: [],
  kernelTimes: [],
  predictionRatios: [],
  probes: { arithmeticMs: 1, memoryMs: 1, networkMs: 1 },
  drift: { arithmetic: 1, memory: 1, network: 1 },
}
