import { FlopgapError } from '../errors.js'
import type { Analysis, Model } from '../types.js'
import type { Architecture } from './architecture.js'
import { Network, Unbuildable } from './builder.js'
import { architectureNamed, didYouMean } from './find.js'
import { nearestBuildable } from './nearest.js'
import { type OptionValue, parseOptions } from './options.js'

/** An architecture with a value for each of its options. */
interface Spec {
  readonly architecture: Architecture
  readonly values: Readonly<Record<string, OptionValue>>
  /** The spec as short as it can be: options in their order, defaults left out. */
  readonly text: string
}

/**
 * Reads `name` or `name:key=value,key=value`.
 *
 * @throws FlopgapError `unknown-architecture`, `unknown-option` or `bad-option`, naming what is near
 */
function parseSpec(text: string): Spec {
  const [name = '', ...rest] = text.split(':')
  const architecture = architectureNamed(name)
  const given = parsePairs(text, rest.join(':'), architecture)
  const values = parseOptions(name, architecture.options, given)
  const changed = Object.entries(values).filter(([key, value]) => value !== architecture.options[key]?.default)
  const options = changed.map(([key, value]) => `${key}=${value}`).join(',')
  return { architecture, values, text: options === '' ? name : `${name}:${options}` }
}

/**
 * Builds the network that a spec names; no weight is made.
 *
 * @throws FlopgapError as `parseSpec`; `bad-option` for values that make no network together, with the nearest that do
 */
export const build = (text: string): Model => buildOn(new Network(), text)

/**
 * As `build`, written by another writer, which may leave out or exchange some of the operations.
 *
 * @param label the model's name and spec, where it is no longer the one that the spec names
 * @throws FlopgapError as `build`
 */
export function buildOn(net: Network, text: string, label?: string): Model {
  const { architecture, values, text: spec } = parseSpec(text)
  try {
    const output = architecture.build(net, values)
    return net.finish(label ?? architecture.name, label ?? spec, [output].flat())
  } catch (error) {
    if (!(error instanceof Unbuildable)) throw error
    const nearest = nearestBuildable(architecture, values)
    throw new FlopgapError(
      'bad-option',
      `${spec} cannot be built: ${error.message}`,
      nearest.length === 0 ? null : `The nearest that can be built have ${nearest.join(' or ')}.`,
    )
  }
}

/** What was published of the variant that a spec names; null where nothing was. */
export function publishedOf(text: string): Analysis['published'] {
  const { architecture, text: spec } = parseSpec(text)
  const variant = architecture.variants.find(
    ({ options }) => parseSpec(`${architecture.name}:${options}`).text === spec,
  )
  return variant?.paper === undefined ? null : { ...variant.paper, note: variant.note ?? null }
}

/** The data set that the network of a spec is for; ImageNet unless an option says otherwise. */
export const dataSetOf = (text: string): string => String(parseSpec(text).values.dataset ?? 'imagenet')

function parsePairs(text: string, pairs: string, { name, options }: Architecture): Map<string, string> {
  const given = new Map<string, string>()
  for (const pair of pairs.split(',').filter(Boolean)) {
    const [key = '', value, ...more] = pair.split('=')
    if (value === undefined || value === '' || more.length > 0) {
      throw new FlopgapError('bad-option', `${JSON.stringify(pair)} in ${JSON.stringify(text)} is not key=value`)
    }
    if (!Object.hasOwn(options, key)) {
      const keys = Object.keys(options)
      throw new FlopgapError(
        'unknown-option',
        `${name} has no option ${JSON.stringify(key)}${didYouMean(key, keys)}`,
        `Its options: ${keys.join(', ')}`,
      )
    }
    if (given.has(key)) throw new FlopgapError('bad-option', `${key} is given twice in ${JSON.stringify(text)}`)
    given.set(key, value)
  }
  return given
}
