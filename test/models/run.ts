import { join } from 'node:path'
import { Network, type Value } from '../../src/models/builder.js'
import { generate } from '../../src/models/values.js'
import { writeModel } from '../../src/models/write.js'
import { elements } from '../../src/onnx/element-types.js'
import { makeFeeds } from '../../src/runtime/feeds.js'
import { onnxruntime } from '../../src/runtime/ort.js'
import { withScratchFolder } from '../../src/runtime/scratch.js'
import type { Model } from '../../src/types.js'

export type Values = Float32Array

/** A network of a few layers on an input of 1 x channels x size x size. */
export function micro(channels: number, size: number, write: (net: Network, x: Value) => Value): Model {
  const net = new Network()
  const y = write(net, net.input(1, channels, size, size))
  return net.finish('micro', 'micro', [y])
}

/** Evenly drawn values of unit variance for a model's input, the same every time. */
export function inputOf(model: Model): Values {
  const inputs = model.inputs.map(({ name, type }) => ({
    name,
    elementType: 'float32',
    dims: (type?.dims ?? []) as readonly number[],
  }))
  return makeFeeds(inputs)[inputs[0]?.name ?? '']?.data as Values
}

/** Runs a model, from its file, in onnxruntime; its outputs in order. */
export const run = (
  model: Model,
  input: Values,
  { level = 'all', seed = 0 }: { level?: 'all' | 'disabled'; seed?: number } = {},
): Promise<Values[]> =>
  withScratchFolder(async (folder) => {
    const path = join(folder, 'model.onnx')
    await writeModel(model, seed, path)
    const { InferenceSession, Tensor } = onnxruntime()
    const session = await InferenceSession.create(path, { graphOptimizationLevel: level, logSeverityLevel: 3 })
    const [{ name, type } = { name: '', type: null }] = model.inputs
    const results = await session.run({ [name]: new Tensor('float32', input, (type?.dims ?? []) as number[]) })
    const outputs = session.outputNames.map((output) => results[output]?.data as Values)
    await session.release()
    return outputs
  })

/** The first output of a model. */
export async function outputOf(model: Model, input: Values, options?: Parameters<typeof run>[2]): Promise<Values> {
  const [output] = await run(model, input, options)
  if (output === undefined) throw new Error('the model has no output')
  return output
}

/** The values of a weight, as seed 0 makes them. */
export function weightOf(model: Model, name: string): Values {
  const weight = model.weights.get(name)
  if (weight === undefined) throw new Error(`no weight ${name} among ${[...model.weights.keys()].join(', ')}`)
  return new Float32Array(new Uint8Array(Buffer.concat([...generate(weight, 0)])).buffer)
}

/** The same model with other values in some of its weights. */
export function withWeights(model: Model, values: Readonly<Record<string, ArrayLike<number>>>): Model {
  const weights = new Map(model.weights)
  for (const [name, numbers] of Object.entries(values)) {
    const weight = weights.get(name)
    if (weight === undefined) throw new Error(`no weight ${name}`)
    if (numbers.length !== elements(weight.dims))
      throw new Error(`${numbers.length} values for ${name} [${weight.dims}]`)
    const bytes = new Uint8Array(Float32Array.from(numbers).buffer)
    weights.set(name, { ...weight, data: { kind: 'inline', bytes } })
  }
  return { ...model, weights }
}

/** The whole numbers of an inline int64 constant. */
export function integersOf(model: Model, name: string): number[] {
  const data = model.weights.get(name)?.data
  if (data?.kind !== 'inline') throw new Error(`no inline constant ${name}`)
  return Array.from(new BigInt64Array(data.bytes.slice().buffer), Number)
}

/** The largest difference between two tensors, relative to the root mean square of the second. */
export function difference(actual: Values, expected: Values): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} elements for ${expected.length}`)
  const scale = Math.sqrt(expected.reduce((sum, value) => sum + value ** 2, 0) / expected.length)
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? 0))), 0) / scale
}
