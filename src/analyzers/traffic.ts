import type { Traffic } from './ops/rule.js'

/** A tensor that a node or a kernel reads or writes; `bytes` is null where its size is not known. */
export interface Moved {
  readonly name: string
  readonly bytes: number | null
}

/** Bytes that must move at least once: each input read once, however often it is used, each output written once. */
export function movedBytes(
  traffic: Traffic,
  inputs: readonly Moved[],
  outputs: readonly Moved[],
): { readonly readBytes: number | null; readonly writeBytes: number | null } {
  if (traffic === 'view' || traffic === 'none') return { readBytes: 0, writeBytes: 0 }
  const [source, ...others] = [...new Map(inputs.map((input) => [input.name, input])).values()]
  const writeBytes = sum(outputs)
  const first = source === undefined || traffic === 'write' ? 0 : source.bytes
  const rest = traffic === 'write' || traffic === 'first' ? 0 : sum(others)
  if (first === null || rest === null || writeBytes === null) return { readBytes: null, writeBytes: null }
  return { readBytes: (traffic === 'gather' ? Math.min(first, writeBytes) : first) + rest, writeBytes }
}

const sum = (tensors: readonly Moved[]): number | null =>
  tensors.reduce<number | null>((total, { bytes }) => (total === null || bytes === null ? null : total + bytes), 0)
