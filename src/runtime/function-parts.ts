import type { ExecutedKernel } from '../types.js'
import { functionCall } from './kernel-name.js'

/**
 * By kernel, the node that it helps another kernel to compute. A function that runs as its definition belongs to the
 * kernel that ends it; the others are its parts, and so is what only they read: sizes that a layout change made anew.
 *
 * @param sources by kernel, the nodes it stands for
 * @param moves by kernel, whether it only moves data
 * @param readersOf by tensor, the kernels that read it
 */
export function functionParts(
  kernels: readonly ExecutedKernel[],
  sources: readonly (readonly number[])[],
  moves: readonly boolean[],
  readersOf: ReadonlyMap<string, readonly number[]>,
): (number | null)[] {
  const calls = callsIn(kernels, sources)
  const parts = kernels.map(({ outputs }) => calls.get(functionCall(outputs[0] ?? '') ?? '') ?? null)
  for (const index of [...parts.keys()].reverse()) {
    if (sources[index]?.length !== 0 || moves[index] === true) continue
    const readers = kernels[index]?.outputs.flatMap((output) => readersOf.get(output) ?? []) ?? []
    const [part, ...others] = new Set(readers.map((reader) => parts[reader] ?? null))
    if (others.length === 0) parts[index] ??= part ?? null
  }
  return parts
}

/** By call of a function, the node whose definition it runs: that of the kernel which reads it and stands for a node. */
function callsIn(kernels: readonly ExecutedKernel[], sources: readonly (readonly number[])[]): Map<string, number> {
  const calls = new Map<string, number>()
  for (const [index, { inputs }] of kernels.entries()) {
    const [node] = sources[index] ?? []
    for (const call of inputs.map(functionCall)) if (call !== undefined && node !== undefined) calls.set(call, node)
  }
  return calls
}
