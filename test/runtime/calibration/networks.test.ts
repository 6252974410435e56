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
import { sequenceNetwork } from '../../../src/runtime/calibration/sequences.js'
import type { ExecutedKernel, Graph, Model, SessionSettings } from '../../../src/types.js'
import { temporaryFolder } from '../../onnx/files.js'
import { blockOf, kindsOf } from './kinds.js'

const folder = temporaryFolder()
const settings: SessionSettings = { provider: 'cpu', threads: 1, optimization: 'all' }
const seeds = Array.from({ length: 24 }, (_, index) => index + 1)
const networks: readonly (() => Model)[] = [
  ...seeds.map((seed) => () => calibrationNetwork(seed)),
  ...[1, 2].map((seed) => () => sequenceNetwork(seed)),
]

const graphs: Graph[] = []
const kernels: ExecutedKernel[][] = []
beforeAll(async () => {
  for (const network of networks) {
    // onnxruntime infers its shapes and optimises it, or says why it does not
    const graph = await typed(network(), noBinding)
    graphs.push(graph)
    kernels.push(kernelsToRun(await optimizedGraph(graph, 0, settings), settings))
  }
}, 120_000)

async function hashOf(network: Model): Promise<string> {
  const path = join(folder, 'network.onnx')
  await writeModel(network, 0, path)
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

describe('calibration networks', () => {
  it('are all taken by onnxruntime, which knows the sizes of all their tensors', () => {
    expect(kernels).toHaveLength(networks.length)
    for (const [index, { model, tensors, refused }] of graphs.entries()) {
      expect(refused).toEqual([])
      for (const { outputs } of model.nodes) for (const name of outputs) expect(tensors.has(name), name).toBe(true)
      expect(kernels[index]?.length).toBeGreaterThan(30)
    }
  })

  it('are the same bytes on every machine and each time, and no two alike', async () => {
    const hashes: string[] = []
    for (const network of networks) hashes.push(await hashOf(network()))
    expect(new Set(hashes).size).toBe(networks.length)
    for (const index of [0, 11, 25]) expect(await hashOf((networks[index] as () => Model)())).toBe(hashes[index])
  })

  it('end in few numbers, which are quickly handed over', () => {
    for (const { model, tensors } of graphs) {
      const sizes = model.outputs.map(({ name }) => tensors.get(name)?.dims ?? [Number.NaN])
      const elements = sizes.map((dims) => dims.reduce<number>((product, dim) => product * Number(dim), 1))
      expect(elements.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(2048)
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
    // sides of eleven kinds, of which 24 draws miss half with less than one chance in a thousand
    const sides = graphs.slice(0, seeds.length).map(({ model }) => Number(model.inputs[0]?.type?.dims[2]))
    expect(new Set(sides).size).toBeGreaterThanOrEqual(6)
    expect(Math.min(...sides)).toBeLessThanOrEqual(128)
    expect(Math.max(...sides)).toBeGreaterThanOrEqual(256)
    // the largest convolution has 0.3 M to 4 M MACs in the smallest ones, and 60 M to 250 M in the largest
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
    const others = ['matrix product', 'batch of matrix products', 'Relu', 'BatchNormalization', 'LRN', 'MaxPool']
    const moving = ['Concat', 'Split', 'Transpose', 'Gather', 'Add', 'Mul of unequal shapes', 'Sigmoid', 'Softmax']
    const wanted = [...plain, ...others, ...moving, ...(block === 1 ? [] : blocked)]
    const kinds = kernels.map((own) => kindsOf(own, block))
    for (const kind of wanted) {
      // fewer than four kernels are not fitted
      const has = kinds.map((own) => own.filter((each) => each === kind).length)
      expect(
        has.reduce((sum, count) => sum + count),
        kind,
      ).toBeGreaterThanOrEqual(4)
      expect(has.filter((count) => count > 0).length, kind).toBeGreaterThanOrEqual(2)
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
