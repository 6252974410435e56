import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FlopgapError } from '../../src/errors.js'
import { load } from '../../src/onnx/load.js'
import {
  constantNode,
  counting,
  fieldHeader,
  float32Bytes,
  modelBytes,
  onnx,
  put,
  temporaryFolder,
  value,
} from './files.js'

const folder = temporaryFolder()
const { DataType } = onnx.TensorProto

function failure(path: string): FlopgapError {
  try {
    load(path)
  } catch (error) {
    if (error instanceof FlopgapError) return error
    throw error
  }
  throw new Error(`${path} was loaded`)
}

/** Whatever the bytes are: a model, or an error that a person can act on. */
function outcome(bytes: Uint8Array): 'model' | FlopgapError['code'] {
  const path = put(folder, 'any.onnx', bytes)
  try {
    load(path)
    return 'model'
  } catch (error) {
    if (error instanceof FlopgapError) return error.code
    throw error
  }
}

const weight = (count: number) => ({ dims: [count], dataType: DataType.FLOAT, rawData: float32Bytes(counting(count)) })
const branch = { name: 'b', node: [constantNode('c', weight(30))], output: [value('c', [30])] }

/** A bit of everything: inline and elided weights, a subgraph, text, opsets. */
const whole = modelBytes({
  input: [value('x', ['batch', 4])],
  output: [value('y', ['batch', 30])],
  initializer: [
    { name: 'w', ...weight(120) },
    { name: 's', dims: [1], dataType: DataType.INT64, int64Data: [-1] },
  ],
  node: [
    constantNode('k', weight(40)),
    {
      name: 'branch',
      opType: 'If',
      input: ['x'],
      output: ['y'],
      attribute: [
        { name: 'then_branch', type: onnx.AttributeProto.AttributeType.GRAPH, g: branch },
        { name: 'axis', type: onnx.AttributeProto.AttributeType.INT, i: -1 },
      ],
    },
  ],
  docString: 'written by a test',
})

const lfsPointer = `version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 14213560
`

it.each([
  ['empty', ''],
  ['text', 'This is not the model you are looking for.\n'],
  ['JSON', '{"format": "onnx", "graph": []}'],
  ['HTML, as a failed download leaves it', '<!DOCTYPE html><html><body>404</body></html>'],
  ['a PNG image', Buffer.from('89504e470d0a1a0a0000000d49484452000000100000001008060000001ff3ff61', 'hex')],
  ['a ZIP archive, as PyTorch saves', Buffer.from('504b0304000008080000000000000000000000000000000000001000', 'hex')],
  ['a zero byte', Buffer.of(0)],
  ['zeros', Buffer.alloc(1000)],
  ['a model without a graph', onnx.ModelProto.encode({ irVersion: 8, producerName: 'nobody' }).finish()],
  ['a model with an empty graph', modelBytes({ name: '' })],
])('says that a file is not ONNX: %s', (_, content) => {
  const path = put(folder, 'bad.onnx', content)
  const error = failure(path)
  expect(['not-onnx', 'truncated-model']).toContain(error.code)
  expect(error.message.startsWith(`${path}: `)).toBe(true)
  expect(error.message).toMatch(/not an ONNX model|cut short/)
  expect(error.hint).not.toBeNull()
})

it('recognises a Git LFS pointer and says how to get the model', () => {
  const path = put(folder, 'pointer.onnx', lfsPointer)
  const error = failure(path)
  expect(error.code).toBe('not-onnx')
  expect(error.message).toContain(`${path}: not an ONNX model but a Git LFS pointer`)
  expect(error.hint).toContain('git lfs pull')
})

it('names the file in the message even where the message could contain its name', () => {
  const path = put(folder, 'model', 'text')
  expect(failure(path).message.startsWith(`${path}: `)).toBe(true)
  const here = process.cwd()
  process.chdir(folder)
  try {
    expect(failure('model').message.startsWith('model: ')).toBe(true)
  } finally {
    process.chdir(here)
  }
})

it('says that a file is missing, also in a folder that is none', () => {
  const path = put(folder, 'file.txt', '')
  for (const missing of [join(folder, 'nowhere.onnx'), join(folder, 'no', 'where.onnx'), join(path, 'model.onnx')]) {
    const error = failure(missing)
    expect(error.code).toBe('no-such-file')
    expect(error.message).toContain(missing)
    expect(error.hint).not.toBeNull()
  }
})

