import type { Ceilings, ClassRate, ExecutedKernel, KernelClass, Profiled } from '../types.js'
import { kernelCost } from './executed-cost.js'
import { unprofiledMs } from './unprofiled.js'

/** Shorter kernels are mostly started and stopped. */
const leastMs = 0.01

/** The best rates that kernels of each class reached in whole networks. */
export function classRates(
  networks: readonly Profiled[],
  { runMs, profilerMs }: Pick<Ceilings, 'runMs' | 'profilerMs'>,
): ClassRate[] {
  const rates = new Map<KernelClass, ClassRate>()
  for (const network of networks) {
    const times = unprofiledMs(network, { outsideMs: runMs, profilerMs })
    for (const [index, kernel] of network.executed.kernels.entries()) {
      const ms = times[index] as number
      if (ms >= leastMs) add(rates, kernel, ms / 1000)
    }
  }
  return [...rates.values()].sort(
    (a, b) => (b.flopsPerSecond ?? 0) - (a.flopsPerSecond ?? 0) || b.bytesPerSecond - a.bytesPerSecond,
  )
}

function add(rates: Map<KernelClass, ClassRate>, kernel: ExecutedKernel, seconds: number): void {
  const { flops, bytes, kernelClass } = kernelCost(kernel)
  const known = rates.get(kernelClass)
  const flopsPerSecond = flops === null || flops === 0 ? null : flops / seconds
  rates.set(kernelClass, {
    class: kernelClass,
    kernels: (known?.kernels ?? 0) + 1,
    flopsPerSecond:
      flopsPerSecond === null ? (known?.flopsPerSecond ?? null) : Math.max(known?.flopsPerSecond ?? 0, flopsPerSecond),
    bytesPerSecond: Math.max(known?.bytesPerSecond ?? 0, bytes / seconds),
  })
}
