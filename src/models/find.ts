import leven from 'leven'
import { FlopgapError } from '../errors.js'
import type { Architecture } from './architecture.js'
import { architectures } from './index.js'

/**
 * The architectures of a family: the one of that name, or all whose names begin with it, as `resnet` does.
 *
 * @throws FlopgapError `unknown-architecture`, with the nearest names
 */
export function architecturesOf(family: string): readonly Architecture[] {
  const members = architectures.filter(({ name }) => name.startsWith(`${family}-`))
  const isFamily = members.length > 0 && !architectures.some(({ name }) => name === family)
  return isFamily ? members : [architectureNamed(family)]
}

/** @throws FlopgapError `unknown-architecture`, with the nearest names */
export function architectureNamed(name: string): Architecture {
  const found = architectures.find((candidate) => candidate.name === name)
  if (found !== undefined) return found
  const near = didYouMean(
    name,
    architectures.map((candidate) => candidate.name),
  )
  const file = /[/\\.]/.test(name) ? ' An ONNX file is named with its ending, model.onnx.' : ''
  throw new FlopgapError(
    'unknown-architecture',
    `there is no architecture ${JSON.stringify(name)}${near}`,
    `flopgap list shows all of them.${file}`,
  )
}

const mostSuggestions = 3

/** `; did you mean a or b?`, or nothing where no name is near. */
export function didYouMean(name: string, names: readonly string[]): string {
  const near = names
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 3) || candidate.startsWith(name))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, mostSuggestions)
    .map(({ candidate }) => candidate)
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
}
