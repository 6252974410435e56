import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../src/models/spec.js'
import { writeModel } from '../../src/models/write.js'
import { makeFeeds } from '../../src/runtime/feeds.js'
import { onnx, temporaryFolder } from '../onnx/files.js'

const folder = temporaryFolder()
const smallestNormal = 2 ** -126

interface Activation {
  readonly op: string
  readonly name: string
  readonly values: Float32Array
}

/** What every normalised, rectified or added tensor of a built network holds, and its logits. */
async function activationsOf(spec: string): Promise<Activation[]> {
  const model = build(spec)
  const path = join(folder, `${spec.replaceAll(/\W/g, '-')}.onnx`)
  await writeModel(model, 0, path)
  const proto = onnx.ModelProto.decode(readFileSync(path))
  const watched = ['BatchNormalization', 'Relu', 'Clip', 'Add', 'Gemm']
  const nodes = (proto.graph?.node ?? []).filter(({ opType }) => watched.includes(opType ?? ''))
  if (proto.graph) proto.graph.output = nodes.map(({ output }) => ({ name: output?.[0] ?? '' }))
  const session = await InferenceSession.create(onnx.ModelProto.encode(proto).finish(), {
    graphOptimizationLevel: 'basic',
    logSeverityLevel: 3,
  })
  const inputs = model.inputs.map(({ name, type }) => ({
    name,
    elementType: 'float32',
    dims: (type?.dims ?? []) as number[],
  }))
  const outputs = await session.run(makeFeeds(inputs))
  await session.release()
  return nodes.map(({ opType, output }) => {
    const name = output?.[0] ?? ''
    return { op: opType ?? '', name, values: outputs[name]?.data as Float32Array }
  })
}

const meanSquare = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0) / values.length

function extremes(values: Float32Array): { largest: number; smallest: number; zeros: number } {
  let [largest, smallest, zeros] = [0, Number.POSITIVE_INFINITY, 0]
  for (const value of values) {
    const size = Number.isFinite(value) ? Math.abs(value) : Number.POSITIVE_INFINITY
    largest = Math.max(largest, size)
    if (size === 0) zeros += 1
    else smallest = Math.min(smallest, size)
  }
  return { largest, smallest, zeros: zeros / values.length }
}

describe.each([
  'mobilenet-v1',
  'mobilenet-v2',
  'mobilenet-v2:width=0.35',
  'mobilenet-v1:width=0.35',
  'mobilenet-v1:resolution=96',
  'mobilenet-v2:resolution=96',
  'mobilenet-v2:batch=2',
  'resnet-50',
  'resnet-50:version=1,resolution=96',
  'resnet-152',
])('the activations of %s', (spec) => {
  let activations: readonly Activation[] = []
  beforeAll(async () => {
    activations = await activationsOf(spec)
  })

  it('keep their size to the last layer', () => {
    expect(activations.length).toBeGreaterThan(50)
    for (const { op, name, values } of activations) {
      const { largest, smallest, zeros } = extremes(values)
      expect(largest, `${name} is finite`).toBeLessThan(1000)
      expect(smallest, `${name} has no denormals`).toBeGreaterThanOrEqual(smallestNormal)
      expect(zeros, `${name} is alive`).toBeLessThan(0.9)
      // BatchNorm makes unit variance, if its input is as it was taken to be: off by 30 either way is far from over- or underflow
      if (op !== 'BatchNormalization') continue
      expect(meanSquare(values), name).toBeGreaterThan(1 / 30)
      expect(meanSquare(values), name).toBeLessThan(30)
    }
  })

  it('end in logits that differ', () => {
    const logits = activations.at(-1)
    expect(logits?.op).toBe('Gemm')
    const values = logits?.values ?? new Float32Array()
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    expect(deviation).toBeGreaterThan(0.1)
    expect(deviation).toBeLessThan(10)
    if (!spec.includes('batch=2')) return
    const [one, other] = [values.slice(0, 1000), values.slice(1000)]
    expect(other).toHaveLength(1000)
    expect(one).not.toEqual(other)
  })
})
