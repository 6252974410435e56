import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyzers/analyze.js'
import { writeModel } from '../../../src/models/write.js'
import { noBinding } from '../../../src/onnx/bind.js'
import { kernelsToRun, optimizedGraph } from '../../../src/pipeline/optimized.js'
import { typed } from '../../../src/pipeline/typed.js'
import { Draw } from '../../../src/runtime/calibration/draw.js'
import { calibrationNetwork } from '../../../src/runtime/calibration/networks.js'
import type { ExecutedKernel, Graph, SessionSettings } from '../../../src/types.js'
import { temporaryFolder } from '../../onnx/files.js'
import { blockOf, kindsOf } from './kinds.js'

const folder = temporaryFolder()
const settings: SessionSettings = { provider: 'cpu', threads: 1, optimization: 'all' }
const seeds = Array.from({ length: 24 }, (_, index) => index + 1)

const graphs: Graph[] = []
const kernels: ExecutedKernel[][] = []
beforeAll(async () => {
  for (const seed of seeds) {
    // onnxruntime infers its shapes and optimises it, or says why it does not
    const graph = await typed(calibrationNetwork(seed), noBinding)
    graphs.push(graph)
    kernels.push(kernelsToRun(await optimizedGraph(graph, 0, settings), settings))
  }
}, 120_000)

async function hashOf(seed: number): Promise<string> {
  const path = join(folder, 'network.onnx')
  await writeModel(calibrationNetwork(seed), 0, path)
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

describe('calibration networks', () => {
  it('are all taken by onnxruntime, which knows the sizes of all their tensors', () => {
    expect(kernels).toHaveLength(seeds.length)
    for (const [index, { model, tensors, refused }] of graphs.entries()) {
      expect(refused).toEqual([])
      for (const { outputs } of model.nodes) for (const name of outputs) expect(tensors.has(name), name).toBe(true)
      expect(kernels[index]?.length).toBeGreaterThan(50)
    }
  })

  it('are the same bytes on every machine and each time, and no two alike', async () => {
    const hashes: string[] = []
    for (const seed of seeds) hashes.push(await hashOf(seed))
    expect(new Set(hashes).size).toBe(seeds.length)
    for (const seed of [1, 12, 24]) expect(await hashOf(seed)).toBe(hashes[seed - 1])
  })

  it('end in one small output, which is quickly handed over', () => {
    for (const { model, tensors } of graphs) {
      expect(model.outputs).toHaveLength(1)
      const [batch, classes] = tensors.get(model.outputs[0]?.name ?? '')?.dims ?? []
      expect(batch).toBe(1)
      expect(classes).toBeLessThanOrEqual(2048)
    }
  })

  it('use all of their layers: no convolution is folded away', () => {
    for (const [index, { model }] of graphs.entries()) {
      const convolutions = model.nodes.filter(({ op }) => op === 'Conv').length
      // a BatchNorm that follows none becomes a blocked convolution of its own
      const run = kernels[index]?.filter(({ op }) => /Conv$/.test(op)).length
      expect(run).toBeGreaterThanOrEqual(convolutions)
    }
  })

  it('are of images of many sizes, and of little and much arithmetic', () => {
    // eleven sides, of which 24 draws hit 8.9 different ones on average; 224 is three of them
    const sides = graphs.map(({ model }) => Number(model.inputs[0]?.type?.dims[2]))
    expect(new Set(sides).size).toBeGreaterThanOrEqual(5)
    expect(Math.min(...sides)).toBeLessThanOrEqual(128)
    expect(Math.max(...sides)).toBeGreaterThanOrEqual(256)
    // the largest convolution of the three scales has 1 M to 6 M, 10 M to 60 M, 60 M to 250 M MACs at most
    const macs = graphs.map((graph) => analyze(graph).totals.macs).sort((a, b) => a - b)
    expect((macs.at(-1) ?? 0) / (macs[0] ?? 1)).toBeGreaterThan(20)
  })

  it('hold kernels of every kind that light-weight networks are made of, in several networks each', () => {
    const all = kernels.flat()
    const block = blockOf(all)
    const plain = ['pointwise', 'unfolded', 'depthwise'].map((kind) => `plain ${kind} convolution`)
    const blocked = [
      ...['', 'first ', 'pointwise ', 'depthwise '].map((kind) => `blocked ${kind}convolution`),
      ...['ReorderInput', 'ReorderOutput', 'MaxPool', 'AveragePool', 'GlobalAveragePool'].map(
        (op) => `com.microsoft.nchwc.${op}`,
      ),
    ]
    const others = ['matrix product', 'Relu', 'BatchNormalization', 'LRN', 'MaxPool', 'AveragePool', 'GlobalAveragePool']
    const moving = ['Concat', 'Split', 'Transpose', 'Gather', 'Add', 'Mul of unequal shapes']
    const wanted = [...plain, ...others, ...moving, ...(block === 1 ? [] : blocked)]
    const kinds = kernels.map((own) => kindsOf(own, block))
    for (const kind of wanted) {
      // fewer than four kernels are not fitted
      const has = kinds.map((own) => own.filter((each) => each === kind).length)
      expect(
        has.reduce((sum, count) => sum + count),
        kind,
      ).toBeGreaterThanOrEqual(4)
      expect(has.filter((count) => count > 0).length, kind).toBeGreaterThanOrEqual(3)
    }
  })

  it('know every convolution for one', () => {
    const block = blockOf(kernels.flat())
    for (const own of kernels) {
      for (const [index, kind] of kindsOf(own, block).entries()) {
        if (/Conv$/.test(own[index]?.op ?? '')) expect(kind).toMatch(/convolution$/)
      }
    }
  })
})

describe('draws', () => {
  const draws = (seed: number) => {
    const draw = new Draw(seed)
    return Array.from({ length: 1000 }, () => draw.share())
  }

  it('differ from seed to seed from the first on', () => {
    // of 24 even ones, all within a half would be one chance in 2²⁰ or so
    for (const nth of [0, 1, 2, 3]) {
      const drawn = seeds.map((seed) => draws(seed)[nth] as number)
      expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(0.5)
    }
  })

  it('are the same for the same seed, evenly from 0 up to 1', () => {
    expect(draws(5)).toEqual(draws(5))
    expect(draws(5)).not.toEqual(draws(6))
    for (const share of draws(5)) expect(share >= 0 && share < 1).toBe(true)
    // a mean of a thousand even ones strays by 0.29 / √1000 = 0.009
    expect(Math.abs(draws(5).reduce((sum, share) => sum + share) / 1000 - 0.5)).toBeLessThan(4 * 0.0092)
  })

  it('between two numbers are as often below their geometric mean as above', () => {
    const draw = new Draw(1)
    const drawn = Array.from({ length: 1000 }, () => draw.between(1, 100))
    for (const value of drawn) expect(value >= 1 && value <= 100).toBe(true)
    // half of a thousand, to within four deviations of 16
    expect(Math.abs(drawn.filter((value) => value < 10).length - 500)).toBeLessThan(64)
    expect(draw.between(5, 5)).toBe(5)
    expect(draw.between(5, 3)).toBe(5)
  })

  it('of channels are whole, even, and mostly whole blocks of eight', () => {
    const draw = new Draw(2)
    const drawn = Array.from({ length: 1000 }, () => draw.channels(8, 512))
    for (const channels of drawn) expect(channels > 0 && channels % 2 === 0).toBe(true)
    // six of eight steps are 8 or 16
    expect(drawn.filter((channels) => channels % 8 === 0).length).toBeGreaterThan(750 - 4 * 14)
  })
})
