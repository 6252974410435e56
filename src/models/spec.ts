import leven from 'leven'
import { FlopgapError } from '../errors.js'
import type { Model } from '../types.js'
import type { Architecture } from './architecture.js'
import { Network } from './builder.js'
import { architectures } from './index.js'
import { type OptionValue, parseOptions } from './options.js'

/** An architecture with a value for each of its options. */
export interface Spec {
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
export function parseSpec(text: string): Spec {
  const [name = '', ...rest] = text.split(':')
  const architecture = architectures.find((candidate) => candidate.name === name)
  if (architecture === undefined) throw unknownArchitecture(name)
  const given = parsePairs(text, rest.join(':'), architecture)
  const values = parseOptions(name, architecture.options, given)
  const changed = Object.entries(values).filter(([key, value]) => value !== architecture.options[key]?.default)
  const options = changed.map(([key, value]) => `${key}=${value}`).join(',')
  return { architecture, values, text: options === '' ? name : `${name}:${options}` }
}

/**
 * Builds the network that a spec names; no weight is made.
 *
 * @throws FlopgapError as `parseSpec`
 */
export function build(text: string): Model {
  const { architecture, values, text: spec } = parseSpec(text)
  const net = new Network()
  const output = architecture.build(net, values)
  return net.finish(architecture.name, spec, output)
}

function parsePairs(text: string, pairs: string, { name, options }: Architecture): Map<string, string> {
  const given = new Map<string, string>()
  for (const pair of pairs.split(',').filter(Boolean)) {
    const [key = '', value, ...more] = pair.split('=')
    if (value === undefined || value === '' || more.length > 0) {
      throw new FlopgapError('bad-option', `${JSON.stringify(pair)} in ${JSON.stringify(text)} is not key=value`)
    }
    if (!Object.hasOwn(options, key)) {
      const keys = nearest(key, Object.keys(options))
      throw new FlopgapError(
        'unknown-option',
        `${name} has no option ${JSON.stringify(key)}${keys.near}`,
        `Its options: ${keys.all.join(', ')}`,
      )
    }
    if (given.has(key)) throw new FlopgapError('bad-option', `${key} is given twice in ${JSON.stringify(text)}`)
    given.set(key, value)
  }
  return given
}

function unknownArchitecture(name: string): FlopgapError {
  const { near } = nearest(name, architectures.map((candidate) => candidate.name))
  const file = /[/\\.]/.test(name) ? ' An ONNX file is named with its ending, model.onnx.' : ''
  return new FlopgapError(
    'unknown-architecture',
    `there is no architecture ${JSON.stringify(name)}${near}`,
    `flopgap list shows all of them.${file}`,
  )
}

function nearest(name: string, names: readonly string[]): { near: string; all: readonly string[] } {
  const ranked = names
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance)
  const close = ranked
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 2) || candidate.startsWith(name))
    .slice(0, 3)
    .map(({ candidate }) => candidate)
  return { near: close.length === 0 ? '' : `; did you mean ${close.join(' or ')}?`, all: names }
}
