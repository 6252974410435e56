import type { Cause, Ceilings, KernelGap } from '../types.js'

/**
 * The latency as a sum of named causes.
 *
 * Each kernel's time is spent in this order: what its FLOPs promise (`arithmetic`); memory traffic beyond that, up to
 * the roofline (`memory`); starting it (`dispatch`); the rest is what kernels of its class cost beyond the roofline
 * (`efficiency:<class>`). A kernel that onnxruntime added is `layout` as a whole. `runtime` is the cost of one `run`
 * through the Node binding; `unexplained` is what no kernel's time covers, `untimed` where some kernels' are not known.
 */
export function causesOf(kernels: readonly KernelGap[], ceilings: Ceilings, latencyMs: number): Cause[] {
  const causes = new Map<string, number>()
  const spend = (cause: string, ms: number) => {
    if (ms > 0) causes.set(cause, (causes.get(cause) ?? 0) + ms)
  }
  for (const kernel of kernels) for (const [cause, ms] of causesOfKernel(kernel, ceilings)) spend(cause, ms)
  const kernelMs = kernels.reduce((sum, { ms }) => sum + (ms ?? 0), 0)
  const runtimeMs = Math.min(ceilings.runMs, Math.max(0, latencyMs - kernelMs))
  spend('runtime', runtimeMs)
  spend(kernels.some(({ ms }) => ms === null) ? 'untimed' : 'unexplained', latencyMs - kernelMs - runtimeMs)
  return [...causes]
    .map(([cause, ms]) => ({ cause, ms, share: ms / latencyMs }))
    .sort((a, b) => rank(a.cause) - rank(b.cause) || b.ms - a.ms)
}

function causesOfKernel(kernel: KernelGap, { dispatchMs }: Ceilings): [cause: string, ms: number][] {
  const { ms, flopsMs, rooflineMs, inserted } = kernel
  if (ms === null) return []
  if (inserted) return [['layout', ms]]
  const arithmetic = Math.min(ms, flopsMs)
  const memory = Math.min(ms, rooflineMs) - arithmetic
  const dispatch = Math.min(dispatchMs, ms - arithmetic - memory)
  return [
    ['arithmetic', arithmetic],
    ['memory', memory],
    ['dispatch', dispatch],
    [`efficiency:${kernel.class}`, ms - arithmetic - memory - dispatch],
  ]
}

/** Reading order: from what FLOPs promise to what is not explained. */
const order = ['arithmetic', 'memory', 'dispatch', 'layout', 'efficiency', 'runtime', 'untimed', 'unexplained']
const rank = (cause: string): number => order.indexOf(cause.split(':')[0] ?? '')
