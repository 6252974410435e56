import { type Field, fieldsNumbered, WireReader } from './fields.js'
import type { FileWindow } from './file-window.js'
import { type Piece, spliced, splicedFile, without } from './splice.js'
import { type Bytes, bytesField, integerField, toBuffer } from './wire.js'

type Sizes = readonly number[]

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
export const boundCopy = (path: string, shapes: ReadonlyMap<string, Sizes>): Generator<Uint8Array> =>
  splicedFile(path, (file, size) => boundModel(file, size, shapes))

function boundModel(file: FileWindow, size: number, shapes: ReadonlyMap<string, Sizes>): Piece[] {
  const wire = new WireReader(file, size)
  const bound = ({ payload, end }: Field): Piece[] | null => {
    const input = file.copy(payload, end)
    const sizes = shapes.get(nameOf(input))
    return sizes === undefined ? null : [toBuffer(withShape(sizes)(input))]
  }
  const graph = ({ payload, end }: Field) =>
    spliced(wire, { start: payload, end }, (field) => (field.number === graphInput ? bound(field) : null))
  return spliced(wire, { start: 0, end: size }, (field) => (field.number === modelGraph ? graph(field) : null))
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
