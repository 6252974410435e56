import { median } from '../../stats.js'
import type { KernelTimeModel } from '../../types.js'
import type { Features, KernelDescription } from './features.js'

/** A kernel that was measured. */
export interface TimedKernel extends KernelDescription {
  readonly ms: number
}

/** A kind that fewer kernels show cannot be told from the general one. */
const fewestKernels = 3

/** Errors beyond this count as outliers, and less the further out they are. */
const usualError = 0.1
const rounds = 8

/** Kernels of no kind of their own. */
export const anyKind = 'any other kernel'

/**
 * Costs by kind, from kernels of known time: the ones within bounds whose errors, relative to the time, are least.
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
  const any = general.length === 0 ? [] : [[anyKind, general] as const]
  return [...kinds, ...any].map(([kind, timed]) => fitKind(kind, timed))
}

const isGeneral = (features: Features): boolean => Object.keys(features).every((name) => generalFeatures.has(name))

const generalFeatures = new Set([
  'call',
  'farCall',
  'inputBytes',
  'outputBytes',
  'inputBeyondCache',
  'outputBeyondCache',
  'rows',
])

/**
 * What is far from the core takes as long as memory is slow, as often as a kernel goes there: to read, and where it writes to
 * fetch first and to write back. Small kernels that show it badly would have it cost anything.
 */
const mostTimes = 3
const mostCosts = new Map(
  ['inputBeyondCache', 'outputBeyondCache', 'weightsBeyondCache', 'farCall'].map((name) => [name, mostTimes]),
)

function fitKind(kind: string, timed: readonly TimedKernel[]): KernelTimeModel {
  const names = [...new Set(timed.flatMap(({ features }) => Object.keys(features)))]
  const relative = timed.map(({ features, ms }) => names.map((name) => (features[name] ?? 0) / ms))
  const scales = names.map((_, at) => Math.hypot(...relative.map((row) => row[at] as number)) || 1)
  const rows = relative.map((row) => row.map((value, at) => value / (scales[at] as number)))
  const most = names.map((name, at) => (mostCosts.get(name) ?? Number.POSITIVE_INFINITY) * (scales[at] as number))
  let weights = timed.map(() => 1)
  let costs: number[] = []
  let errors: number[] = []
  for (let round = 0; round < rounds; round++) {
    costs = boundedLeastSquares(rows, weights, most, costs)
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

/** Against features that grow alike: costs are kept small where the kernels do not tell them apart. */
const ridge = 1e-6
const [mostSweeps, settled] = [400, 1e-6]

/**
 * The costs from 0 to `most` that come closest to 1 in each row, rows weighted, sought from `start`: least squares within
 * bounds by coordinate descent, which takes its time but always arrives, however alike the columns are.
 */
function boundedLeastSquares(
  rows: readonly (readonly number[])[],
  weights: readonly number[],
  most: readonly number[],
  start: readonly number[],
): number[] {
  const columns = most.map((_, at) => rows.map((row, index) => (row[at] as number) * (weights[index] as number)))
  const gram = columns.map((a) => columns.map((b) => dot(a, b)))
  const wanted = columns.map((column) => dot(column, weights))
  const costs = columns.map((_, at) => start[at] ?? 0)
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let moved = 0
    for (const [at, row] of gram.entries()) {
      const own = (row[at] as number) + ridge
      const slope = (wanted[at] as number) - dot(row, costs) - ridge * (costs[at] as number)
      const next = Math.min(most[at] as number, Math.max(0, (costs[at] as number) + slope / own))
      moved = Math.max(moved, Math.abs(next - (costs[at] as number)))
      costs[at] = next
    }
    if (moved < settled) break
  }
  return costs
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0)

/** Time of a kernel by the costs of its kind, else by those of any kernel. */
export function kernelMs(
  { kind, features }: KernelDescription,
  models: ReadonlyMap<string, KernelTimeModel>,
): number | null {
  const model = models.get(kind) ?? models.get(anyKind)
  if (model === undefined) return null
  return Object.entries(model.costs).reduce((sum, [name, cost]) => sum + cost * (features[name] ?? 0), 0)
}
