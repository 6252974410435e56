import { FlopgapError } from '../errors.js'
import type { Baseline, BaselineModel, GateReport, Model } from '../types.js'
import { readBaseline } from './baseline-file.js'
import { oldTarget, type PlannedModel } from './gate-plan.js'
import { open } from './open.js'

/** Where what was before comes from. */
export type Source =
  | { readonly kind: 'model'; readonly path: string; readonly isThere: true }
  | { readonly kind: 'baseline'; readonly path: string; readonly isThere: boolean; readonly baseline: Baseline }

/** @throws FlopgapError `no-baseline` where there is none and no limit to judge by; `bad-baseline` */
export function sourceOf(
  planned: readonly PlannedModel[],
  { kind, path }: NonNullable<GateReport['against']>,
  allowMissingBaseline: boolean,
): Source {
  if (kind === 'model') return { kind, path, isThere: true }
  const baseline = readBaseline(path)
  if (baseline !== null) return { kind, path, isThere: true, baseline }
  const hasLimits = planned.every(({ rules }) => Object.values(rules.limits).some(({ max }) => max !== undefined))
  if (allowMissingBaseline || hasLimits) {
    return { kind, path, isThere: false, baseline: { baselineVersion: 1, models: [] } }
  }
  throw new FlopgapError(
    'no-baseline',
    `there is no baseline ${path}`,
    'flopgap baseline write makes one, to be committed. Or: --against OLD, limits in the configuration, --allow-missing-baseline.',
  )
}

export const baselineOf = (label: string, source: Source): BaselineModel | undefined =>
  source.kind === 'baseline' ? source.baseline.models.find(({ model }) => model === label) : undefined

/** Null for a model that was there before, and is not now. */
export async function openOrMissing(one: PlannedModel, source: Source): Promise<Model | null> {
  try {
    return await open(one.target)
  } catch (error) {
    const wasThere = baselineOf(one.label, source) !== undefined
    if (wasThere && error instanceof FlopgapError && error.code === 'no-such-file') return null
    throw error
  }
}

/** What a person does who means the change. */
export function acceptOf(one: PlannedModel, source: Source): string {
  if (source.kind === 'baseline') return `flopgap baseline update ${one.label}`
  const old = oldTarget(source.path, one) ?? source.path
  return `allow it under gate.limits in the configuration. All that changed: flopgap diff ${old} ${one.target}`
}
