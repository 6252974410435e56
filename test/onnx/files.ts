import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import onnxProto from 'onnx-proto'
import { afterAll } from 'vitest'

export const { onnx } = onnxProto
export type { onnx as Onnx } from 'onnx-proto'

type Onnx = typeof onnx
type Graph = Parameters<Onnx['GraphProto']['encode']>[0]
type Tensor = Parameters<Onnx['TensorProto']['encode']>[0]
type Node = Parameters<Onnx['NodeProto']['encode']>[0]
type Value = Parameters<Onnx['ValueInfoProto']['encode']>[0]

/** A folder that is gone after the tests of the file that asks for it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'test-onnx-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes a file, folders on its way included, and returns its path. */
export function put(folder: string, name: string, ...pieces: readonly (Uint8Array | string)[]): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, Buffer.concat(pieces.map((piece) => Buffer.from(piece))))
  return path
}

/** The bytes of a model with this graph. */
export const modelBytes = (graph: Graph, { opset = 17, irVersion = 8 } = {}): Uint8Array =>
  onnx.ModelProto.encode({
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    graph: { name: 'graph', ...graph },
  }).finish()

/** A float tensor's declaration; a text is a free dimension, null an anonymous one. */
export const value = (name: string, dims: readonly (number | string | null)[], elemType = 1): Value => ({
  name,
  type: {
    tensorType: {
      elemType,
      shape: {
        dim: dims.map((dim) => (dim === null ? {} : typeof dim === 'string' ? { dimParam: dim } : { dimValue: dim })),
      },
    },
  },
})

export const constantNode = (output: string, tensor: Tensor): Node => ({
  opType: 'Constant',
  output: [output],
  attribute: [{ name: 'value', type: onnx.AttributeProto.AttributeType.TENSOR, t: tensor }],
})

/** `count` floats that differ from each other: start, start + 1, … */
export const counting = (count: number, start = 0): number[] => Array.from({ length: count }, (_, i) => start + i)

export const float32Bytes = (values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer)

/** Tag and length of a field that holds `length` bytes, by protobuf's own rules. */
export const fieldHeader = (number: number, length: number): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(length)])

function varint(number: number): Buffer {
  const bytes: number[] = []
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) + 128)
  }
}