it('says that a folder is not a file', () => {
  const path = join(folder, 'folder.onnx')
  mkdirSync(path)
  const error = failure(path)
  expect(error.code).toBe('not-a-file')
  expect(error.message).toBe(`${path}: not a file`)
  expect(error.hint).not.toBeNull()
})

it('says that a file may not be read', () => {
  const path = put(folder, 'secret.onnx', whole)
  chmodSync(path, 0)
  const error = asSomeoneElse(() => failure(path))
  expect(error.code).toBe('not-a-file')
  expect(error.message).toBe(`cannot read ${path}: permission denied`)
  expect(error.hint).not.toBeNull()
})

/** Root may read everything. */
function asSomeoneElse<T>(use: () => T): T {
  const isRoot = process.geteuid?.() === 0
  const nobody = 65534
  if (isRoot) process.seteuid?.(nobody)
  try {
    return use()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

it('loads the whole of what is cut up below', () => {
  expect(outcome(whole)).toBe('model')
})

it('says that a model is cut short, wherever that is inside its graph', () => {
  const opset = onnx.OperatorSetIdProto.encode({ domain: '', version: 17 }).finish()
  const afterGraph = fieldHeader(8, opset.length).length + opset.length
  const header = fieldHeader(1, 0).length + 1
  const graphEnd = whole.length - afterGraph
  const outcomes = new Map<string, number>()
  for (let length = header + 1; length < graphEnd; length++) {
    const path = put(folder, 'cut.onnx', whole.subarray(0, length))
    const error = failure(path)
    expect(error.code, `${length} of ${whole.length} bytes`).toBe('truncated-model')
    expect(error.message).toContain(`it has ${length} bytes`)
    outcomes.set(error.hint ?? '', length)
  }
  expect([...outcomes.keys()]).toEqual(['Copy or download it again.'])
})

it('says so as well where a whole file is a few bytes larger than what is there', () => {
  const path = put(folder, 'cut.onnx', whole.subarray(0, whole.length - 1))
  expect(failure(path).code).toBe('truncated-model')
})

it('meets any bytes with a model or an error that a person can act on', () => {
  const outcomes = new Set<string>()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      outcomes.add(outcome(bytes))
    }),
    { numRuns: 2000 },
  )
  expect(outcomes.has('not-onnx')).toBe(true)
})

it('meets a damaged model with a model or an error that a person can act on', () => {
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
  const outcomes = new Set<string>()
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(whole)
      for (const [at, byte] of changes) bytes[at] = byte
      outcomes.add(outcome(bytes))
    }),
    { numRuns: 3000 },
  )
  // the damage reaches values, where it does not show, and structure, where it does
  expect(outcomes.has('model')).toBe(true)
  expect(outcomes.has('not-onnx')).toBe(true)
})

/** Messages within messages with the field numbers and wire types that ONNX uses, and lengths that fit. */
const { message } = fc.letrec<{ message: Uint8Array }>((tie) => ({
  message: fc
    .array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.tuple(fc.nat(26), fc.nat(127)).map(([number, n]) => Buffer.of(0x80 | ((number * 8) % 128), number >> 4, n)),
        fc
          .tuple(fc.nat(26), fc.uint8Array({ maxLength: 100 }))
          .map(([number, bytes]) => Buffer.concat([fieldHeader(number, bytes.length), bytes])),
        fc
          .tuple(fc.constantFrom(1, 5, 6, 7, 10, 11, 15, 22), tie('message'))
          .map(([number, bytes]) => Buffer.concat([fieldHeader(number, bytes.length), bytes])),
      ),
      { maxLength: 6 },
    )
    .map((fields) => Buffer.concat(fields)),
}))

it('meets any well-formed message with a model or an error that a person can act on', () => {
  const outcomes = new Set<string>()
  fc.assert(
    fc.property(message, message, (graph, rest) => {
      outcomes.add(outcome(Buffer.concat([fieldHeader(7, graph.length), graph, rest])))
    }),
    { numRuns: 3000 },
  )
  expect(outcomes.has('not-onnx')).toBe(true)
})

it('refuses graphs nested deeper than any parser of ONNX goes, without running out of stack', () => {
  let graph: Buffer = Buffer.from(onnx.GraphProto.encode({ node: [constantNode('c', weight(30))] }).finish())
  for (let depth = 0; depth < 20_000; depth++) {
    // Graph.node, Node.attribute, Attribute.g
    for (const field of [6, 5, 1]) graph = Buffer.concat([fieldHeader(field, graph.length), graph])
  }
  const bytes = Buffer.concat([fieldHeader(7, graph.length), graph])
  expect(outcome(bytes)).toBe('not-onnx')
})
