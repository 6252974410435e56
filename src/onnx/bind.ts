import { FlopgapError } from '../errors.js'
import type { Dim, Model, TensorType, ValueInfo } from '../types.js'

/** Sizes a person gives for what a model leaves open: whole shapes by input name, free dimensions by name. */
export interface Binding {
  readonly shapes: Readonly<Record<string, readonly number[]>>
  readonly dims: Readonly<Record<string, number>>
}

export const noBinding: Binding = { shapes: {}, dims: {} }

/**
 * The fixed type of every input that is a tensor.
 *
 * @throws FlopgapError `bad-shape` where a given size names no input or dimension, or contradicts the model;
 *   `free-dimensions` where a dimension stays open
 */
export function bindInputs(model: Model, given: Binding): Map<string, TensorType> {
  const binding = named(model, given)
  checkNames(model, binding)
  const types = new Map<string, TensorType>()
  const open: OpenInput[] = []
  for (const input of model.inputs) {
    const dims = boundDims(input, binding)
    if (dims === null || input.type === null) continue
    if (dims.some((dim) => typeof dim === 'string')) open.push({ name: input.name, dims })
    types.set(input.name, { elementType: input.type.elementType, dims })
  }
  const [first, ...others] = open
  if (first !== undefined) throw unbound([first, ...others])
  return types
}

/** The inputs of which the model leaves a size open, or how many there are. */
export const openInputs = ({ inputs }: Model): ValueInfo[] =>
  inputs.filter(({ type, isUnranked }) => isUnranked || type?.dims.some((dim) => typeof dim === 'string'))

/**
 * Of sizes given for several models, those that each can take; the shape of an input without a name is for all.
 *
 * @throws FlopgapError `bad-shape` where a size names no input or free dimension of any
 */
export function sharedBinding(models: readonly Model[], { shapes, dims }: Binding): Binding[] {
  const inputs = models.map((model) => new Set(['', ...model.inputs.map(({ name }) => name)]))
  const free = models.map((model) => new Set(freeDims(model)))
  const lost = (given: object, known: readonly ReadonlySet<string>[]) =>
    Object.keys(given).find((name) => !known.some((names) => names.has(name)))
  const [shape, dim] = [lost(shapes, inputs), lost(dims, free)]
  if (shape !== undefined || dim !== undefined) {
    const [what, name, known] =
      shape === undefined ? (['free dimension', dim ?? '', free] as const) : (['input', shape, inputs] as const)
    const names = [...new Set(known.flatMap((names) => [...names]))].filter(Boolean)
    const theirs = `Their ${what}s: ${names.join(', ')}`
    const hint = names.length === 0 ? 'All their input sizes are fixed.' : theirs
    throw new FlopgapError('bad-shape', `no model has the ${what} ${quote(name)}`, hint)
  }
  return models.map((_, index) => ({
    shapes: only(shapes, inputs[index]),
    dims: only(dims, free[index]),
  }))
}

const only = <T>(given: Readonly<Record<string, T>>, names: ReadonlySet<string> = new Set()): Record<string, T> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)))

/** The dimensions of an input as far as they are given; null for one that is no tensor. */
function boundDims({ name, type, isUnranked }: ValueInfo, binding: Binding): readonly Dim[] | null {
  const given = sizesOf(binding, name)
  if (type === null) {
    if (given === undefined) return null
    throw new FlopgapError('bad-shape', `input ${quote(name)} is not a tensor and has no shape`)
  }
  if (isUnranked) return given ?? [anyRank]
  const declared = type.dims.map((dim) => (typeof dim === 'string' ? sizeOf(binding, dim) : dim))
  return given === undefined ? declared : match(name, declared, given)
}

/** Stands for as many dimensions as there may be. */
const anyRank = '?…'

interface OpenInput {
  readonly name: string
  readonly dims: readonly Dim[]
}

/** The size of a free dimension, or its name still. */
const sizeOf = ({ dims }: Binding, name: string): Dim => (Object.hasOwn(dims, name) ? (dims[name] ?? name) : name)

const sizesOf = ({ shapes }: Binding, name: string) => (Object.hasOwn(shapes, name) ? shapes[name] : undefined)

/** A shape without a name is that of the only input. */
function named({ inputs }: Model, { shapes: { '': unnamed, ...shapes }, dims }: Binding): Binding {
  if (unnamed === undefined) return { shapes, dims }
  const [only, ...others] = inputs
  if (only !== undefined && others.length === 0) {
    if (!Object.hasOwn(shapes, only.name)) return { shapes: { ...shapes, [only.name]: unnamed }, dims }
    throw new FlopgapError('bad-shape', `the shape of input ${quote(only.name)} is given twice`, 'Give it once.')
  }
  throw new FlopgapError(
    'bad-shape',
    `shape ${unnamed.join(',')} names no input, and the model has ${inputs.length}`,
    `Write --shape NAME:${unnamed.join(',')} with one of: ${inputs.map(({ name }) => name).join(', ')}`,
  )
}

function checkNames(model: Model, binding: Binding): void {
  const inputs = model.inputs.map(({ name }) => name)
  for (const name of Object.keys(binding.shapes)) {
    if (inputs.includes(name)) continue
    throw new FlopgapError('bad-shape', `the model has no input ${quote(name)}`, `Its inputs: ${inputs.join(', ')}`)
  }
  const free = freeDims(model)
  for (const name of Object.keys(binding.dims)) {
    if (free.includes(name)) continue
    throw new FlopgapError(
      'bad-shape',
      `the model has no free dimension ${quote(name)}`,
      free.length === 0 ? 'All its input sizes are fixed.' : `Its free dimensions: ${free.join(', ')}`,
    )
  }
}

const isAnonymous = (dim: string) => dim.startsWith('?')

const freeDims = (model: Model): string[] => [...new Set(model.inputs.flatMap(({ type }) => namesIn(type?.dims ?? [])))]

const namesIn = (dims: readonly Dim[]): string[] =>
  dims.filter((dim): dim is string => typeof dim === 'string' && !isAnonymous(dim))

function match(name: string, declared: readonly Dim[], given: readonly number[]): readonly Dim[] {
  const fits =
    given.length === declared.length && declared.every((dim, axis) => typeof dim === 'string' || dim === given[axis])
  if (fits) return given
  throw new FlopgapError(
    'bad-shape',
    `shape ${given.join(',')} does not fit input ${describe(name, declared)}`,
    'Sizes that the model or --dim fixes cannot be changed; free ones can have any size.',
  )
}

function unbound(open: readonly [OpenInput, ...OpenInput[]]): FlopgapError {
  const [first] = open
  const named = new Set(open.flatMap(({ dims }) => namesIn(dims)))
  const example = first.dims.includes(anyRank)
    ? [1, 3, 224, 224]
    : first.dims.map((dim, axis) => (typeof dim === 'number' ? dim : axis === 0 ? 1 : 224))
  const byShape = `--shape ${first.name}:${example.join(',')}`
  const byName = named.size > 0 ? ` or ${[...named].map((dim) => `--dim ${dim}=N`).join(' ')}` : ''
  return new FlopgapError(
    'free-dimensions',
    `the model leaves sizes open: ${open.map(({ name, dims }) => describe(name, dims)).join('; ')}`,
    `Give them, e.g. ${byShape}${byName}`,
  )
}

const describe = (name: string, dims: readonly Dim[]): string =>
  `${name}: ${dims.map((dim) => (dim === anyRank ? '?,…' : typeof dim === 'string' && isAnonymous(dim) ? '?' : dim)).join(',')}`

const quote = (text: string) => JSON.stringify(text)
