import { FlopgapError } from '../errors.js'
import { architecturesOf } from '../models/find.js'
import { architectures } from '../models/index.js'
import { build } from '../models/spec.js'
import type { Model } from '../types.js'
import { open } from './open.js'

/** A model as a comparison takes part in. */
export interface Entry {
  readonly model: Model
  readonly label: string
  readonly base: string
  readonly varied: Readonly<Record<string, string>>
  /** Sizes of free dimensions that are varied. */
  readonly dims: Readonly<Record<string, number>>
}

/** Options to vary, each with its values. */
export type Vary = Readonly<Record<string, readonly string[]>>

/**
 * The models that targets name, each with every combination of the varied options: of an architecture its options, of a
 * file its free dimensions. The name of a family, as `flopgap list` takes it, stands for all of its architectures.
 *
 * @throws FlopgapError as `open`, and where a target has no such option
 */
export async function entriesOf(targets: readonly string[], vary: Vary): Promise<Entry[]> {
  const combinations = combine(Object.entries(vary))
  const entries: Entry[] = []
  for (const target of targets.flatMap(members)) {
    const model = await open(target)
    for (const varied of combinations) entries.push(withOptions(target, model, varied))
  }
  return distinct(entries)
}

/** Models as they are. */
export const entriesOfModels = (models: readonly Model[]): Entry[] => distinct(models.map((model) => asIs(model)))

function asIs(model: Model, target?: string): Entry {
  const label = labelOf(model, target)
  return { model, label, base: label, varied: {}, dims: {} }
}

/** A file as the person named it, so that it is called the same on all machines. */
const labelOf = ({ origin }: Model, target?: string): string =>
  origin.kind === 'spec' ? origin.spec : (target ?? origin.path)

/** The architectures of a family; anything else is itself. */
function members(target: string): string[] {
  const isFamily = architectures.some(({ name }) => name.startsWith(`${target}-`))
  return isFamily ? architecturesOf(target).map(({ name }) => name) : [target]
}

/** Every combination of values, the last option changing fastest. */
const combine = (options: readonly (readonly [key: string, values: readonly string[]])[]): Record<string, string>[] =>
  options.reduce<Record<string, string>[]>(
    (all, [key, values]) => all.flatMap((some) => values.map((value) => ({ ...some, [key]: value }))),
    [{}],
  )

function withOptions(target: string, model: Model, varied: Readonly<Record<string, string>>): Entry {
  const base = labelOf(model, target)
  const pairs = Object.entries(varied).map(([key, value]) => `${key}=${value}`)
  if (pairs.length === 0) return asIs(model, target)
  if (model.origin.kind === 'spec') {
    const changed = build(`${target}${target.includes(':') ? ',' : ':'}${pairs.join(',')}`)
    return { model: changed, label: labelOf(changed), base, varied, dims: {} }
  }
  const dims = Object.fromEntries(Object.entries(varied).map(([key, value]) => [key, sizeOf(key, value)]))
  return { model, label: `${base}:${pairs.join(',')}`, base, varied, dims }
}

function sizeOf(key: string, value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value)
  throw new FlopgapError(
    'bad-option',
    `${key}=${value}: of a file, a free dimension can be varied, and its sizes are whole numbers from 1`,
    'Only architectures have options: flopgap list.',
  )
}

/** A model that is given again is measured again, as a check of the measuring; it needs a name of its own. */
function distinct(entries: readonly Entry[]): Entry[] {
  const seen = new Map<string, number>()
  return entries.map((entry) => {
    const times = (seen.get(entry.label) ?? 0) + 1
    seen.set(entry.label, times)
    return times === 1 ? entry : { ...entry, label: `${entry.label} #${times}` }
  })
}

/**
 * The entries and the label of the reference among them: one that is there already, or another model put in front.
 *
 * @param target by default the first entry
 */
export async function withReference(
  entries: readonly Entry[],
  target: string | undefined,
): Promise<{ all: readonly Entry[]; reference: string }> {
  if (target === undefined) return { all: entries, reference: entries[0]?.label ?? '' }
  if (entries.some(({ label }) => label === target)) return { all: entries, reference: target }
  const added = asIs(await open(target), target)
  const isThere = entries.some(({ label }) => label === added.label)
  return { all: isThere ? entries : [added, ...entries], reference: added.label }
}
