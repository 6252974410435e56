import type { KernelClass } from '../../types.js'
import { type LintKernel, type LintRule, needsKernels } from './rule.js'

/**
 * ShuffleNet V2 took ReLU and shortcut out of a bottleneck and it ran some 20 % faster (section 2, G4, Table 4); half of
 * that is taken for too much.
 */
const tolerated = 0.1

const elementwise: ReadonlySet<KernelClass> = new Set<KernelClass>(['elementwise', 'normalization'])

/** `Mul 1.20 ms, Add 0.80 ms`, the dearest first. */
function byOperator(kernels: readonly LintKernel[]): string {
  const sums = new Map<string, number>()
  for (const { kernel, ms } of kernels) sums.set(kernel.op, (sums.get(kernel.op) ?? 0) + (ms ?? 0))
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .map(([op, ms]) => `${op} ${ms.toFixed(ms < 0.1 ? 3 : 2)} ms`)
    .join(', ')
}

export const elementwiseShare: LintRule = {
  id: 'elementwise-share',
  level: 'warning',
  summary:
    'Operations on single elements, which do little arithmetic and move many bytes, take a large part of the time.',
  source: 'ShuffleNet V2, arXiv 1807.11164, G4 and Table 4',
  fixable: false,
  unavailable: needsKernels,
  check({ executed }) {
    const { kernels = [], latencyMs = 0 } = executed ?? {}
    const own = [...kernels.entries()].filter(([, kernel]) => !kernel.inserted && elementwise.has(kernel.class))
    const dearest = own.sort(([, a], [, b]) => (b.ms ?? 0) - (a.ms ?? 0))
    const share = dearest.reduce((sum, [, { ms }]) => sum + (ms ?? 0), 0) / latencyMs
    if (!(share > tolerated)) return []
    return [
      {
        nodes: dearest.flatMap(([, { nodes }]) => nodes),
        kernels: dearest.map(([index]) => index),
        message: `${own.length} elementwise kernels take ${(100 * share).toFixed(0)} % of the time: ${byOperator(dearest.map(([, kernel]) => kernel))}`,
        try: 'Drop activations, shortcuts and scalings that buy little accuracy, or put them where onnxruntime can fuse them: right behind a convolution.',
      },
    ]
  },
}
