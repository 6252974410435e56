import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { identify } from '../../src/analyzers/identify.js'
import { build } from '../../src/models/spec.js'
import { generate } from '../../src/models/values.js'
import { writeModel } from '../../src/models/write.js'
import { noBinding } from '../../src/onnx/bind.js'
import { elements } from '../../src/onnx/element-types.js'
import { load } from '../../src/onnx/load.js'
import { inferShapes } from '../../src/runtime/shapes.js'
import type { Model, Weight } from '../../src/types.js'
import { onnx, temporaryFolder } from '../onnx/files.js'

const folder = temporaryFolder()
let files = 0

async function written(spec: string, seed: number): Promise<string> {
  files += 1
  const path = join(folder, `${files}.onnx`)
  await writeModel(build(spec), seed, path)
  return path
}

const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('a built file', () => {
  it('has the same bytes for the same spec and seed', async () => {
    const spec = 'mobilenet-v2:width=0.35,resolution=96'
    expect(hashOf(await written(spec, 7))).toBe(hashOf(await written(`${spec},batch=1`, 7)))
  })

  it('has other weights for another seed, in the same structure', async () => {
    const [one, other] = [await written('mobilenet-v1:width=0.25', 0), await written('mobilenet-v1:width=0.25', 1)]
    expect(hashOf(one)).not.toBe(hashOf(other))
    const tensors = (path: string) => onnx.ModelProto.decode(readFileSync(path)).graph?.initializer ?? []
    const [first, second] = [tensors(one), tensors(other)]
    expect(first.map(({ name, dims }) => [name, dims])).toEqual(second.map(({ name, dims }) => [name, dims]))
    const same = first.filter(({ rawData }, index) =>
      Buffer.from(rawData ?? []).equals(Buffer.from(second[index]?.rawData ?? [])),
    )
    expect(same.filter(({ name }) => !/zero|six/.test(name ?? ''))).toHaveLength(0)
  })

  it('holds as many floats as the model says', async () => {
    const spec = 'resnet-50:classes=10'
    const weights = onnx.ModelProto.decode(readFileSync(await written(spec, 0))).graph?.initializer ?? []
    const expected = [...build(spec).weights.values()].map(({ name, dims }) => [name, 4 * elements(dims)])
    expect(weights.map(({ name, rawData }) => [name, rawData?.length])).toEqual(expected)
  })
})

describe('the structure hash', () => {
  const structureOf = async (model: Model) =>
    identify(analyze(await inferShapes(model, noBinding)), model, null).model.structureSha256

  it.each(['mobilenet-v1:width=0.25', 'mobilenet-v2:width=0.35,batch=2', 'resnet-50:version=1,classes=10'])(
    'of %s is that of its file, whatever the seed',
    async (spec) => {
      const built = await structureOf(build(spec))
      expect(built).toMatch(/^[0-9a-f]{64}$/)
      expect(await structureOf(load(await written(spec, 0)))).toBe(built)
      expect(await structureOf(load(await written(spec, 3)))).toBe(built)
    },
  )

  it('differs between specs', async () => {
    const specs = [
      'mobilenet-v1',
      'mobilenet-v1:width=0.5',
      'mobilenet-v1:resolution=192',
      'mobilenet-v1:classes=10',
      'mobilenet-v1:batch=2',
      'resnet-50',
      'resnet-50:version=1',
    ]
    const hashes = await Promise.all(specs.map((spec) => structureOf(build(spec))))
    expect(new Set(hashes).size).toBe(specs.length)
  })
})

describe('generated values', () => {
  const weight = (name: string, count: number, lower: number, upper: number): Weight => ({
    name,
    elementType: 'float32',
    dims: [count],
    data: { kind: 'generated', fill: { lower, upper } },
  })
  const valuesOf = (of: Weight, seed: number) => {
    const bytes = Buffer.concat([...generate(of, seed)])
    return [...new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)]
  }

  it('are even between their bounds', () => {
    const values = valuesOf(weight('w', 200_000, -1, 3), 0)
    expect(values).toHaveLength(200_000)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    // of an even distribution: mean 1, variance 4² / 12, with standard errors 0.0026 and 0.0027
    expect(mean).toBeCloseTo(1, 1)
    expect(Math.abs(mean - 1)).toBeLessThan(0.015)
    expect(Math.abs(variance - 16 / 12)).toBeLessThan(0.015)
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(-1)
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThanOrEqual(3)
    const quarters = [0, 1, 2, 3].map((quarter) => values.filter((value) => Math.floor(value + 1) === quarter).length)
    for (const count of quarters) expect(Math.abs(count - 50_000)).toBeLessThan(1000)
  })

  it('go on from piece to piece without repeating', () => {
    const values = valuesOf(weight('w', 150_000, 0, 1), 0)
    expect(values.slice(0, 1000)).not.toEqual(values.slice(65_536, 66_536))
    expect(values.slice(0, 1000)).toEqual(valuesOf(weight('w', 1000, 0, 1), 0))
  })

  it('depend on the name and the seed', () => {
    const base = valuesOf(weight('a', 100, 0, 1), 0)
    expect(valuesOf(weight('b', 100, 0, 1), 0)).not.toEqual(base)
    expect(valuesOf(weight('a', 100, 0, 1), 1)).not.toEqual(base)
    expect(valuesOf(weight('a', 100, 0, 1), 0)).toEqual(base)
  })
})
