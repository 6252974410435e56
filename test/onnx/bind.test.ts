import { expect, it } from 'vitest'
import { FlopgapError } from '../../src/errors.js'
import { type Binding, bindInputs, noBinding } from '../../src/onnx/bind.js'
import type { Dim, Model } from '../../src/types.js'

/** A model with these inputs and nothing else; '?0' is how a size without a name is loaded. */
const modelWith = (inputs: Record<string, readonly Dim[] | null>): Model => ({
  name: 'model.onnx',
  origin: { kind: 'file', path: 'model.onnx', byteLength: 0 },
  irVersion: 8,
  opsets: { '': 17 },
  inputs: Object.entries(inputs).map(([name, dims]) => ({
    name,
    type: dims === null ? null : { elementType: 'float32', dims },
  })),
  outputs: [],
  nodes: [],
  weights: new Map(),
  functions: new Map(),
  declared: new Map(),
})

const shapes = (model: Model, binding: Partial<Binding> = {}) =>
  Object.fromEntries([...bindInputs(model, { ...noBinding, ...binding })].map(([name, { dims }]) => [name, dims]))

function failure(model: Model, binding: Partial<Binding> = {}): FlopgapError {
  try {
    shapes(model, binding)
  } catch (error) {
    if (error instanceof FlopgapError) return error
    throw error
  }
  throw new Error('it was bound')
}

const image = modelWith({ images: ['batch', 3, 'height', 'width'] })
const anonymous = modelWith({ x: ['?0', 3, '?2', '?3'] })
const text = modelWith({ ids: ['batch', 'sequence'], mask: ['batch', 'sequence'] })
const fixed = modelWith({ input: [1, 3, 224, 224] })

it('leaves fixed shapes as they are', () => {
  expect(shapes(fixed)).toEqual({ input: [1, 3, 224, 224] })
  expect(shapes(modelWith({ scalar: [] }))).toEqual({ scalar: [] })
})

it('keeps the element type', () => {
  expect(bindInputs(image, { shapes: {}, dims: { batch: 1, height: 2, width: 3 } }).get('images')).toEqual({
    elementType: 'float32',
    dims: [1, 3, 2, 3],
  })
})

it('gives a free dimension its size in every input', () => {
  expect(shapes(text, { dims: { batch: 2, sequence: 128 } })).toEqual({ ids: [2, 128], mask: [2, 128] })
})

it('takes a whole shape by the name of its input', () => {
  expect(shapes(image, { shapes: { images: [1, 3, 640, 480] } })).toEqual({ images: [1, 3, 640, 480] })
  expect(shapes(anonymous, { shapes: { x: [4, 3, 32, 32] } })).toEqual({ x: [4, 3, 32, 32] })
})

it('takes a shape without a name for the only input', () => {
  expect(shapes(anonymous, { shapes: { '': [1, 3, 8, 9] } })).toEqual({ x: [1, 3, 8, 9] })
})

it('asks for a name where a shape could be that of two inputs', () => {
  const error = failure(text, { shapes: { '': [1, 128] } })
  expect(error.code).toBe('bad-shape')
  expect(error.message).toBe('shape 1,128 names no input, and the model has 2')
  expect(error.hint).toBe('Write --shape NAME:1,128 with one of: ids, mask')
})

it('refuses two shapes for one input, one of them without its name', () => {
  const error = failure(anonymous, { shapes: { '': [1, 3, 8, 8], x: [1, 3, 9, 9] } })
  expect(error.code).toBe('bad-shape')
  expect(error.message).toContain('"x" is given twice')
})

it('takes shapes and dimensions together', () => {
  expect(shapes(text, { shapes: { ids: [1, 64] }, dims: { batch: 1, sequence: 64 } })).toEqual({
    ids: [1, 64],
    mask: [1, 64],
  })
})

