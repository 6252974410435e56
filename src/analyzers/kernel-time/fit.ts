import { fcnnlsVector } from 'ml-fcnnls'
import { median } from '../../stats.js'
import type { KernelTimeModel } from '../../types.js'
import type { Features, KernelDescription } from './features.js'

/** A kernel that was measured. */
export interface TimedKernel extends KernelDescription {
  readonly ms: number
}

/** A kind that fewer kernels show cannot be told from the general one. */
const fewestKernels = 4

/** Errors beyond this count as outliers, and less the further out they are. */
const usualError = 0.1
const rounds = 8

/** Kernels of no kind of their own. */
export const anyKind = 'any other kernel'

/**
 * Costs by kind, from kernels of known time: the non-negative ones whose errors, relative to the time, are least.
 *
 * Outliers are weighted down (Huber), since a neighbour's burst lengthens single kernels.
 */
export function fitKernelTimes(kernels: readonly TimedKernel[]): KernelTimeModel[] {
  const byKind = new Map<string, TimedKernel[]>()
  for (const kernel of kernels.filter(({ ms }) => ms > 0)) {
    const known = byKind.get(kernel.kind)
    if (known === undefined) byKind.set(kernel.kind, [kernel])
    else known.push(kernel)
  }
  const general = kernels.filter(({ features, ms }) => ms > 0 && isGeneral(features))
  const kinds = [...byKind].filter(([, timed]) => timed.length >= fewestKernels)
  return [...kinds, [anyKind, general] as const].map(([kind, timed]) => fitKind(kind, timed))
}

const isGeneral = (features: Features): boolean => Object.keys(features).every((name) => generalFeatures.has(name))

const generalFeatures = new Set(['call', 'inputBytes', 'outputBytes', 'inputBeyondCache', 'outputBeyondCache', 'rows'])

function fitKind(kind: string, timed: readonly TimedKernel[]): KernelTimeModel {
  const names = [...new Set(timed.flatMap(({ features }) => Object.keys(features)))]
  const scales = names.map((name) => Math.max(...timed.map(({ features }) => features[name] ?? 0)) || 1)
  const rows = timed.map(({ features, ms }) =>
    names.map((name, at) => (features[name] ?? 0) / (scales[at] as number) / ms),
  )
  let weights = timed.map(() => 1)
  let costs: number[] = []
  let errors: number[] = []
  for (let round = 0; round < rounds; round++) {
    const weighted = rows.map((row, at) => row.map((value) => value * (weights[at] as number)))
    costs = fcnnlsVector(weighted, weights).K.to1DArray()
    errors = rows.map((row) => Math.abs(row.reduce((sum, value, at) => sum + value * (costs[at] as number), 0) - 1))
    weights = errors.map((error) => 1 / Math.sqrt(Math.max(1, error / usualError)))
  }
  const entries = names.map((name, at) => [name, (costs[at] as number) / (scales[at] as number)] as const)
  return {
    kind,
    costs: Object.fromEntries(entries.filter(([, cost]) => cost > 0)),
    kernels: timed.length,
    medianError: errors.length === 0 ? 0 : median(errors),
  }
}

/** Time of a kernel by the costs of its kind, else by those of any kernel. */
export function kernelMs(
  { kind, features }: KernelDescription,
  models: ReadonlyMap<string, KernelTimeModel>,
): number | null {
  const model = models.get(kind) ?? models.get(anyKind)
  if (model === undefined) return null
  return Object.entries(model.costs).reduce((sum, [name, cost]) => sum + cost * (features[name] ?? 0), 0)
}
