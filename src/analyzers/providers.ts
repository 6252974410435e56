import type { Environment, KernelGap, ProviderShare, Warning } from '../types.js'

/** True for what onnxruntime calls the provider that is asked for as `cpu`, `webgpu`, `cuda`, `tensorrt`, `dml`, `coreml`. */
export const isProvider = (asked: string, name: string): boolean =>
  name.toLowerCase() === `${asked.toLowerCase()}executionprovider`

/** Which providers ran the kernels, that with the most kernels first. */
export function providerShares(kernels: readonly KernelGap[]): ProviderShare[] {
  const byProvider = new Map<string, KernelGap[]>()
  for (const kernel of kernels) {
    const known = byProvider.get(kernel.provider)
    if (known === undefined) byProvider.set(kernel.provider, [kernel])
    else known.push(kernel)
  }
  return [...byProvider]
    .map(([provider, own]) => ({
      provider,
      kernels: own.length,
      ms: sumOfKnown(own.map(({ ms }) => ms)),
      share: sumOfKnown(own.map(({ share }) => share)),
    }))
    .sort((a, b) => b.kernels - a.kernels)
}

/** A sum; null where one of the figures is not known. */
export const sumOfKnown = (figures: readonly (number | null)[]): number | null =>
  figures.reduce((total, figure) => (total === null || figure === null ? null : total + figure), 0)

/** What a reader of times on a device must know: where kernels ran instead, and whose times are not their own. */
export function providerWarnings({ provider, adapter }: Environment, kernels: readonly KernelGap[]): Warning[] {
  const elsewhere = kernels.filter((kernel) => !isProvider(provider, kernel.provider))
  const copies = kernels.filter(({ op }) => op.startsWith('Memcpy'))
  const untimed = kernels.filter(({ ms }) => ms === null)
  const warnings: (Warning | null)[] = [
    adapter?.isSoftware === true
      ? {
          code: 'software-adapter',
          message: `${adapter.name} is a software adapter: all of it runs on the CPU`,
          hint: 'Its times say nothing about a GPU.',
        }
      : null,
    elsewhere.length > 0
      ? {
          code: 'fallback',
          message: `${elsewhere.length} of ${kernels.length} kernels did not run on ${provider}: ${countedOps(elsewhere)}`,
          hint: `${copies.length} copies between devices come with them; see provider of each kernel in the JSON report.`,
        }
      : null,
    untimed.length > 0
      ? {
          code: 'untimed-kernels',
          message: `of ${untimed.length} kernels onnxruntime tells when ${provider} got them, not how long they ran`,
          hint: 'Latency and gap are measured all the same.',
        }
      : null,
  ]
  return warnings.filter((warning) => warning !== null)
}

/** `Clip (38), Gather (2)`, the most frequent first. */
function countedOps(kernels: readonly KernelGap[]): string {
  const counts = new Map<string, number>()
  for (const { op } of kernels) counts.set(op, (counts.get(op) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([op, count]) => `${op} (${count})`)
    .join(', ')
}