it.each([
  ['a size that the model fixes', image, { shapes: { images: [1, 4, 8, 8] } }, 'images: batch,3,height,width'],
  ['too few sizes', image, { shapes: { images: [3, 8, 8] } }, 'images: batch,3,height,width'],
  ['too many sizes', fixed, { shapes: { '': [1, 1, 3, 224, 224] } }, 'input: 1,3,224,224'],
  [
    'a size that --dim fixes',
    image,
    { shapes: { images: [2, 3, 8, 8] }, dims: { batch: 1 } },
    'images: 1,3,height,width',
  ],
  ['a size of an unnamed axis only', anonymous, { shapes: { x: [1, 1, 8, 8] } }, 'x: ?,3,?,?'],
])('refuses a shape that contradicts %s', (_, model, binding, declared) => {
  const error = failure(model, binding)
  expect(error.code).toBe('bad-shape')
  expect(error.message).toContain(declared)
  expect(error.hint).not.toBeNull()
})

it('refuses a shape for an input that the model lacks, and lists those it has', () => {
  const error = failure(text, { shapes: { tokens: [1, 2] } })
  expect(error.code).toBe('bad-shape')
  expect(error.message).toBe('the model has no input "tokens"')
  expect(error.hint).toBe('Its inputs: ids, mask')
})

it('refuses a dimension that the model lacks, and lists those it has', () => {
  const error = failure(image, { dims: { N: 1 } })
  expect(error.code).toBe('bad-shape')
  expect(error.message).toBe('the model has no free dimension "N"')
  expect(error.hint).toBe('Its free dimensions: batch, height, width')
  expect(failure(fixed, { dims: { N: 1 } }).hint).toBe('All its input sizes are fixed.')
  // what was left out has no name to give
  expect(failure(anonymous, { dims: { '?0': 1 } }).code).toBe('bad-shape')
})

it('names every dimension that is still open, and how to give it', () => {
  const error = failure(image, { dims: { batch: 4 } })
  expect(error.code).toBe('free-dimensions')
  expect(error.message).toBe('the model leaves sizes open: images: 4,3,height,width')
  expect(error.hint).toBe('Give them, e.g. --shape images:4,3,224,224 or --dim height=N --dim width=N')
})

it('suggests only dimensions that are open, whatever the inputs are called', () => {
  const model = modelWith({ seq_ids: ['seq', 'n'], bias: ['n'] })
  const error = failure(model, { dims: { seq: 3 } })
  expect(error.message).toBe('the model leaves sizes open: seq_ids: 3,n; bias: n')
  expect(error.hint).toBe('Give them, e.g. --shape seq_ids:3,224 or --dim n=N')
})

it('suggests a shape alone where the open sizes have no names', () => {
  const error = failure(anonymous)
  expect(error.message).toBe('the model leaves sizes open: x: ?,3,?,?')
  expect(error.hint).toBe('Give them, e.g. --shape x:1,3,224,224')
})

it('leaves an input open that is no tensor, and refuses a shape for it', () => {
  expect(shapes(modelWith({ list: null, x: [1, 2] }))).toEqual({ x: [1, 2] })
  const error = failure(modelWith({ list: null }), { shapes: { list: [1] } })
  expect(error.code).toBe('bad-shape')
  expect(error.message).toContain('"list" is not a tensor')
})

it('asks for a shape that the file does not state at all, and takes any', () => {
  const model = modelWith({ x: [] })
  const unranked = { ...model, inputs: model.inputs.map((input) => ({ ...input, isUnranked: true as const })) }
  expect(failure(unranked)).toMatchObject({ code: 'free-dimensions', hint: 'Give them, e.g. --shape x:1,3,224,224' })
  expect(failure(unranked).message).toContain('x: ?,…')
  expect(shapes(unranked, { shapes: { x: [4, 5, 6] } })).toEqual({ x: [4, 5, 6] })
})

it('takes names that every object has for names like any other', () => {
  const model = modelWith({ constructor: ['toString'], hasOwnProperty: ['valueOf', 2] })
  expect(failure(model).code).toBe('free-dimensions')
  expect(failure(model).hint).toContain('--dim toString=N --dim valueOf=N')
  expect(shapes(model, { dims: { toString: 3, valueOf: 4 } as Record<string, number> })).toEqual({
    constructor: [3],
    hasOwnProperty: [4, 2],
  })
})
