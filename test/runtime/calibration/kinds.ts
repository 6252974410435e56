import { describeKernel } from '../../../src/analyzers/kernel-time/features.js'
import { placeKernels } from '../../../src/analyzers/kernel-time/placed.js'
import type { ExecutedKernel } from '../../../src/types.js'

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** Channels of a block on this machine, as its blocked filters show; 1 where it has none. */
export function blockOf(kernels: readonly ExecutedKernel[]): number {
  const blocked = kernels.filter(({ op, domain }) => op === 'Conv' && domain === 'com.microsoft.nchwc')
  const filters = blocked.map(({ inputTypes }) => Number(inputTypes[1]?.dims[0]))
  return filters.length === 0 ? 1 : filters.reduce(divisor)
}

/** By kernel, its kind. */
export const kindsOf = (kernels: readonly ExecutedKernel[], block: number): string[] =>
  placeKernels(kernels).map((kernel) => describeKernel(kernel, { block, beyondCache: () => 0 }).kind)
