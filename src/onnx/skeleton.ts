import { FlopgapError } from '../errors.js'
import { elementTypeName, isFloating } from './element-types.js'
import { type Field, notOnnx, WireReader } from './fields.js'
import type { FileWindow } from './file-window.js'
import { bytesField, integerField, lengthPrefix, textField, toBuffer } from './wire.js'

/**
 * A model without its weights' values.
 *
 * `bytes` is an ONNX model in which every large tensor has a number for its values; `elided` says, by that number, where
 * in the original file they lie (null where they are not one run of little-endian elements).
 */
export interface Skeleton {
  readonly bytes: Uint8Array
  readonly elided: readonly (ByteRange | null)[]
}

export interface ByteRange {
  readonly offset: number
  readonly byteLength: number
}

/** Tensors up to these sizes stay inside: scalars and scales, and the integers that carry shapes and indices. */
const inlineFloatBytes = 80
const inlineIntegerBytes = 64 * 1024

/**
 * Which fields of which message lead to a weight, by field number in onnx.proto: initializers and the values of Constant
 * nodes, in the graph and in its subgraphs. Other tensors (an operator's table, a function's constant) are needed whole.
 */
type Message = 'Model' | 'Graph' | 'Node' | 'Constant' | 'Attribute' | 'Value' | 'SparseTensor' | 'Tensor'
const children: Record<Exclude<Message, 'Tensor'>, Readonly<Record<number, Message>>> = {
  Model: { 7: 'Graph' },
  Graph: { 1: 'Node', 5: 'Tensor', 15: 'SparseTensor' },
  Node: { 5: 'Attribute' },
  Constant: { 5: 'Value' },
  Attribute: { 6: 'Graph', 11: 'Graph' },
  Value: { 5: 'Tensor' },
  SparseTensor: { 1: 'Tensor', 2: 'Tensor' },
}

const nodeOpType = 4

const tensorDataType = 2
/** float_data, int32_data, string_data, int64_data, raw_data, double_data, uint64_data. */
const tensorValueFields = new Set([4, 5, 6, 7, 9, 10, 11])
/** float_data, raw_data, double_data. */
const littleEndianFields = new Set([4, 9, 10])
/** ModelProto's own fields end at 26; a file with others is something else. */
const highestModelField = 40
/** Messages within messages, as protobuf's own parsers limit them. */
const deepest = 100
/** Far above any network's structure; a file that has more is made to fill memory. */
const mostBytes = 512 * 1024 * 1024

/** Key of the `external_data` entry that numbers an elided tensor. */
export const elidedKey = 'elided'

/** What an elided tensor has instead of values: `data_location: EXTERNAL` and its number among the elided. */
const elidedMarker = (index: number): Uint8Array =>
  toBuffer(integerField(14, 1) + bytesField(13, textField(1, elidedKey) + textField(2, String(index))))

/** True for a tensor whose values stay in the skeleton: scalars and scales, and integers that carry shapes. */
const staysInline = (elementType: string, valueBytes: number): boolean =>
  valueBytes <= (isFloating(elementType) ? inlineFloatBytes : inlineIntegerBytes)

/**
 * Reads the structure of an ONNX file of `size` bytes and skips the weights.
 *
 * Time and memory follow the structure, not the weights: of a large tensor no more is read than the file window holds.
 * @throws FlopgapError `not-onnx` or `truncated-model`
 */
export function readSkeleton(file: FileWindow, size: number): Skeleton {
  const reader = new SkeletonReader(file, size)
  return { bytes: Buffer.concat(reader.model(size)), elided: reader.elided }
}

class SkeletonReader {
  readonly elided: (ByteRange | null)[] = []
  readonly #file: FileWindow
  readonly #wire: WireReader
  #copiedBytes = 0

  constructor(file: FileWindow, size: number) {
    this.#file = file
    this.#wire = new WireReader(file, size)
  }

  model(size: number): Uint8Array[] {
    for (const field of this.#wire.fields(0, size)) if (field.number > highestModelField) throw notOnnx(field.start)
    return this.#message('Model', 0, size, 0) ?? [this.#copy(0, size)]
  }

  /** The message without its large tensors' values, or null where it has none. */
  #message(kind: keyof typeof children, start: number, end: number, depth: number): Uint8Array[] | null {
    if (depth > deepest) throw notOnnx(start)
    const parts: Uint8Array[] = []
    let copied = start
    for (const field of this.#wire.fields(start, end)) {
      const inner = this.#field(children[kind][field.number], field, depth + 1)
      if (inner === null) continue
      const length = inner.reduce((sum, part) => sum + part.length, 0)
      parts.push(this.#copy(copied, field.start), toBuffer(lengthPrefix(field.number, length)))
      for (const part of inner) parts.push(part)
      copied = field.end
    }
    if (parts.length === 0) return null
    parts.push(this.#copy(copied, end))
    return parts
  }

  #field(kind: Message | undefined, { wireType, payload, end }: Field, depth: number): Uint8Array[] | null {
    if (kind === undefined || wireType !== 2) return null
    if (kind === 'Tensor') return this.#tensor(payload, end)
    return this.#message(kind === 'Node' && this.#isConstant(payload, end) ? 'Constant' : kind, payload, end, depth)
  }

  #isConstant(start: number, end: number): boolean {
    for (const { number, payload, end: stop } of this.#wire.fields(start, end)) {
      if (number === nodeOpType) return stop - payload < 16 && this.#text(payload, stop) === 'Constant'
    }
    return false
  }

  #text(start: number, end: number): string {
    return Buffer.from(this.#file.copy(start, end)).toString('latin1')
  }

  #copy(start: number, end: number): Uint8Array {
    this.#copiedBytes += end - start
    if (this.#copiedBytes > mostBytes) throw tooLarge()
    return this.#file.copy(start, end)
  }

  /** The tensor without its values, or null where it is small enough to stay as it is. */
  #tensor(start: number, end: number): Uint8Array[] | null {
    const fields = [...this.#wire.fields(start, end)]
    const typeField = fields.find((field) => field.number === tensorDataType)
    const type = elementTypeName(typeField === undefined ? 0 : this.#wire.varint(typeField.payload).value)
    const values = fields.filter((field) => tensorValueFields.has(field.number))
    const valueBytes = values.reduce((sum, field) => sum + field.end - field.start, 0)
    if (staysInline(type, valueBytes)) return null
    const marker = elidedMarker(this.elided.push(asRun(values)) - 1)
    const kept = fields.filter((field) => !tensorValueFields.has(field.number))
    return [marker, ...kept.map((field) => this.#copy(field.start, field.end))]
  }
}

/** Where the values lie, if they are one run of little-endian elements. */
function asRun(values: readonly Field[]): ByteRange | null {
  const [only] = values
  const isRun = values.length === 1 && only?.wireType === 2 && littleEndianFields.has(only.number)
  return isRun ? { offset: only.payload, byteLength: only.end - only.payload } : null
}

const tooLarge = () =>
  new FlopgapError(
    'not-onnx',
    `not a network: its structure, without the weights, takes more than ${mostBytes / 1024 ** 2} MiB`,
  )
