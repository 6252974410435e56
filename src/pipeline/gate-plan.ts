import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { FlopgapError } from '../errors.js'
import { defaultThreshold, type GateRules, type Limit, shareOf } from '../gate/rules.js'
import { architectures } from '../models/index.js'
import { type Binding, noBinding } from '../onnx/bind.js'
import type { GateConfiguration, ReadConfiguration } from './config.js'

/** A model to judge, before it is opened. */
export interface PlannedModel {
  /** What reports and the baseline call it: as the person named it. */
  readonly label: string
  /** A spec, or a path from here. */
  readonly target: string
  readonly binding: Binding
  readonly rules: GateRules
}

interface Wanted {
  /** Named on the command line; without any, those of the configuration. */
  readonly targets: readonly string[]
  readonly binding: Binding
  readonly threshold: number | undefined
}

type ConfiguredModel = NonNullable<GateConfiguration['models']>[number]

/**
 * The models to judge, with their limits.
 *
 * @throws FlopgapError `no-model` where neither the command nor the configuration names one; `bad-config`, `bad-option`
 *   where two have one name
 */
export function plannedModels({ path, configuration }: ReadConfiguration, wanted: Wanted): PlannedModel[] {
  const gate = configuration.gate ?? {}
  const folder = path === null ? '.' : dirname(path)
  const configured = gate.models ?? []
  const planned =
    wanted.targets.length > 0
      ? wanted.targets.map((target) => named(target, { configured, folder, gate, wanted }))
      : configured.map((model) => planOf(model, { folder, gate, wanted }))
  if (planned.length === 0) {
    throw new FlopgapError(
      'no-model',
      'no model is given',
      'Name an architecture or an ONNX file, or list models under gate.models in flopgap.config.json.',
    )
  }
  const twice = planned.find(({ label }, index) => planned.findIndex((other) => other.label === label) !== index)
  if (twice !== undefined) {
    throw new FlopgapError('bad-option', `two models are called ${JSON.stringify(twice.label)}`, 'Give one a name.')
  }
  return planned
}

interface Place {
  readonly folder: string
  readonly gate: GateConfiguration
  readonly wanted: Wanted
}

/** A model of the command line: by its name in the configuration, or as it is. */
function named(target: string, { configured, ...place }: Place & { configured: readonly ConfiguredModel[] }) {
  const known = configured.find(({ name, model }) => name === target || model === target)
  if (known !== undefined) return planOf(known, place)
  return { label: portable(target), target, binding: place.wanted.binding, rules: rulesOf({}, place) }
}

function planOf(own: ConfiguredModel, place: Place): PlannedModel {
  const target = isSpec(own.model) ? own.model : relative('', resolve(place.folder, own.model)) || own.model
  const shapes = { ...place.wanted.binding.shapes, ...own.shapes }
  const dims = { ...place.wanted.binding.dims, ...own.dims }
  return {
    label: own.name ?? portable(own.model),
    target: isSpec(target) || /[/\\]/.test(target) ? target : `./${target}`,
    binding: { ...noBinding, shapes, dims },
    rules: rulesOf(own, place),
  }
}

const isSpec = (target: string): boolean => architectures.some(({ name }) => name === target.split(':')[0])

/** The same on all systems. */
const portable = (target: string): string => target.replaceAll('\\', '/').replace(/^\.\//, '')

function rulesOf(own: Pick<ConfiguredModel, 'limits' | 'levels'>, { gate, wanted }: Place): GateRules {
  const { latency, ...limits } = { ...gate.limits, ...own.limits }
  const increase = latency?.increase === undefined ? null : shareOf(latency.increase)
  return {
    limits: Object.fromEntries(
      Object.entries(limits).map(([id, limit]): [string, Limit] => [
        id,
        {
          ...(limit?.max === undefined ? {} : { max: limit.max }),
          ...(limit?.increase === undefined ? {} : { increase: shareOf(limit.increase) ?? 0 }),
        },
      ]),
    ),
    levels: Object.fromEntries(
      Object.entries({ ...gate.levels, ...own.levels }).flatMap(([id, level]) =>
        level === undefined ? [] : [[id, level]],
      ),
    ),
    threshold: wanted.threshold ?? increase ?? defaultThreshold,
  }
}

const defaultBaseline = 'flopgap.baseline.json'

/** Where the baseline is: as given, else as configured, else beside the configuration, else here. */
export function baselinePath(given: string | undefined, { path, configuration }: ReadConfiguration): string {
  if (given !== undefined) return given
  const folder = path === null ? '' : relative('', dirname(resolve(path)))
  return join(folder, configuration.gate?.baseline ?? defaultBaseline)
}

/**
 * The old model that `--against` gives for a planned one: the file or spec itself, or the file of the same path in a folder
 * such as a checkout of the base branch; null where that has none.
 */
export function oldTarget(against: string, { target }: PlannedModel): string | null {
  const isFolder = existsSync(against) && statSync(against).isDirectory()
  if (!isFolder) return against
  if (isSpec(target)) return target
  const path = join(against, relative('', resolve(target)))
  return existsSync(path) ? path : null
}
