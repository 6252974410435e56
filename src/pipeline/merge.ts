import { comparison } from '../analyzers/comparison.js'
import { FlopgapError } from '../errors.js'
import type { ComparedModel, Comparison } from '../types.js'

/**
 * Joins results of shards or of several machines into one.
 *
 * A model keeps its ratio to the reference that ran beside it. The reference itself is measured by each shard; of those in
 * one environment the first stands for all.
 *
 * @throws FlopgapError `conflicting-results` where a model was measured twice in one environment, or where references differ
 */
export function mergeComparisons(parts: readonly Comparison[]): Comparison {
  const [first] = parts
  if (first === undefined) throw new FlopgapError('nothing-to-compare', 'there is no result to merge')
  const { reference } = first
  const other = parts.find((part) => part.reference !== reference)
  if (other !== undefined) throw otherReference(reference, other.reference)
  const models = parts.flatMap((part) => part.models).reduce<ComparedModel[]>(joined(reference), [])
  const measured = (name: string, own: string) =>
    models.some(({ label, fingerprint }) => label === name && fingerprint === own)
  return comparison({
    models,
    reference,
    runs: parts.flatMap(({ pairs }) => pairs),
    // another shard or a second try may have succeeded
    failed: parts.flatMap(({ failed }) => failed).filter(({ model, fingerprint }) => !measured(model, fingerprint)),
    plan: [...new Set(parts.flatMap(({ plan }) => plan))],
  })
}

/** Models with one more, or as they are where it is a reference that is there already. */
const joined =
  (reference: string) =>
  (models: ComparedModel[], model: ComparedModel): ComparedModel[] => {
    const same = models.filter(({ label }) => label === model.label)
    if (same.some((known) => differs(known, model))) throw otherModel(model.label)
    const isKnown = same.some(({ fingerprint }) => fingerprint === model.fingerprint)
    if (isKnown && model.label !== reference) throw twice(model)
    return isKnown ? models : [...models, model]
  }

/** Whether two models of one label are not the same. */
const differs = (a: ComparedModel, b: ComparedModel): boolean =>
  a.model.structureSha256 !== b.model.structureSha256 ||
  JSON.stringify(a.model.inputs) !== JSON.stringify(b.model.inputs)

const conflict = (message: string, hint: string) => new FlopgapError('conflicting-results', message, hint)

const otherReference = (one: string, other: string) =>
  conflict(`results compare with different references: ${one} and ${other}`, 'Give all runs the same --reference.')

const otherModel = (label: string) =>
  conflict(`the results have two different models called ${label}`, 'Measure all with the same files and sizes.')

const twice = ({ label, environment: { cpu, threads } }: ComparedModel) =>
  conflict(
    `${label} was measured twice in one environment: ${cpu}, threads ${threads}`,
    'Leave out one of the files: which measurement counts is for you to say.',
  )
