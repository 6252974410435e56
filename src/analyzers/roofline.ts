import type { Bound, Ceilings } from '../types.js'
import type { PlacedTensor } from './kernel-time/placed.js'

/** What the ceilings allow for one kernel, in milliseconds. */
export interface Roofline {
  readonly computeMs: number
  readonly memoryMs: number
  /** The larger of the two. */
  readonly rooflineMs: number
  readonly bound: Bound
}

/** What a kernel does as it runs. */
export interface RooflineCost {
  readonly flops: number
  /** Type of what it multiplies; null where it multiplies nothing. */
  readonly operandType: string | null
  readonly bytes: number
  /** What it reads and writes; `bytes` may be less, where a kernel needs a part of a tensor only. */
  readonly tensors: readonly PlacedTensor[]
}

/**
 * The least time a kernel can take: its arithmetic at the ceiling of its precision or its bytes at the bandwidth of where
 * they lie, whichever is longer. Where dispatching alone takes longer than both, that is what bounds it.
 */
export function roofline(ceilings: Ceilings, cost: RooflineCost): Roofline {
  const computeMs = 1000 * (cost.flops / rateOf(ceilings, cost.operandType))
  const memoryMs = movingMs(ceilings, cost)
  const rooflineMs = Math.max(computeMs, memoryMs)
  const bound = ceilings.dispatchMs > rooflineMs ? 'dispatch' : computeMs >= memoryMs ? 'compute' : 'memory'
  return { computeMs, memoryMs, rooflineMs, bound }
}

/** FLOP/s in a kernel's precision; in float32 where the provider has no rate of its own for it. */
export function rateOf({ flopsPerSecond, flopsPerSecondBy }: Ceilings, operandType: string | null): number {
  const precision = operandType === 'uint8' ? 'int8' : operandType
  const rate = precision === 'int8' || precision === 'float16' ? flopsPerSecondBy[precision] : null
  return rate ?? flopsPerSecond
}

/** Each tensor at the bandwidth of the cache that still holds it. */
function movingMs(ceilings: Ceilings, { bytes, tensors }: RooflineCost): number {
  const all = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)
  if (all === 0 || bytes === 0) return 0
  const ms = tensors.reduce((sum, tensor) => sum + (1000 * tensor.bytes) / bandwidthAt(ceilings, tensor.distance), 0)
  return ms * (bytes / all)
}

/** What the nearest cache gives. */
export const bestBandwidth = ({ bandwidth }: Pick<Ceilings, 'bandwidth'>): number =>
  Math.max(...bandwidth.map(({ bytesPerSecond }) => bytesPerSecond))

/**
 * Bandwidth for a working set, in bytes per second: between measured sizes interpolated over the logarithm of the size.
 *
 * Below the smallest measured size, and up to the fastest one, the curve is flat: small chains are slowed by their own
 * dispatch, not by memory.
 */
export function bandwidthAt({ bandwidth }: Pick<Ceilings, 'bandwidth'>, workingSetBytes: number): number {
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
