import type { ComparisonInput } from '../analyzers/comparison.js'
import { identify } from '../analyzers/identify.js'
import { FlopgapError } from '../errors.js'
import type { ComparedModel, Comparison, Graph, SessionSettings } from '../types.js'
import { costs } from './costs.js'
import type { Entry } from './entries.js'

/** A model with sizes for all that it leaves open. */
export interface Contestant extends Entry {
  readonly graph: Graph
}

/** What a run will measure, and how. */
interface Intended {
  readonly contestants: readonly Contestant[]
  readonly reference: string
  readonly plan: readonly string[]
  readonly settings: SessionSettings
  readonly fingerprint: string
}

/**
 * What of an earlier result is still good: all but models that have changed since, and those that failed.
 *
 * @throws FlopgapError `bad-resume` where the two cannot stand in one result
 */
export function kept(earlier: Comparison | undefined, intended: Intended): ComparisonInput {
  const { contestants, reference, plan, fingerprint } = intended
  if (earlier === undefined) return { models: [], runs: [], failed: [], reference, plan }
  checkSame(earlier, intended)
  const models = earlier.models.filter((model) => !hasChanged(model, contestants))
  const isThere = (name: string) => models.some(({ label }) => label === name)
  if (models.length > 0 && !isThere(reference)) throw cannotResume(`${reference} has changed since`)
  return {
    models,
    runs: earlier.pairs.filter(({ model }) => isThere(model)),
    failed: earlier.failed.filter((model) => model.fingerprint !== fingerprint),
    reference,
    plan: [...plan, ...earlier.plan.filter((label) => !plan.includes(label))],
  }
}

function checkSame(earlier: Comparison, { reference, settings, fingerprint }: Intended): void {
  if (earlier.reference !== reference) {
    throw cannotResume(`it compares with ${earlier.reference}, not with ${reference}`)
  }
  const own = earlier.models.filter((model) => model.fingerprint === fingerprint)
  if (own.length === 0 && earlier.models.length > 0) {
    throw cannotResume('it was measured in another environment (machine, provider, threads or onnxruntime)')
  }
  const { optimization } = settings
  if (own.some(({ measurement }) => measurement.settings.optimization !== optimization)) {
    throw cannotResume('it was measured at another optimization level')
  }
}

const cannotResume = (why: string) =>
  new FlopgapError(
    'bad-resume',
    `the earlier result cannot be resumed: ${why}`,
    'Write to another file; flopgap merge joins results of several environments.',
  )

/** Whether a model of that label has another structure or other input sizes now. */
function hasChanged({ label, model }: ComparedModel, contestants: readonly Contestant[]): boolean {
  const now = contestants.find((one) => one.label === label)
  if (now === undefined) return false
  const identity = identify(costs(now.graph), now.graph.model, null).model
  return (
    identity.structureSha256 !== model.structureSha256 ||
    JSON.stringify(identity.inputs) !== JSON.stringify(model.inputs)
  )
}
