import type { Cause, Ceilings, KernelGap } from '../types.js'

/** What a kernel's time is compared with, in milliseconds. */
export type KernelTimes = Pick<KernelGap, 'class' | 'ms' | 'flopsMs' | 'rooflineMs' | 'predictedMs' | 'inserted'> & {
  /** Arithmetic as executed, with padded channels. */
  readonly computeMs: number
  /** What every kernel of its kind takes, however little it does; null where that is not known. */
  readonly callMs: number | null
}

/**
 * A kernel's time as a sum of named causes, spent in this order: what its FLOPs promise (`arithmetic`); channels padded to
 * whole vector blocks (`padding`); memory traffic beyond that, up to the roofline (`memory`); starting it (`dispatch`);
 * what a kernel of its kind takes even with next to nothing to do (`fragmentation`); what kernels of its class cost beyond
 * that by the calibration (`efficiency:<class>`). What is left is `unexplained`. A kernel that onnxruntime added is
 * `layout` as a whole.
 */
export function causesOfKernel(kernel: KernelTimes, { dispatchMs }: Pick<Ceilings, 'dispatchMs'>): KernelGap['causes'] {
  const { ms } = kernel
  if (ms === null) return []
  if (kernel.inserted) return [{ cause: 'layout', ms }]
  const { flopsMs, computeMs, rooflineMs, predictedMs, callMs } = kernel
  const levels: [cause: string, upTo: number][] = [
    ['arithmetic', flopsMs],
    ['padding', computeMs],
    ['memory', rooflineMs],
    ['dispatch', Math.max(flopsMs, computeMs, rooflineMs) + dispatchMs],
    ['fragmentation', Math.max(flopsMs, computeMs, rooflineMs) + Math.max(dispatchMs, callMs ?? 0)],
    [`efficiency:${kernel.class}`, predictedMs ?? 0],
    ['unexplained', ms],
  ]
  const causes: { cause: string; ms: number }[] = []
  let spent = 0
  for (const [cause, upTo] of levels) {
    // a prediction below what was spent explains no more
    const limit = cause === 'fragmentation' && predictedMs !== null ? Math.min(upTo, predictedMs) : upTo
    const part = Math.min(ms, limit) - spent
    if (part <= 0) continue
    causes.push({ cause, ms: part })
    spent += part
  }
  return causes
}

/**
 * The latency as a sum of named causes: those of its kernels; `runtime`, what a run costs outside its kernels; and
 * `unexplained`, what no kernel's time covers; `untimed` where the times of some are not known.
 *
 * @param outsideMs what a run costs outside its kernels
 */
export function causesOf(kernels: readonly KernelGap[], outsideMs: number, latencyMs: number): Cause[] {
  const kernelMs = kernels.reduce((sum, { ms }) => sum + (ms ?? 0), 0)
  const isTimed = kernels.every(({ ms }) => ms !== null)
  const runtime = Math.min(outsideMs, Math.max(0, latencyMs - kernelMs))
  const causes = summed([
    ...kernels.flatMap((kernel) => kernel.causes),
    { cause: 'runtime', ms: runtime },
    { cause: isTimed ? 'unexplained' : 'untimed', ms: latencyMs - kernelMs - runtime },
  ])
  return causes.map(({ cause, ms }) => ({ cause, ms, share: ms / latencyMs }))
}

/** One entry a cause, from what FLOPs promise to what is not explained. */
export function summed(causes: KernelGap['causes']): { cause: string; ms: number }[] {
  const sums = new Map<string, number>()
  for (const { cause, ms } of causes) if (ms > 0) sums.set(cause, (sums.get(cause) ?? 0) + ms)
  return [...sums].map(([cause, ms]) => ({ cause, ms })).sort((a, b) => rank(a.cause) - rank(b.cause) || b.ms - a.ms)
}

const order = [
  'arithmetic',
  'padding',
  'memory',
  'dispatch',
  'fragmentation',
  'layout',
  'efficiency',
  'runtime',
  'untimed',
  'unexplained',
]
const rank = (cause: string): number => order.indexOf(cause.split(':')[0] ?? '')
