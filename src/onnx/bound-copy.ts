import { closeSync, fstatSync, openSync } from 'node:fs'
import { type Field, fieldsNumbered, fieldsOf, WireReader } from './fields.js'
import { FileWindow } from './file-window.js'
import { type Bytes, bytesField, integerField, lengthPrefix, rawBytes, toBuffer } from './wire.js'

type Sizes = readonly number[]

/** Bytes from `start` to `end` of the original file. */
type Range = Pick<Field, 'start' | 'end'>
type Piece = Range | Uint8Array

// field numbers are those of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const modelGraph = 7
const graphInput = 11
const valueName = 1
const valueType = 2
const typeTensor = 1
const tensorShape = 2
const shapeDim = 1
const dimValue = 1
const dimParam = 2

/**
 * An ONNX file with the shapes of its graph's inputs replaced, in pieces. All other bytes are the file's own: weights, and
 * what is newer than onnx-proto. Of outputs and of tensors inside, onnxruntime puts the sizes that it infers in the place
 * of names.
 *
 * @param shapes by the input's name; inputs without one stay as they are
 * @throws FlopgapError `not-onnx` or `truncated-model`
 */
export function* boundCopy(path: string, shapes: ReadonlyMap<string, Sizes>): Generator<Uint8Array> {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const file = new FileWindow(fd, size)
    for (const piece of boundModel(file, size, shapes)) yield* bytesOf(file, piece)
  } finally {
    closeSync(fd)
  }
}

function boundModel(file: FileWindow, size: number, shapes: ReadonlyMap<string, Sizes>): Piece[] {
  const wire = new WireReader(file, size)
  const bound = ({ payload, end }: Field): Piece[] | null => {
    const input = file.copy(payload, end)
    const sizes = shapes.get(nameOf(input))
    return sizes === undefined ? null : [toBuffer(withShape(sizes)(input))]
  }
  const graph = ({ payload, end }: Field) => spliced(wire, { start: payload, end }, graphInput, bound)
  return spliced(wire, { start: 0, end: size }, modelGraph, graph)
}

/** A message in which `change` gives fields of one number, messages themselves, other contents; null leaves one as it is. */
function spliced(wire: WireReader, { start, end }: Range, number: number, change: (field: Field) => Piece[] | null) {
  const pieces: Piece[] = []
  let copied = start
  for (const field of wire.fields(start, end)) {
    const inner = field.number === number && field.wireType === 2 ? change(field) : null
    if (inner === null) continue
    pieces.push({ start: copied, end: field.start }, toBuffer(lengthPrefix(number, lengthOf(inner))))
    for (const piece of inner) pieces.push(piece)
    copied = field.end
  }
  pieces.push({ start: copied, end })
  return pieces
}

const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + ('end' in piece ? piece.end - piece.start : piece.length), 0)

const copiedAtOnce = 1024 * 1024

function* bytesOf(file: FileWindow, piece: Piece): Generator<Uint8Array> {
  if (!('end' in piece)) yield piece
  else {
    for (let at = piece.start; at < piece.end; at += copiedAtOnce) {
      yield file.copy(at, Math.min(piece.end, at + copiedAtOnce))
    }
  }
}

const nameOf = (value: Uint8Array): string =>
  Buffer.from(fieldsNumbered(valueName, value).at(-1) ?? []).toString('utf8')

/** A ValueInfoProto of the same tensor type with these sizes. */
const withShape = (sizes: Sizes) =>
  changed(
    valueType,
    changed(
      typeTensor,
      changed(tensorShape, (shape) => boundDims(shape, sizes)),
    ),
  )

/** A message whose field of this number is changed, or made; one that stands several times is one, as protobuf merges it. */
const changed =
  (number: number, change: (inner: Uint8Array) => Bytes) =>
  (message: Uint8Array): Bytes =>
    without([number], message) + bytesField(number, change(Buffer.concat(fieldsNumbered(number, message))))

/** Dimensions keep what they say of themselves besides their size. */
function boundDims(shape: Uint8Array, sizes: Sizes): Bytes {
  const dims = fieldsNumbered(shapeDim, shape)
  const bound = (size: number, axis: number) =>
    integerField(dimValue, size) + without([dimValue, dimParam], dims[axis] ?? new Uint8Array())
  return sizes.map((size, axis) => bytesField(shapeDim, bound(size, axis))).join('')
}

/** A message less its fields of some numbers. */
const without = (numbers: readonly number[], message: Uint8Array): Bytes =>
  fieldsOf(message)
    .filter(({ number }) => !numbers.includes(number))
    .map(({ start, end }) => rawBytes(message.subarray(start, end)))
    .join('')
