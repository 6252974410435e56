import type { GraphEdit } from '../types.js'
import { type Field, WireReader } from './fields.js'
import type { FileWindow } from './file-window.js'
import { framed, type Piece, spliced, splicedFile, without } from './splice.js'
import { integerField, integersField, lengthPrefix, textField, toBuffer } from './wire.js'

// field numbers are those of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const modelGraph = 7
const graphNode = 1
const graphInitializer = 5
const graphInput = 11
const graphOutput = 12
const graphValueInfo = 13
const [nodeInput, nodeOutput] = [1, 2]
const valueName = 1
const [tensorDims, tensorType, tensorName, tensorRaw] = [1, 2, 8, 9]
const float32 = 1

/** A new float32 weight. */
interface NewWeight {
  readonly name: string
  readonly dims: readonly number[]
  readonly values: Float32Array
}

/** What an edit comes to in the file. */
export interface FileEdit extends Pick<GraphEdit, 'inputs' | 'outputs'> {
  readonly removedNodes: ReadonlySet<number>
  readonly removedWeights: ReadonlySet<string>
  readonly removedInputs: ReadonlySet<string>
  /** Tensors that there are no longer, whose declared types go too. */
  readonly removedTensors: ReadonlySet<string>
  readonly added: readonly NewWeight[]
  /** Tensors inside that are outputs too. */
  readonly exposed: readonly string[]
}

/**
 * An ONNX file with some nodes and weights changed, in pieces. All other bytes are the file's own: other weights, and what is
 * newer than onnx-proto.
 *
 * @throws FlopgapError `not-onnx` or `truncated-model`
 */
export const editedCopy = (path: string, edit: FileEdit): Generator<Uint8Array> =>
  splicedFile(path, (file, size) => editedModel(file, size, edit))

function editedModel(file: FileWindow, size: number, edit: FileEdit): Piece[] {
  const wire = new WireReader(file, size)
  const change = graphChange(file, edit)
  // one that stands several times is one graph, as protobuf merges it
  let added = [...edit.added.flatMap(initializer), ...edit.exposed.flatMap(output)]
  return spliced(wire, { start: 0, end: size }, ({ number, payload, end }) => {
    if (number !== modelGraph) return null
    const pieces = [...spliced(wire, { start: payload, end }, change), ...added]
    added = []
    return pieces
  })
}

/** What becomes of a field of the graph. */
function graphChange(file: FileWindow, edit: FileEdit) {
  let nodes = 0
  const named = (field: Field, nameField: number, gone: ReadonlySet<string>) =>
    gone.size > 0 && gone.has(nameIn(file, field, nameField)) ? 'gone' : null
  return (field: Field): readonly Piece[] | 'gone' | null => {
    switch (field.number) {
      case graphNode:
        return nodeChange(file, field, nodes++, edit)
      case graphInitializer:
        return named(field, tensorName, edit.removedWeights)
      case graphInput:
        return named(field, valueName, edit.removedInputs)
      case graphValueInfo:
        return named(field, valueName, edit.removedTensors)
      default:
        return null
    }
  }
}

function nodeChange(file: FileWindow, { payload, end }: Field, index: number, edit: FileEdit) {
  if (edit.removedNodes.has(index)) return 'gone'
  const [inputs, outputs] = [edit.inputs.get(index), edit.outputs.get(index)]
  if (inputs === undefined && outputs === undefined) return null
  const node = file.copy(payload, end)
  const changed = [...(inputs === undefined ? [] : [nodeInput]), ...(outputs === undefined ? [] : [nodeOutput])]
  const names = (number: number, all: readonly string[] = []) => all.map((name) => textField(number, name)).join('')
  return [toBuffer(names(nodeInput, inputs) + names(nodeOutput, outputs) + without(changed, node))]
}

/** The name in a message of the graph, without reading all of a large one. */
function nameIn(file: FileWindow, { payload, end }: Field, nameField: number): string {
  const wire = new WireReader(file, end)
  let name = ''
  for (const field of wire.fields(payload, end)) {
    if (field.number === nameField && field.wireType === 2) name = textOf(file.copy(field.payload, field.end))
  }
  return name
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

function initializer({ name, dims, values }: NewWeight): Piece[] {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const head = integersField(tensorDims, dims) + integerField(tensorType, float32) + textField(tensorName, name)
  return framed(graphInitializer, [toBuffer(head + lengthPrefix(tensorRaw, bytes.length)), bytes])
}

/** By its name alone: onnxruntime infers the type. */
const output = (name: string): Piece[] => framed(graphOutput, [toBuffer(textField(valueName, name))])

/** An edit that changes nothing. */
export const noFileEdit: FileEdit = {
  removedNodes: new Set(),
  inputs: new Map(),
  outputs: new Map(),
  removedWeights: new Set(),
  removedInputs: new Set(),
  removedTensors: new Set(),
  added: [],
  exposed: [],
}
