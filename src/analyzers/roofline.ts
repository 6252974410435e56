import type { Bound, Ceilings } from '../types.js'

/** What the ceilings allow for one kernel, in milliseconds. */
export interface Roofline {
  readonly flopsMs: number
  readonly memoryMs: number
  /** The larger of the two. */
  readonly rooflineMs: number
  readonly bound: Bound
}

/**
 * The least time a kernel can take: its arithmetic at the arithmetic ceiling or its bytes at the bandwidth of its
 * working set, whichever is longer. Where dispatching alone takes longer than both, that is what bounds it.
 */
export function roofline(ceilings: Ceilings, { flops, bytes }: { flops: number; bytes: number }): Roofline {
  const flopsMs = (flops / ceilings.flopsPerSecond) * 1000
  const memoryMs = bytes === 0 ? 0 : (bytes / bandwidthAt(ceilings, bytes)) * 1000
  const rooflineMs = Math.max(flopsMs, memoryMs)
  const bound = ceilings.dispatchMs > rooflineMs ? 'dispatch' : flopsMs >= memoryMs ? 'compute' : 'memory'
  return { flopsMs, memoryMs, rooflineMs, bound }
}

/**
 * Bandwidth for a working set, in bytes per second: between measured sizes interpolated over the logarithm of the size.
 *
 * Below the smallest measured size, and up to the fastest one, the curve is flat: small chains are slowed by their own
 * dispatch, not by memory.
 */
function bandwidthAt({ bandwidth }: Ceilings, workingSetBytes: number): number {
  const fastest = bandwidth.reduce((best, point) => (point.bytesPerSecond > best.bytesPerSecond ? point : best))
  const curve = bandwidth.filter((point) => point.workingSetBytes >= fastest.workingSetBytes)
  const above = curve.findIndex((point) => point.workingSetBytes >= workingSetBytes)
  const high = curve[above]
  if (high === undefined) return (curve.at(-1) ?? fastest).bytesPerSecond
  const low = curve[above - 1]
  if (low === undefined) return high.bytesPerSecond
  const position =
    Math.log(workingSetBytes / low.workingSetBytes) / Math.log(high.workingSetBytes / low.workingSetBytes)
  return low.bytesPerSecond + position * (high.bytesPerSecond - low.bytesPerSecond)
}
